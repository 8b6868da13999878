-- The ladder: every step of status of each leg that is in effect, and the tranches that were funded or vested.

CREATE OR REPLACE MACRO status_history(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

t AS MATERIALIZED (
    SELECT c.pt, t.*
    FROM terms AS t
    INNER JOIN c
        ON t.effective_on <= c.as_of AND t.announced_on <= c.known_by
        AND t.seen_from <= c.recorded_by AND c.recorded_by < t.seen_to
)

SELECT pt, deal, leg, key, okey, effective_on, announced_on, status, conditional FROM t
UNION ALL
SELECT l.pt, l.deal, l.leg, s.key, s.okey, s.effective_on, s.announced_on, s.status, s.conditional
FROM (SELECT DISTINCT pt, deal, leg FROM t) AS l
INNER JOIN c ON l.pt = c.pt
INNER JOIN status AS s
    ON l.deal = s.deal AND coalesce(s.leg, l.leg) = l.leg
    AND s.effective_on <= c.as_of AND s.announced_on <= c.known_by
    AND s.seen_from <= c.recorded_by AND c.recorded_by < s.seen_to;

CREATE OR REPLACE MACRO tranches_done(points) AS TABLE
SELECT DISTINCT c.pt, p.deal, p.leg, p.tranche
FROM performance AS p
INNER JOIN clock(points) AS c
    ON p.effective_on <= c.as_of AND p.announced_on <= c.known_by
    AND p.seen_from <= c.recorded_by AND c.recorded_by < p.seen_to
WHERE p.type IN ('tranche_funded', 'tranche_vested') AND p.tranche IS NOT NULL;
