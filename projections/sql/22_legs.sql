-- The state of every leg at each point, and the legs as they are added up. See docs/measures.md, The state of a leg.

-- What happened on each leg. A delivery that serves several legs stands at each of them, and says of none how much it got.
CREATE OR REPLACE MACRO happened_on_legs() AS TABLE
WITH
shared AS (
    SELECT *, unnest(shared_with) AS other
    FROM performance
    WHERE len(shared_with) > 0
)

SELECT * REPLACE (CASE WHEN coalesce(len(shared_with), 0) = 0 THEN capacity_gw END AS capacity_gw) FROM performance
UNION ALL
SELECT
    * EXCLUDE (other)
    REPLACE (split_part(other, '/', 1) AS deal, split_part(other, '/', 2) AS leg, NULL AS capacity_gw)
FROM shared;

-- What has happened on each leg by each point, apart for each currency.
CREATE OR REPLACE MACRO performed_by(points) AS TABLE
SELECT
    c.pt, p.deal, p.leg, p.currency,
    min(p.slot) AS first_slot,
    sum(p.amount) FILTER (WHERE p.type = 'payment_made') AS paid,
    sum(p.amount) FILTER (WHERE p.type = 'tranche_funded') AS funded,
    sum(p.amount) FILTER (WHERE p.type = 'loan_repaid') AS repaid,
    sum(p.capacity_gw) FILTER (WHERE p.type = 'capacity_delivered') AS delivered_gw,
    list({'told_on': p.announced_on, 'shares': p.shares}) FILTER (WHERE p.type = 'warrant_exercised') AS exercised,
    bool_or(p.type = 'option_exercised') AS option_exercised,
    arg_max(p.amount, p.slot) FILTER (WHERE p.type = 'option_exercised') AS exercised_amount,
    list({
        'tranche': p.tranche, 'amount': p.amount, 'currency': p.currency, 'shares': p.shares, 'told_on': p.announced_on
    } ORDER BY p.slot)
        FILTER (WHERE p.type = 'tranche_lapsed') AS lapsed,
    count(*) FILTER (
        WHERE p.amount IS NULL AND p.type IN ('payment_made', 'tranche_funded', 'loan_repaid')
    ) AS amounts_undisclosed,
    bool_or(p.hypothetical) AS hypothetical
FROM happened_on_legs() AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
GROUP BY c.pt, p.deal, p.leg, p.currency;

-- The sum of a list, NULL where a member is; 0 of no list.
CREATE OR REPLACE MACRO sum_of(amounts) AS
CASE
    WHEN coalesce(len(amounts), 0) = 0 THEN 0
    WHEN len(list_filter(amounts, lambda x: x IS NULL)) = 0 THEN list_sum(amounts)
END;

CREATE OR REPLACE MACRO conditional_parts(tranches) AS list_filter(tranches, lambda x: len(x.conditions) > 0);

-- The part of a purchase that hangs on no condition; NULL where the size of a part that does hang on one is not told.
CREATE OR REPLACE MACRO unconditional_part(amount, tranches) AS
amount - sum_of(list_transform(conditional_parts(tranches), lambda y: y.amount));

-- An amount, but never less than the least that it can be; NULL stays NULL, which greatest() would pass by.
CREATE OR REPLACE MACRO at_least(amount, least_amount) AS
CASE WHEN amount IS NOT NULL THEN greatest(amount, least_amount) END;

-- Kinds of legs that state no amount of money: a warrant counts shares, a royalty is a part of something.
CREATE OR REPLACE MACRO has_amount(type) AS type NOT IN ('warrant_granted', 'royalty_agreed');

-- Every leg at every point with its terms, status and performance; money in the leg's currency.
CREATE OR REPLACE MACRO leg_state(points) AS TABLE
WITH
t AS MATERIALIZED (FROM terms_in_effect(points)),

s AS MATERIALIZED (FROM status_in_effect(points)),

happened AS MATERIALIZED (FROM performed_by(points)),

-- One row a leg: counts that have no currency, and the currency that its first payment was in.
counted AS (
    SELECT
        pt, deal, leg,
        arg_min(currency, first_slot) FILTER (WHERE currency IS NOT NULL) AS first_currency,
        sum(delivered_gw) AS delivered_gw,
        flatten(list(exercised) FILTER (WHERE exercised IS NOT NULL)) AS exercised,
        bool_or(option_exercised) AS option_exercised,
        flatten(list(lapsed) FILTER (WHERE lapsed IS NOT NULL)) AS lapsed,
        sum(amounts_undisclosed) AS amounts_undisclosed,
        bool_or(hypothetical) AS hypothetical
    FROM happened
    GROUP BY pt, deal, leg
),

