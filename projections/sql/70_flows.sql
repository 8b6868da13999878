-- Flows: the legs by which cash goes from one company to another, and since when. See docs/measures.md, Circularity.

-- The names that the parties of each leg go by since they were identified: the last day one of them became known.
CREATE OR REPLACE MACRO parties_named(points) AS TABLE
WITH
t AS MATERIALIZED (FROM terms_in_effect(points)),

names AS (
    SELECT pt, deal, leg, unnest([first_party, second_party]) AS name FROM t
    UNION ALL
    SELECT pt, deal, leg, lender.company FROM (SELECT pt, deal, leg, unnest(lenders) AS lender FROM t)
    UNION ALL
    SELECT pt, deal, leg, unnest(sellers) FROM t
)

SELECT n.pt, n.deal, n.leg, max(p.announced_on) AS named_on
FROM names AS n
INNER JOIN naming_steps(points) AS i ON n.pt = i.pt AND n.name = i.placeholder
INNER JOIN party AS p ON i.slot = p.slot AND i.read_at = p.read_at
GROUP BY n.pt, n.deal, n.leg;

-- The first day on which anyone could know that a leg was announced, was bound, was paid on; and whether some payment's
-- amount is not told.
CREATE OR REPLACE MACRO flow_dates(points) AS TABLE
WITH
told AS (
    SELECT
        pt, deal, leg,
        min(announced_on) AS announced_on,
        min(announced_on) FILTER (WHERE is_binding(status)) AS bound_on
    FROM status_history(points)
    GROUP BY pt, deal, leg
),

paid AS (
    SELECT c.pt, p.deal, p.leg, min(p.announced_on) AS paid_on, bool_or(p.amount IS NULL) AS paid_undisclosed
    FROM performance AS p
    INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
    WHERE p.type IN ('payment_made', 'tranche_funded')
    GROUP BY c.pt, p.deal, p.leg
)

-- greatest() passes over NULL, so a day that never came has to be kept apart.
SELECT
    t.pt, t.deal, t.leg,
    greatest(t.announced_on, n.named_on) AS announced_on,
    CASE WHEN t.bound_on IS NOT NULL THEN greatest(t.bound_on, n.named_on) END AS bound_on,
    CASE WHEN p.paid_on IS NOT NULL THEN greatest(p.paid_on, n.named_on) END AS paid_on,
    coalesce(p.paid_undisclosed, false) AS paid_undisclosed
FROM told AS t
LEFT JOIN paid AS p ON t.pt = p.pt AND t.deal = p.deal AND t.leg = p.leg
LEFT JOIN parties_named(points) AS n ON t.pt = n.pt AND t.deal = n.deal AND t.leg = n.leg;

-- One row for each leg by which cash may go from payer to payee, for a loan one for each lender (payer NULL: not named,
-- or shares not told). `bound_leg` and `paid_leg` are the whole leg's amounts, by which a lender of unknown share is
-- still known to owe nothing. Guarantees are listed too: they move no cash until called, but they finance.
-- `legs` and `claims_at` name the tables in which `legs_less_parts` and `exposure_legs` of the same points were kept.
CREATE OR REPLACE MACRO flow_legs(points, legs, claims_at, with_ended) AS TABLE
WITH
legs AS MATERIALIZED (
    SELECT * FROM query_table(legs)
    WHERE type <> 'warrant_granted' AND NOT is_backstop(guarantee_kind) AND (with_ended OR NOT ended)
),

rows_of_legs AS (
    SELECT
        pt, deal, leg,
        CASE type
            WHEN 'purchase_committed' THEN 'purchase' WHEN 'investment_committed' THEN 'investment'
            WHEN 'option_granted' THEN 'option' WHEN 'royalty_agreed' THEN 'royalty' ELSE 'guarantee'
        END AS kind,
        first_party AS payer, second_party AS payee, headline, binding, performed
    FROM legs
    WHERE type NOT IN ('loan_arranged', 'acquisition_agreed')
    UNION ALL
    -- The cash of a takeover goes to its sellers; where none or several are named, to nobody in particular.
    SELECT e.pt, e.deal, e.leg, e.kind, e."to", e.exposed, e.headline, e.binding, e.performed
    FROM query_table(claims_at) AS e
    WHERE e.kind = 'acquisition' AND e.exposed IS NOT NULL AND (with_ended OR NOT e.ended)
    UNION ALL
    SELECT e.pt, e.deal, e.leg, e.kind, e.exposed, e."to", e.headline, e.binding, e.performed
    FROM query_table(claims_at) AS e
    WHERE e.kind = 'loan' AND (with_ended OR NOT e.ended)
)

SELECT
    r.pt, r.deal || '/' || r.leg AS leg_ref, r.deal, r.leg, r.kind, r.payer, r.payee, l.status, l.conditional, l.currency,
    r.headline, r.binding, r.performed, l.binding AS bound_leg, l.performed AS paid_leg,
    d.paid_undisclosed,
    CASE WHEN r.kind = 'purchase' THEN l.prepaid END AS prepaid,
    l.collateral, l.covers,
    CASE WHEN r.kind = 'purchase' THEN l.starts_on END AS starts_on,
    CASE WHEN r.kind = 'purchase' THEN l.ends_on END AS ends_on,
    CASE WHEN r.kind = 'purchase' THEN l.schedule END AS schedule,
    d.announced_on, d.bound_on,
    -- Notes are paid in on the day of issue, which everyone knows of once they are bound.
    least(
        d.paid_on,
        CASE WHEN is_issue(l.instrument) AND l.issued_on <= l.as_of THEN greatest(d.bound_on, l.issued_on) END
    ) AS paid_on
FROM rows_of_legs AS r
INNER JOIN legs AS l ON r.pt = l.pt AND r.deal = l.deal AND r.leg = l.leg
INNER JOIN flow_dates(points) AS d ON r.pt = d.pt AND r.deal = d.deal AND r.leg = d.leg;

-- What was paid on each leg, in each currency, within the months that end on the as-of day.
CREATE OR REPLACE MACRO paid_within(points, months) AS TABLE
SELECT c.pt, p.deal || '/' || p.leg AS leg_ref, p.currency, sum(p.amount) AS paid
FROM performance AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
    AND p.effective_on > c.as_of - to_months(months)
WHERE p.type IN ('payment_made', 'tranche_funded')
GROUP BY c.pt, p.deal, p.leg, p.currency;
