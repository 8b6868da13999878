-- Reactions of the market: price moves as last told, and what else a company announced around them.

-- One row for each company, session, kind of move (close, intraday …) and deal it reacted to: the latest report of it.
CREATE OR REPLACE MACRO price_moves(points) AS TABLE
WITH
ranked AS (
    SELECT
        c.pt,
        p.* REPLACE (
            price_after(p.close, shares_now(s.splits, p.announced_on, NULL)) AS close,
            price_after(p.prior_close, shares_now(s.splits, p.announced_on, NULL)) AS prior_close
        ),
        row_number() OVER (
            PARTITION BY c.pt, p.company, p.session, p.basis, p.about ORDER BY p.okey DESC
        ) AS rank
    FROM price AS p
    INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
    LEFT JOIN splits_done(points) AS s ON c.pt = s.pt AND p.company = s.company
)

SELECT * EXCLUDE (rank) FROM ranked WHERE rank = 1;

-- What else could have moved a share: results and guidance of the company, and announcements of deals it is a party to.
CREATE OR REPLACE MACRO company_news(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

t AS MATERIALIZED (
    SELECT c.pt, t.deal, t.leg, t.first_party, t.second_party, t.lenders, t.announced_on, t.slot, t.read_at
    FROM terms AS t
    INNER JOIN c ON public(t.announced_on, t.seen_from, t.seen_to, c)
),

parties AS MATERIALIZED (
    SELECT pt, deal, leg, first_party AS company FROM t
    UNION
    SELECT pt, deal, leg, second_party AS company FROM t WHERE second_party IS NOT NULL
    UNION
    SELECT pt, deal, leg, lender.company
    FROM (SELECT pt, deal, leg, unnest(lenders) AS lender FROM t)
),

told AS (
    SELECT pt, deal, leg, announced_on, slot, read_at FROM t
    UNION ALL
    SELECT c.pt, s.deal, s.leg, s.announced_on, s.slot, s.read_at
    FROM status AS s
    INNER JOIN c ON public(s.announced_on, s.seen_from, s.seen_to, c)
)

SELECT DISTINCT p.pt, p.company, 'deal' AS kind, o.deal, o.announced_on, o.slot, o.read_at
FROM told AS o
INNER JOIN parties AS p ON o.pt = p.pt AND o.deal = p.deal AND coalesce(o.leg, p.leg) = p.leg
UNION ALL
SELECT c.pt, m.company, 'results' AS kind, NULL AS deal, m.announced_on, m.slot, m.read_at
FROM metric AS m
INNER JOIN c ON public(m.announced_on, m.seen_from, m.seen_to, c)
WHERE m.company IS NOT NULL AND m.basis IN ('gaap', 'guidance')
    AND m.metric NOT IN ('share_price', 'market_cap', 'valuation', 'shares_outstanding', 'customer_share', 'other');