known AS MATERIALIZED (FROM identified(points)),

names AS (
    SELECT pt, map_from_entries(list({'k': placeholder, 'v': company})) AS by_placeholder FROM known GROUP BY pt
),

-- Of the company whose shares a leg counts: who issues them, sells them, or pays with them.
split AS (
    SELECT t.pt, t.deal, t.leg, d.splits, shares_now(d.splits, t.announced_on, t.share_class) AS scale
    FROM t
    INNER JOIN splits_done(points) AS d
        ON t.pt = d.pt
        AND d.company = CASE t.type WHEN 'investment_committed' THEN t.second_party ELSE t.first_party END
),

-- What lapsed as its events tell it, or else the leg's terms: NULL where neither does, or where it is told in another currency.
-- The terms' own tranches are told on the day of the terms.
lapses AS (
    SELECT
        pt, deal, leg, told.tranche, own,
        CASE
            WHEN told.amount IS NULL THEN own.amount
            WHEN told.currency = leg_currency THEN told.amount
        END AS amount,
        count_after(own.shares, scale) AS own_shares,
        coalesce(count_after(told.shares, shares_now(splits, told.told_on, share_class)), own_shares) AS shares
    FROM (
        SELECT
            l.pt, l.deal, l.leg, l.told, t.share_class, p.scale, p.splits,
            coalesce(t.currency, l.first_currency) AS leg_currency,
            list_filter(t.tranches, lambda x: x.tranche = l.told.tranche)[1] AS own
        FROM (SELECT pt, deal, leg, first_currency, unnest(lapsed) AS told FROM counted) AS l
        INNER JOIN t ON l.pt = t.pt AND l.deal = t.deal AND l.leg = t.leg
        LEFT JOIN split AS p ON l.pt = p.pt AND l.deal = p.deal AND l.leg = p.leg
    )
),

-- Told twice, or piece by piece, a tranche lapses at most once.
lapsed_tranches AS (
    SELECT
        pt, deal, leg, tranche,
        CASE WHEN count(amount) = count(*) THEN least(sum(amount), any_value(own.amount)) END AS amount,
        CASE WHEN count(shares) = count(*) THEN least(sum(shares), any_value(own_shares)) END AS shares
    FROM lapses
    GROUP BY pt, deal, leg, tranche
),

lapsed AS (
    SELECT
        pt, deal, leg,
        CASE WHEN count(amount) = count(*) THEN sum(amount) END AS amount,
        CASE WHEN count(shares) = count(*) THEN sum(shares) END AS shares
    FROM lapsed_tranches
    GROUP BY pt, deal, leg
),

ranked AS (
    SELECT
        t.* EXCLUDE (status, conditional, first_party, second_party, beneficiary, currency, hypothetical)
        REPLACE (
            -- A cap that changes is the one of the last step begun.
            coalesce(list_filter(t.steps, lambda x: x."from" <= t.as_of)[-1].amount, t.amount) AS amount,
            list_transform(
                t.lenders,
                lambda x: {'company': coalesce(m.by_placeholder[x.company], x.company), 'amount': x.amount}
            ) AS lenders,
            list_transform(t.sellers, lambda x: coalesce(m.by_placeholder[x], x)) AS sellers,
            count_after(t.shares, p.scale) AS shares,
            price_after(t.exercise_price, p.scale) AS exercise_price,
            price_after(t.conversion_price, p.scale) AS conversion_price,
            count_after(t.conversion_shares, p.scale) AS conversion_shares,
            CASE
                WHEN p.scale IS NULL THEN t.tranches
                ELSE list_transform(t.tranches, lambda x: {
                    'tranche': x.tranche, 'amount': x.amount, 'shares': count_after(x.shares, p.scale),
                    'percent': x.percent, 'matures_on': x.matures_on,
                    'conditions': list_transform(x.conditions, lambda y: {
                        'kind': y.kind,
                        'threshold': CASE
                            WHEN y.kind = 'share_price'
                                THEN price_after(try_cast(y.threshold AS DECIMAL(38, 6)), p.scale)::VARCHAR
                            ELSE y.threshold
                        END,
                        'unit': y.unit, 'text': y."text", 'leg': y.leg
                    })
                })
            END AS tranches
        ),
        coalesce(t.currency, n.first_currency) AS currency,
        coalesce(a.company, t.first_party) AS first_party,
        coalesce(b.company, t.second_party) AS second_party,
        coalesce(g.company, t.beneficiary) AS beneficiary,
        coalesce(n.delivered_gw, 0)::DECIMAL(18, 6) AS delivered_gw,
        p.splits,
        sum_of(list_transform(
            n.exercised, lambda x: count_after(x.shares, shares_now(p.splits, x.told_on, t.share_class))
        ))::BIGINT AS exercised,
        coalesce(n.option_exercised, false) AS option_exercised,
        CASE WHEN z.pt IS NULL THEN 0 ELSE z.amount END::DECIMAL(38, 6) AS lapsed_amount,
        CASE WHEN z.pt IS NULL THEN 0 ELSE z.shares END::BIGINT AS lapsed_shares,
        coalesce(n.amounts_undisclosed, 0) AS amounts_undisclosed,
        coalesce(s.status, t.status) AS stated_status,
        coalesce(s.conditional, t.conditional) AS conditional,
        coalesce(s.effective_on, t.effective_on) AS status_since,
        t.hypothetical OR coalesce(s.hypothetical, false) OR coalesce(n.hypothetical, false) AS hypothetical
    FROM t
    LEFT JOIN s ON t.pt = s.pt AND t.deal = s.deal AND t.leg = s.leg
    LEFT JOIN counted AS n ON t.pt = n.pt AND t.deal = n.deal AND t.leg = n.leg
    LEFT JOIN split AS p ON t.pt = p.pt AND t.deal = p.deal AND t.leg = p.leg
    LEFT JOIN lapsed AS z ON t.pt = z.pt AND t.deal = z.deal AND t.leg = z.leg
    LEFT JOIN names AS m ON t.pt = m.pt
    LEFT JOIN known AS a ON t.pt = a.pt AND t.first_party = a.placeholder
    LEFT JOIN known AS b ON t.pt = b.pt AND t.second_party = b.placeholder
    LEFT JOIN known AS g ON t.pt = g.pt AND t.beneficiary = g.placeholder
),

