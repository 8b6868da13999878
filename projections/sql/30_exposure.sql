-- Exposure: what one party would lose if another failed, leg by leg. See docs/measures.md, Exposure.

-- A leg's loss given failure, in the three parts that the kinds differ in: what is already out, what is still bound.
-- Where it is not told what binds, money that went out (`begun`) is known for certain, all of it repaid included.
CREATE OR REPLACE MACRO claim(out_amount, bound_amount, begun) AS
CASE WHEN bound_amount IS NOT NULL THEN out_amount + bound_amount WHEN begun THEN out_amount END;

CREATE OR REPLACE MACRO lends(kind) AS kind IN ('investment', 'loan');

-- Credit conversion factors of Basel III (CRE20.94-100), by kind of item: those of `CREDIT_CONVERSION` in
-- measures/exposure.py, to which a test holds them.
CREATE OR REPLACE MACRO credit_conversion(item) AS CASE item
    WHEN 'loan_drawn' THEN 1.0
    WHEN 'guarantee_of_debt' THEN 1.0
    WHEN 'performance_bond' THEN 0.5
    WHEN 'committed_undrawn' THEN 0.4
    WHEN 'unconditionally_cancellable' THEN 0.1
    WHEN 'letter_of_intent' THEN 0.0
END;

CREATE OR REPLACE MACRO conversion_factor(cancellable_days) AS
credit_conversion(CASE WHEN cancellable_days = 0 THEN 'unconditionally_cancellable' ELSE 'committed_undrawn' END);

CREATE OR REPLACE MACRO to_millionths(amount) AS (amount * 1000000)::HUGEINT;

-- The part of an amount that falls on a lender holding (below, upto] of a whole; parts of a list add up exactly.
CREATE OR REPLACE MACRO allotted(amount, below, upto, whole) AS CASE
    WHEN whole > 0 THEN (
        (to_millionths(amount) * to_millionths(upto)) // to_millionths(whole)
        - (to_millionths(amount) * to_millionths(below)) // to_millionths(whole)
    )::DECIMAL(32, 0) * 0.000001
    WHEN amount IS NOT NULL THEN 0
END::DECIMAL(38, 6);

-- One row for each leg, kind and pair of parties; money in `currency`, NULL where it is not disclosed. A loan has a row for
-- each lender. `legs` names the table in which `legs_less_parts` of the same points was kept.
CREATE OR REPLACE MACRO exposure_legs(legs) AS TABLE
WITH
legs AS MATERIALIZED (FROM query_table(legs)),

-- out_amount: what is already out; bound_amount: what is still bound to follow; factor: its conversion factor.
claims AS (
    SELECT
        *,
        second_party AS exposed, first_party AS "to", 'purchase' AS kind,
        0::DECIMAL(38, 6) AS out_amount,
        floor_zero(binding - performed)::DECIMAL(38, 6) AS bound_amount,
        conversion_factor(cancellable_days) AS factor
    FROM legs WHERE type = 'purchase_committed'
    UNION ALL BY NAME
    SELECT
        * REPLACE (
            prepaid AS headline,
            CASE WHEN is_binding(status) THEN prepaid ELSE 0 END AS binding,
            least(performed, prepaid) AS performed,
            prepaid - least(performed, prepaid) AS remaining
        ),
        first_party AS exposed, second_party AS "to", 'prepayment' AS kind,
        0 AS out_amount, CASE WHEN status = 'definitive' THEN prepaid ELSE 0 END AS bound_amount,
        -- Prepaid money is out already, like a loan that is drawn.
        credit_conversion('loan_drawn') AS factor
    FROM legs WHERE type = 'purchase_committed' AND prepaid IS NOT NULL
    UNION ALL BY NAME
    SELECT
        *,
        first_party AS exposed, second_party AS "to", 'investment' AS kind,
        performed AS out_amount, floor_zero(binding - performed) AS bound_amount,
        credit_conversion('committed_undrawn') AS factor
    FROM legs WHERE type = 'investment_committed'
    UNION ALL BY NAME
    SELECT
        *,
        NULL AS exposed, first_party AS "to", 'loan' AS kind,
        floor_zero(performed - repaid) AS out_amount, floor_zero(binding - performed) AS bound_amount,
        credit_conversion('committed_undrawn') AS factor
    FROM legs WHERE type = 'loan_arranged'
    UNION ALL BY NAME
    SELECT
        *,
        first_party AS exposed, second_party AS "to",
        CASE WHEN is_backstop(guarantee_kind) THEN 'backstop' ELSE 'guarantee' END AS kind,
        0 AS out_amount, floor_zero(binding - coalesce(collateral, 0)) AS bound_amount,
        -- A duty to buy what stays unsold is a commitment, and stands in for nobody's debt.
        credit_conversion(CASE WHEN is_backstop(guarantee_kind) THEN 'committed_undrawn' ELSE 'guarantee_of_debt' END)
            AS factor
    FROM legs WHERE type = 'guarantee_given'
    UNION ALL BY NAME
    -- Only the cash of a takeover is owed, and it is owed to the sellers: which of several is owed how much is not told.
    SELECT
        *,
        CASE WHEN len(sellers) = 1 THEN sellers[1] END AS exposed, first_party AS "to", 'acquisition' AS kind,
        0 AS out_amount, floor_zero(binding - performed) AS bound_amount,
        credit_conversion('committed_undrawn') AS factor
    FROM legs WHERE type = 'acquisition_agreed'
    UNION ALL BY NAME
    SELECT
        *,
        second_party AS exposed, first_party AS "to", 'option' AS kind,
        0 AS out_amount, floor_zero(binding - performed) AS bound_amount,
        credit_conversion('committed_undrawn') AS factor
    FROM legs WHERE type = 'option_granted'
),

