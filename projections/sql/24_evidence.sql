-- The events behind each leg, and the steps of it that are still to come.

-- The events that a leg's state rests on: its terms, its status, its performance, the names of its parties, and the
-- corrections that put any of them there; as log positions, whose keys are in `log`.
CREATE OR REPLACE MACRO evidence(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

t AS MATERIALIZED (FROM terms_in_effect(points)),

known AS MATERIALIZED (FROM naming_steps(points)),

parties AS (
    SELECT pt, deal, leg, unnest([first_party, second_party, beneficiary]) AS name FROM t
    UNION ALL
    SELECT pt, deal, leg, lender.company FROM (SELECT pt, deal, leg, unnest(lenders) AS lender FROM t)
    UNION ALL
    SELECT pt, deal, leg, unnest(sellers) FROM t
),

facts AS (
    SELECT pt, deal, leg, slot, read_at FROM t
    UNION ALL
    SELECT pt, deal, leg, slot, read_at FROM status_in_effect(points)
    UNION ALL
    SELECT c.pt, p.deal, p.leg, p.slot, p.read_at
    FROM happened_on_legs() AS p
    INNER JOIN c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
    UNION ALL
    -- splits of the shares that a leg counts
    SELECT t.pt, t.deal, t.leg, s.slot, s.read_at
    FROM t
    INNER JOIN c ON t.pt = c.pt
    INNER JOIN split AS s
        ON s.company = CASE t.type WHEN 'investment_committed' THEN t.second_party ELSE t.first_party END
        AND visible(s.effective_on, s.announced_on, s.seen_from, s.seen_to, c) AND s.effective_on > t.announced_on
    WHERE counts_shares(t.type, t.shares, t.conversion_price, t.conversion_shares)
    UNION ALL
    SELECT DISTINCT n.pt, n.deal, n.leg, k.slot, k.read_at
    FROM parties AS n INNER JOIN known AS k ON n.pt = k.pt AND n.name = k.placeholder
)

SELECT pt, deal, leg, slot AS position FROM facts
UNION ALL
SELECT pt, deal, leg, read_at FROM facts WHERE read_at <> slot;

-- Steps already announced that begin after the as-of day, by leg; a status of the whole deal is pending on each leg.
CREATE OR REPLACE MACRO pending(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

t AS MATERIALIZED (FROM terms_in_effect(points)),

steps AS (
    SELECT c.pt, s.deal, s.leg, s.key, s.okey
    FROM terms AS s
    INNER JOIN c
        ON s.effective_on > c.as_of AND public(s.announced_on, s.seen_from, s.seen_to, c)
    UNION ALL
    SELECT t.pt, t.deal, t.leg, s.key, s.okey
    FROM status AS s
    INNER JOIN c
        ON s.effective_on > c.as_of AND public(s.announced_on, s.seen_from, s.seen_to, c)
    INNER JOIN t ON c.pt = t.pt AND s.deal = t.deal AND coalesce(s.leg, t.leg) = t.leg
)

SELECT pt, deal, leg, list(key ORDER BY okey) AS pending
FROM steps
GROUP BY pt, deal, leg;