dated AS (
    SELECT
        r.*
        -- An option, once exercised, is for what was then said.
        REPLACE (CASE WHEN r.option_exercised THEN coalesce(h.exercised_amount, r.amount) ELSE r.amount END AS amount),
        CASE
            WHEN (r.type IN ('guarantee_given', 'warrant_granted', 'royalty_agreed')
                OR (r.type = 'option_granted' AND NOT r.option_exercised AND r.fee IS NULL))
                AND r.ends_on < r.as_of AND stated_status <> 'completed' AND NOT is_ended(stated_status)
                THEN 'expired'
            ELSE stated_status
        END AS status,
        coalesce(
            (
                r.type IN ('purchase_committed', 'loan_arranged')
                OR (r.type = 'option_granted' AND NOT r.option_exercised AND r.fee IS NOT NULL)
            )
            AND r.ends_on < r.as_of
            AND stated_status <> 'completed' AND NOT is_ended(stated_status),
            false
        ) AS overdue,
        CASE
            -- What notes raise is paid in on the day of issue, all of it at once.
            WHEN r.type = 'loan_arranged' AND is_issue(r.instrument) AND r.issued_on <= r.as_of AND is_binding(stated_status)
                THEN greatest(coalesce(h.funded, 0), coalesce(r.amount, 0))
            WHEN r.type IN ('investment_committed', 'loan_arranged') THEN coalesce(h.funded, 0)
            WHEN r.type <> 'warrant_granted' THEN coalesce(h.paid, 0)
        END::DECIMAL(38, 6) AS performed,
        coalesce(h.repaid, 0)::DECIMAL(38, 6) AS repaid
    FROM ranked AS r
    LEFT JOIN happened AS h
        ON r.pt = h.pt AND r.deal = h.deal AND r.leg = h.leg AND r.currency = h.currency
),

valued AS (
    SELECT
        *,
        CASE
            -- A share of a revenue binds once it is signed, to an amount that nobody can say.
            WHEN NOT has_amount(type) THEN CASE WHEN type = 'royalty_agreed' AND NOT is_binding(status) THEN 0 END
            -- An option binds its holder to the fee for letting it go, and to the whole only once it is exercised.
            WHEN type = 'option_granted' AND NOT option_exercised
                THEN binding_amount(status, conditional, NULL, NULL, coalesce(fee, 0), 'exactly', performed)
            ELSE binding_amount(
                status, conditional, coalesce(cancellable_days, CASE WHEN cancellable_from IS NOT NULL THEN 1 END), firm,
                CASE
                    WHEN type = 'purchase_committed' AND status <> 'completed' AND len(conditional_parts(tranches)) > 0
                        THEN at_least(unconditional_part(amount, tranches), performed)
                    ELSE amount
                END,
                qualifier, performed
            )
        END::DECIMAL(38, 6) AS whole_binding
    FROM dated
)

