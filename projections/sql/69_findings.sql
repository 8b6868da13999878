-- All findings, contradictions first, at one point; `legs` names the table in which `leg_state` was kept for it.
CREATE OR REPLACE MACRO findings(points, legs) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

found AS (
    SELECT * FROM check_order((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_ladder((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_performance((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_amounts(legs)
    UNION ALL
    SELECT * FROM check_currency(points, legs)
    UNION ALL
    SELECT * FROM check_lots(points, legs)
    UNION ALL
    SELECT * FROM check_contested((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_metrics((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_placeholders(points)
    UNION ALL
    SELECT * FROM check_identities((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_rings(points)
    UNION ALL
    SELECT * FROM check_identifiers((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_sources((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_amended_parties(points)
    UNION ALL
    SELECT * FROM check_covers(points, legs)
    UNION ALL
    SELECT * FROM check_increments(points, legs)
    UNION ALL
    SELECT * FROM check_rumours(legs)
    UNION ALL
    SELECT * FROM check_rates((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_days((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_share_prices((SELECT min(recorded_by) FROM c))
    UNION ALL
    SELECT * FROM check_ended_parts(legs)
    UNION ALL
    SELECT * FROM check_twice_told(legs)
    UNION ALL
    SELECT * FROM check_settlement(legs)
)

SELECT *
FROM found
ORDER BY list_position(['contradiction', 'doubt', 'note'], severity), kind, about, keys;