whole_rows AS MATERIALIZED (
    SELECT
        pt, deal, leg, status, ended, hypothetical, exposed, "to", kind, currency, lenders,
        CASE WHEN kind = 'guarantee' THEN covers END AS covers,
        amounts_undisclosed > 0 AS performance_undisclosed,
        headline, binding, performed,
        remaining::DECIMAL(38, 6) AS remaining,
        claim(out_amount, bound_amount, lends(kind) AND performed > 0)::DECIMAL(38, 6) AS gross,
        claim(out_amount, bound_amount * factor, lends(kind) AND performed > 0)::DECIMAL(38, 6) AS credit_equivalent
    FROM claims
),

listed AS (
    SELECT pt, deal, leg, unnest(lenders) AS lender, generate_subscripts(lenders, 1) AS place
    FROM whole_rows
    WHERE kind = 'loan'
),

-- Each lender's stated share and the running sum of shares up to it.
named AS MATERIALIZED (
    SELECT
        pt, deal, leg,
        lender.company AS lender,
        lender.amount AS share,
        coalesce(sum(lender.amount) OVER (
            PARTITION BY pt, deal, leg ORDER BY place ROWS UNBOUNDED PRECEDING
        ), 0)::DECIMAL(38, 6) AS upto
    FROM listed
),

lent AS MATERIALIZED (
    SELECT
        w.pt, w.deal, w.leg,
        count(n.lender) AS lender_count,
        count(n.share) AS share_count,
        min(n.lender) AS any_lender,
        coalesce(sum(n.share), 0)::DECIMAL(38, 6) AS stated,
        greatest(coalesce(min(w.headline), 0), coalesce(sum(n.share), 0))::DECIMAL(38, 6) AS total
    FROM whole_rows AS w
    LEFT JOIN named AS n ON w.pt = n.pt AND w.deal = n.deal AND w.leg = n.leg
    WHERE w.kind = 'loan'
    GROUP BY w.pt, w.deal, w.leg
),

-- What each lender with a stated share has of each of the loan's amounts.
parts AS MATERIALIZED (
    SELECT
        w.* REPLACE (
            n.lender AS exposed,
            n.share AS headline,
            allotted(w.binding, n.upto - n.share, n.upto, l.total) AS binding,
            allotted(w.performed, n.upto - n.share, n.upto, l.total) AS performed,
            allotted(w.remaining, n.upto - n.share, n.upto, l.total) AS remaining,
            allotted(w.gross, n.upto - n.share, n.upto, l.total) AS gross,
            allotted(w.credit_equivalent, n.upto - n.share, n.upto, l.total) AS credit_equivalent
        )
    FROM whole_rows AS w
    INNER JOIN lent AS l ON w.pt = l.pt AND w.deal = l.deal AND w.leg = l.leg
    INNER JOIN named AS n ON w.pt = n.pt AND w.deal = n.deal AND w.leg = n.leg
    WHERE w.kind = 'loan' AND n.share IS NOT NULL
),

allotted_sums AS (
    SELECT
        pt, deal, leg,
        sum(binding) AS binding, sum(performed) AS performed, sum(remaining) AS remaining, sum(gross) AS gross,
        sum(credit_equivalent) AS credit_equivalent
    FROM parts
    GROUP BY pt, deal, leg
),