SELECT
    *,
    amount AS headline,
    -- What lapsed no longer binds, and does not remain; what has been performed was bound.
    CASE
        WHEN whole_binding = 0 OR lapsed_amount = 0 THEN whole_binding
        WHEN whole_binding - lapsed_amount < performed AND performed < whole_binding THEN performed
        ELSE floor_zero(whole_binding - lapsed_amount)
    END::DECIMAL(38, 6) AS binding,
    floor_zero(amount - lapsed_amount - performed)::DECIMAL(38, 6) AS remaining,
    is_ended(status) AS ended,
    has_amount(type) AND (
        amount IS NULL OR lapsed_amount IS NULL OR whole_binding IS NULL OR amounts_undisclosed > 0
    ) AS undisclosed
FROM valued;

-- Whether a company is a side of a leg: those of a takeover are its acquirer and its sellers.
CREATE OR REPLACE MACRO is_party(company, type, first_party, second_party, lenders, sellers) AS
first_party = company
OR (type <> 'acquisition_agreed' AND coalesce(second_party = company, false))
OR list_contains(coalesce(list_transform(lenders, lambda l: l.company), []), company)
OR list_contains(coalesce(sellers, []), company);

-- Whether a leg names a company at all, be it as the target of a takeover or as who a guarantee is for.
CREATE OR REPLACE MACRO is_named(company, type, first_party, second_party, beneficiary, lenders, sellers) AS
is_party(company, type, first_party, second_party, lenders, sellers) OR company IN (second_party, beneficiary);

-- The legs of one company (NULL: of all) as they are added up: what their parts among them say is taken from the whole, so
-- that no sum has it twice. `parts` lists those parts. A lot that a part shares with its whole keeps its gigawatts there.
CREATE OR REPLACE MACRO legs_less_parts(legs_at, about, with_ended) AS TABLE
WITH
members AS MATERIALIZED (
    SELECT *, deal || '/' || leg AS leg_ref
    FROM query_table(legs_at)
    WHERE (with_ended OR NOT ended)
        AND (about IS NULL OR is_party(about, type, first_party, second_party, lenders, sellers))
),

inside AS MATERIALIZED (
    SELECT
        w.pt, w.leg_ref,
        list(p.leg_ref ORDER BY p.leg_ref) AS parts,
        sum(p.amount) AS amount, sum(p.binding) AS binding, sum(p.performed) AS performed, sum(p.repaid) AS repaid,
        sum(p.prepaid) AS prepaid, sum(p.lapsed_amount) AS lapsed_amount,
        sum(p.capacity_gw) FILTER (WHERE p.capacity_lot IS DISTINCT FROM w.capacity_lot OR p.capacity_lot IS NULL)
            AS capacity_gw,
        sum(p.firm_gw) FILTER (WHERE p.capacity_lot IS DISTINCT FROM w.capacity_lot OR p.capacity_lot IS NULL) AS firm_gw
    FROM members AS p
    INNER JOIN members AS w
        ON p.pt = w.pt AND p.part_of = w.leg_ref AND coalesce(p.currency = w.currency, true)
    GROUP BY w.pt, w.leg_ref
),

rest AS (
    SELECT
        m.* REPLACE (
            floor_zero(m.amount - coalesce(i.amount, 0))::DECIMAL(38, 6) AS amount,
            floor_zero(m.binding - coalesce(i.binding, 0))::DECIMAL(38, 6) AS binding,
            floor_zero(m.performed - coalesce(i.performed, 0))::DECIMAL(38, 6) AS performed,
            floor_zero(m.repaid - coalesce(i.repaid, 0))::DECIMAL(38, 6) AS repaid,
            floor_zero(m.prepaid - coalesce(i.prepaid, 0))::DECIMAL(38, 6) AS prepaid,
            floor_zero(m.lapsed_amount - coalesce(i.lapsed_amount, 0))::DECIMAL(38, 6) AS lapsed_amount,
            floor_zero(m.capacity_gw - coalesce(i.capacity_gw, 0))::DECIMAL(9, 6) AS capacity_gw,
            floor_zero(m.firm_gw - coalesce(i.firm_gw, 0))::DECIMAL(9, 6) AS firm_gw
        ),
        i.parts
    FROM members AS m
    LEFT JOIN inside AS i ON m.pt = i.pt AND m.leg_ref = i.leg_ref
)

SELECT
    * REPLACE (
        amount AS headline,
        CASE
            WHEN parts IS NULL THEN remaining ELSE floor_zero(amount - lapsed_amount - performed)
        END::DECIMAL(38, 6) AS remaining
    )
FROM rest;
