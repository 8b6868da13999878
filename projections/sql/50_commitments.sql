-- Commitments: what each buyer has agreed to buy, leg by leg, with the physical lots behind the gigawatts.

-- The purchases of each leg; a lot without a name is the leg's own. `legs` names the table in which `legs_less_parts` of
-- the same points was kept.
CREATE OR REPLACE MACRO purchase_legs(points, legs) AS TABLE
SELECT
    s.pt, s.deal, s.leg, s.first_party AS buyer, s.second_party AS supplier, s.currency,
    s.headline, s.binding, s.performed, s.remaining, s.capacity_gw,
    CASE WHEN is_binding(s.status) THEN s.firm_gw END AS firm_gw,
    coalesce(s.capacity_lot, s.deal || '/' || s.leg) AS lot,
    s.undisclosed, s.status, s.ended, s.schedule, s.ends_on, s.starts_on, s.subject, s.hypothetical,
    coalesce(l.layer, 'other') AS layer
FROM query_table(legs) AS s
LEFT JOIN layers(points) AS l ON s.pt = l.pt AND s.second_party = l.company
WHERE s.type = 'purchase_committed';

-- A buyer's live purchases; legs of no known currency join the only currency they share a supplier with.
CREATE OR REPLACE MACRO commitments_shown(points, legs, of_buyer, with_ended) AS TABLE
WITH
bought AS MATERIALIZED (
    SELECT * FROM purchase_legs(points, legs)
    WHERE (of_buyer IS NULL OR buyer = of_buyer) AND (with_ended OR NOT ended)
),

one_currency AS (
    SELECT
        pt, buyer, supplier,
        CASE WHEN min(currency) = max(currency) THEN min(currency) END AS only_currency
    FROM bought
    GROUP BY pt, buyer, supplier
)

SELECT b.* EXCLUDE (currency), coalesce(b.currency, o.only_currency) AS currency
FROM bought AS b
INNER JOIN one_currency AS o ON b.pt = o.pt AND b.buyer = o.buyer AND b.supplier = o.supplier;

-- What follows reads `commitments_shown` where it was kept under the name `shown`, so that the state of legs is made once
-- for all of it.

-- Gigawatts by layer of the stack: each physical lot counts once, at its largest leg, in that leg's layer.
CREATE OR REPLACE MACRO capacity_by_layer(shown) AS TABLE
WITH
sized AS (
    SELECT
        pt, buyer, lot, layer, capacity_gw,
        row_number() OVER (PARTITION BY pt, buyer, lot ORDER BY capacity_gw DESC, deal, leg) AS rank
    FROM query_table(shown)
    WHERE capacity_gw IS NOT NULL
)

SELECT pt, buyer, layer, sum(capacity_gw) AS capacity_gw, count(*) AS lots
FROM sized
WHERE rank = 1
GROUP BY pt, buyer, layer;

-- Commitments by buyer, supplier and currency, with the log positions of the events each rests on (`proof`: the evidence of
-- the same points, kept), largest headline first.
CREATE OR REPLACE MACRO commitments(shown, proof) AS TABLE
WITH
bought AS MATERIALIZED (FROM query_table(shown)),

lots AS (
    SELECT pt, buyer, supplier, currency, lot, max(capacity_gw) AS capacity_gw
    FROM bought
    GROUP BY pt, buyer, supplier, currency, lot
),

capacity AS (
    SELECT pt, buyer, supplier, currency, sum(capacity_gw) AS capacity_gw
    FROM lots
    GROUP BY pt, buyer, supplier, currency
),

statuses AS (
    SELECT pt, buyer, supplier, currency, string_agg(status, ', ' ORDER BY ladder(status)) AS status
    FROM (SELECT DISTINCT pt, buyer, supplier, currency, status FROM bought)
    GROUP BY pt, buyer, supplier, currency
),

keys AS (
    SELECT s.pt, s.buyer, s.supplier, s.currency, list_sort(list_distinct(list(e.position))) AS positions
    FROM bought AS s
    INNER JOIN query_table(proof) AS e ON s.pt = e.pt AND s.deal = e.deal AND s.leg = e.leg
    GROUP BY s.pt, s.buyer, s.supplier, s.currency
),

added AS (
    SELECT
        pt, buyer, supplier, currency,
        sum(headline) AS headline, sum(binding) AS binding, sum(performed) AS performed, sum(remaining) AS remaining,
        sum(firm_gw) AS firm_gw, count(*) FILTER (WHERE undisclosed) AS undisclosed,
        bool_or(hypothetical) AS hypothetical
    FROM bought
    GROUP BY pt, buyer, supplier, currency
)

SELECT
    a.pt, a.buyer, a.supplier, a.currency, a.headline, a.binding, a.performed, a.remaining,
    c.capacity_gw, a.firm_gw, a.undisclosed, s.status, a.hypothetical, k.positions
FROM added AS a
INNER JOIN capacity AS c
    ON a.pt = c.pt AND a.buyer = c.buyer AND a.supplier = c.supplier AND a.currency IS NOT DISTINCT FROM c.currency
INNER JOIN statuses AS s
    ON a.pt = s.pt AND a.buyer = s.buyer AND a.supplier = s.supplier AND a.currency IS NOT DISTINCT FROM s.currency
INNER JOIN keys AS k
    ON a.pt = k.pt AND a.buyer = k.buyer AND a.supplier = k.supplier AND a.currency IS NOT DISTINCT FROM k.currency
ORDER BY a.pt, a.headline DESC NULLS LAST, c.capacity_gw DESC NULLS LAST, a.buyer, a.supplier, a.currency;
