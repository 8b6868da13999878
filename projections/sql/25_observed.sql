-- What was measured and who is who at each point: companies' layers, metrics, share prices.

-- The layer of the AI stack that each company was registered in, at each point; one that has a name of its own goes by that.
CREATE OR REPLACE MACRO layers(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

latest_entry AS (
    SELECT c.pt, m.company, max(m.slot) AS slot
    FROM company AS m
    INNER JOIN c ON standing(m.seen_from, m.seen_to, c.recorded_by)
    GROUP BY c.pt, m.company
)

SELECT l.pt, m.company, m.name, coalesce(m.layer_name, m.layer) AS layer
FROM latest_entry AS l
INNER JOIN c ON l.pt = c.pt
INNER JOIN company AS m
    ON l.company = m.company AND l.slot = m.slot
    AND standing(m.seen_from, m.seen_to, c.recorded_by);

-- Every metric that a query may see, the latest report of each identity only.
CREATE OR REPLACE MACRO metrics_in_effect(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

known AS MATERIALIZED (FROM identified(points)),

latest_report AS (
    SELECT
        c.pt, m.company, m.market, m.metric, m.metric_name, m.counterparty, m.average, m.share_class, m.unit, m.basis,
        m.period_from, m.period_to, max(m.okey) AS okey
    FROM metric AS m
    INNER JOIN c ON visible(m.effective_on, m.announced_on, m.seen_from, m.seen_to, c)
    GROUP BY ALL
),

told AS (
    SELECT
        l.pt, m.*, shares_now(p.splits, m.announced_on, m.share_class) AS scale
    FROM latest_report AS l
    INNER JOIN c ON l.pt = c.pt
    INNER JOIN metric AS m
        ON l.okey = m.okey AND standing(m.seen_from, m.seen_to, c.recorded_by)
    LEFT JOIN splits_done(points) AS p
        ON l.pt = p.pt AND m.company = p.company AND m.metric IN ('shares_outstanding', 'share_price')
)

SELECT
    t.* EXCLUDE (company, counterparty, scale)
    REPLACE (
        -- Counts and prices of shares are told in the shares of today.
        CASE t.metric
            WHEN 'shares_outstanding' THEN count_after(t.value, t.scale)
            WHEN 'share_price' THEN price_after(t.value, t.scale)
            ELSE t.value
        END::DECIMAL(38, 6) AS value
    ),
    coalesce(a.company, t.company) AS company,
    coalesce(b.company, t.counterparty) AS counterparty,
    coalesce(t.period_to, t.period_from) AS ends_on
FROM told AS t
LEFT JOIN known AS a ON t.pt = a.pt AND t.company = a.placeholder
LEFT JOIN known AS b ON t.pt = b.pt AND t.counterparty = b.placeholder;

-- Every price of a share that a query may see: reported prices and closing prices of sessions.
CREATE OR REPLACE MACRO prices_in_effect(points) AS TABLE
SELECT pt, company, period_from AS day, value AS price, unit AS currency, key, slot, read_at
FROM metrics_in_effect(points)
WHERE metric = 'share_price'
UNION ALL
SELECT
    c.pt, p.company, p.session AS day, price_after(p.close, shares_now(s.splits, p.announced_on, NULL)) AS price,
    p.currency, p.key, p.slot, p.read_at
FROM price AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
LEFT JOIN splits_done(points) AS s ON c.pt = s.pt AND p.company = s.company
WHERE p.close IS NOT NULL;