all_rows AS (
    SELECT * FROM whole_rows WHERE kind <> 'loan'
    UNION ALL
    SELECT * FROM parts
    UNION ALL
    -- lenders whose share was not told
    SELECT
        w.* REPLACE (
            n.lender AS exposed, NULL AS headline, NULL AS binding, NULL AS performed, NULL AS remaining,
            NULL AS gross, NULL AS credit_equivalent
        )
    FROM whole_rows AS w
    INNER JOIN lent AS l ON w.pt = l.pt AND w.deal = l.deal AND w.leg = l.leg
    INNER JOIN named AS n ON w.pt = n.pt AND w.deal = n.deal AND w.leg = n.leg
    WHERE w.kind = 'loan' AND n.share IS NULL AND l.lender_count > 1
    UNION ALL
    -- what no stated share covers; with no lender named, or one whose share was not told, that is the whole loan
    SELECT
        w.* REPLACE (
            CASE WHEN l.lender_count = 1 AND l.share_count = 0 THEN l.any_lender END AS exposed,
            CASE WHEN w.headline IS NOT NULL THEN l.total - l.stated END AS headline,
            w.binding - coalesce(a.binding, 0) AS binding,
            w.performed - coalesce(a.performed, 0) AS performed,
            w.remaining - coalesce(a.remaining, 0) AS remaining,
            w.gross - coalesce(a.gross, 0) AS gross,
            w.credit_equivalent - coalesce(a.credit_equivalent, 0) AS credit_equivalent
        )
    FROM whole_rows AS w
    INNER JOIN lent AS l ON w.pt = l.pt AND w.deal = l.deal AND w.leg = l.leg
    LEFT JOIN allotted_sums AS a ON w.pt = a.pt AND w.deal = a.deal AND w.leg = a.leg
    WHERE w.kind = 'loan' AND (l.total > l.stated OR l.total = 0)
)

SELECT
    r.* EXCLUDE (lenders, performance_undisclosed),
    r.headline IS NULL OR r.binding IS NULL OR r.performance_undisclosed AS undisclosed
FROM all_rows AS r;

-- The legs that a question about one company (NULL: about all) covers, with ended ones if asked for.
-- `claims` names the table in which `exposure_legs` was kept.
CREATE OR REPLACE MACRO exposure_shown(claims, about, with_ended) AS TABLE
SELECT *
FROM query_table(claims)
WHERE (about IS NULL OR exposed = about OR "to" = about) AND (with_ended OR NOT ended);

-- The macros below read the rows of `exposure_shown` from a table that a question keeps them in, `shown` by name: they are
-- made once and added up in several ways.

-- The announced amounts of each row by status, which a user's own weights turn into an expected amount.
CREATE OR REPLACE MACRO exposure_by_status(shown, grouping) AS TABLE
SELECT
    pt, currency, status,
    CASE WHEN grouping <> 'kind' THEN exposed END AS exposed,
    CASE WHEN grouping = 'pair' THEN "to" END AS "to",
    CASE WHEN grouping <> 'company' THEN kind END AS kind,
    sum(headline) AS headline
FROM query_table(shown)
WHERE headline IS NOT NULL
GROUP BY ALL;

-- Rows by pair, company or kind, largest loss first: what is not grouped by is NULL, and legs of no known currency join an
-- only currency. `proof` is a table of (pt, deal, leg, position): the log positions of the events that legs rest on.
CREATE OR REPLACE MACRO exposure_rows(shown, proof, grouping) AS TABLE
WITH
s AS MATERIALIZED (
    SELECT
        pt, deal, leg, hypothetical, currency,
        CASE WHEN grouping <> 'kind' THEN exposed END AS exposed,
        CASE WHEN grouping = 'pair' THEN "to" END AS "to",
        CASE WHEN grouping <> 'company' THEN kind END AS kind,
        headline, binding, performed, remaining, gross, credit_equivalent, undisclosed
    FROM query_table(shown)
),

groups AS MATERIALIZED (
    SELECT
        row_number() OVER () AS id, pt, exposed, "to", kind,
        CASE WHEN min(currency) = max(currency) THEN min(currency) END AS only_currency
    FROM s
    GROUP BY pt, exposed, "to", kind
),

numbered AS MATERIALIZED (
    SELECT g.id, coalesce(s.currency, g.only_currency) AS currency, s.* EXCLUDE (currency)
    FROM s
    INNER JOIN groups AS g
        ON s.pt = g.pt AND s.exposed IS NOT DISTINCT FROM g.exposed AND s."to" IS NOT DISTINCT FROM g."to"
        AND s.kind IS NOT DISTINCT FROM g.kind
),

