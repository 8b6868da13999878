-- The ladder: every step of status of each leg that is in effect, and the tranches that were funded or vested.

CREATE OR REPLACE MACRO status_history(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

t AS MATERIALIZED (
    SELECT c.pt, t.*
    FROM terms AS t
    INNER JOIN c ON visible(t.effective_on, t.announced_on, t.seen_from, t.seen_to, c)
)

SELECT pt, deal, leg, key, okey, effective_on, announced_on, status, conditional FROM t
UNION ALL
SELECT l.pt, l.deal, l.leg, s.key, s.okey, s.effective_on, s.announced_on, s.status, s.conditional
FROM (SELECT DISTINCT pt, deal, leg FROM t) AS l
INNER JOIN c ON l.pt = c.pt
INNER JOIN status AS s
    ON l.deal = s.deal AND coalesce(s.leg, l.leg) = l.leg
    AND visible(s.effective_on, s.announced_on, s.seen_from, s.seen_to, c);

CREATE OR REPLACE MACRO tranches_done(points) AS TABLE
SELECT DISTINCT c.pt, p.deal, p.leg, p.tranche
FROM performance AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
WHERE p.type IN ('tranche_funded', 'tranche_vested', 'tranche_lapsed') AND p.tranche IS NOT NULL;
