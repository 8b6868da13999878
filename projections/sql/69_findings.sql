-- All findings at one point, which is at a log position; `legs` names the table in which `leg_state` was kept for it.
CREATE OR REPLACE MACRO findings(points, legs, recorded_by) AS TABLE
SELECT * FROM check_order(recorded_by)
UNION ALL
SELECT * FROM check_ladder(recorded_by)
UNION ALL
SELECT * FROM check_performance(recorded_by)
UNION ALL
SELECT * FROM check_amounts(legs)
UNION ALL
SELECT * FROM check_currency(points, legs)
UNION ALL
SELECT * FROM check_lots(points, legs)
UNION ALL
SELECT * FROM check_contested(recorded_by)
UNION ALL
SELECT * FROM check_metrics(recorded_by)
UNION ALL
SELECT * FROM check_placeholders(points)
UNION ALL
SELECT * FROM check_identities(recorded_by)
UNION ALL
SELECT * FROM check_rings(points)
UNION ALL
SELECT * FROM check_identifiers(recorded_by)
UNION ALL
SELECT * FROM check_sources(recorded_by)
UNION ALL
SELECT * FROM check_amended_parties(points, recorded_by)
UNION ALL
SELECT * FROM check_covers(legs, recorded_by)
UNION ALL
SELECT * FROM check_increments(points, legs)
UNION ALL
SELECT * FROM check_rumours(legs)
UNION ALL
SELECT * FROM check_rates(recorded_by)
UNION ALL
SELECT * FROM check_days(recorded_by)
UNION ALL
SELECT * FROM check_share_prices(recorded_by)
UNION ALL
SELECT * FROM check_ended_parts(legs)
UNION ALL
SELECT * FROM check_twice_told(legs)
UNION ALL
SELECT * FROM check_settlement(legs);