added AS (
    SELECT
        id, currency, any_value(pt) AS pt,
        any_value(exposed) AS exposed, any_value("to") AS "to", any_value(kind) AS kind,
        sum(headline) AS headline, sum(binding) AS binding, sum(performed) AS performed,
        sum(remaining) AS remaining, sum(gross) AS gross, sum(credit_equivalent) AS credit_equivalent,
        count(*) FILTER (WHERE undisclosed) AS undisclosed,
        bool_or(hypothetical) AS hypothetical
    FROM numbered
    GROUP BY id, currency
),

keys AS (
    SELECT n.id, n.currency, list_sort(list_distinct(list(e.position))) AS positions
    FROM numbered AS n
    INNER JOIN query_table(proof) AS e ON n.pt = e.pt AND n.deal = e.deal AND n.leg = e.leg
    GROUP BY n.id, n.currency
)

SELECT
    a.pt, a.exposed, a."to", a.kind, a.currency, a.headline, a.binding, a.performed, a.remaining, a.gross,
    a.credit_equivalent, a.undisclosed, a.hypothetical, coalesce(k.positions, []) AS positions
FROM added AS a
LEFT JOIN keys AS k ON a.id = k.id AND a.currency IS NOT DISTINCT FROM k.currency
ORDER BY
    a.pt, a.gross DESC NULLS LAST, a.headline DESC NULLS LAST, a.exposed NULLS LAST, a."to", a.kind, a.currency;

-- What of a leg's amount its guarantees take over. `least` passes NULLs by, so an undisclosed amount is named first.
CREATE OR REPLACE MACRO covered_part(amount, guaranteed) AS
CASE WHEN amount IS NULL OR guaranteed IS NULL THEN 0 ELSE least(amount, guaranteed) END;

-- Totals by currency; an amount that a guarantee covers counts once, on the guarantor.
CREATE OR REPLACE MACRO exposure_totals(shown) AS TABLE
WITH
one_currency AS (
    SELECT pt, CASE WHEN min(currency) = max(currency) THEN min(currency) END AS only_currency
    FROM query_table(shown)
    GROUP BY pt
),

rows_shown AS MATERIALIZED (
    SELECT b.* REPLACE (coalesce(b.currency, o.only_currency) AS currency)
    FROM query_table(shown) AS b
    INNER JOIN one_currency AS o ON b.pt = o.pt
),

by_leg AS (
    SELECT
        pt, currency, deal || '/' || leg AS leg_ref,
        sum(headline) AS headline, sum(binding) AS binding, sum(remaining) AS remaining,
        sum(gross) AS gross, sum(credit_equivalent) AS credit_equivalent
    FROM rows_shown GROUP BY ALL
),

guarantees AS (
    SELECT
        pt, currency, covers AS leg_ref,
        sum(headline) AS headline, sum(binding) AS binding, sum(remaining) AS remaining,
        sum(gross) AS gross, sum(credit_equivalent) AS credit_equivalent
    FROM rows_shown WHERE kind = 'guarantee' AND covers IS NOT NULL GROUP BY ALL
),

covered AS (
    SELECT
        l.pt, l.currency,
        sum(covered_part(l.headline, g.headline)) AS headline,
        sum(covered_part(l.binding, g.binding)) AS binding,
        sum(covered_part(l.remaining, g.remaining)) AS remaining,
        sum(covered_part(l.gross, g.gross)) AS gross,
        sum(covered_part(l.credit_equivalent, g.credit_equivalent)) AS credit_equivalent
    FROM by_leg AS l
    INNER JOIN guarantees AS g ON l.pt = g.pt AND l.currency = g.currency AND l.leg_ref = g.leg_ref
    GROUP BY l.pt, l.currency
),

added AS (
    SELECT
        pt, currency,
        sum(headline) AS headline, sum(binding) AS binding, sum(performed) AS performed,
        sum(remaining) AS remaining, sum(gross) AS gross, sum(credit_equivalent) AS credit_equivalent,
        count(*) FILTER (WHERE undisclosed) AS undisclosed
    FROM rows_shown
    GROUP BY pt, currency
)

SELECT
    a.pt, a.currency,
    a.headline - coalesce(c.headline, 0) AS headline,
    a.binding - coalesce(c.binding, 0) AS binding,
    a.performed,
    a.remaining - coalesce(c.remaining, 0) AS remaining,
    a.gross - coalesce(c.gross, 0) AS gross,
    a.credit_equivalent - coalesce(c.credit_equivalent, 0) AS credit_equivalent,
    coalesce(c.gross, 0) AS gross_covered_by_guarantees,
    a.undisclosed
FROM added AS a
LEFT JOIN covered AS c ON a.pt = c.pt AND a.currency = c.currency;
