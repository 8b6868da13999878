-- Values that cannot be true together, or that a reader should doubt. Each macro gives (severity, kind, about, keys, what, advice).
-- `legs` names the table in which `leg_state` was kept, for one point.

-- An agreement passed on to somebody else is a leg of its own; an amendment keeps the parties, whatever they are called.
CREATE OR REPLACE MACRO check_amended_parties(points, recorded_by) AS TABLE
WITH
known AS MATERIALIZED (FROM identified(points)),

named AS (
    SELECT t.leg_ref, t.key, t.amends, coalesce(a.company, t.first_party) AS one, coalesce(b.company, t.second_party) AS other
    FROM terms_then(recorded_by) AS t
    LEFT JOIN known AS a ON t.first_party = a.placeholder
    LEFT JOIN known AS b ON t.second_party = b.placeholder
)

SELECT
    'doubt' AS severity, 'amendment of the parties' AS kind, b.leg_ref AS about, [a.key, b.key] AS keys,
    'between ' || concat_ws(' and ', a.one, a.other) || ' before, between ' || concat_ws(' and ', b.one, b.other) || ' after' AS what,
    'correct the party that is wrong; what was passed on is a new leg that supersedes this one' AS advice
FROM named AS b
INNER JOIN named AS a ON b.amends = a.key
WHERE a.one <> b.one OR a.other <> b.other;

-- Who owes on a leg is its first party; a site may also be finished, kept at its worth or filled for the second.
CREATE OR REPLACE MACRO check_covers(legs, recorded_by) AS TABLE
WITH
parents AS (
    SELECT company, arg_max(parent, slot) AS parent
    FROM company
    WHERE standing(seen_from, seen_to, recorded_by)
    GROUP BY company
),

related AS (
    SELECT company AS one, parent AS other FROM parents WHERE parent IS NOT NULL
    UNION ALL
    SELECT parent, company FROM parents WHERE parent IS NOT NULL
)

SELECT
    'doubt' AS severity, 'guarantee of another''s leg' AS kind, g.leg_ref AS about, [g.key, l.key] AS keys,
    'stands in for ' || g.second_party || ', and covers ' || g.covers || ', a leg of '
    || concat_ws(' and ', l.first_party, l.second_party) AS what,
    'correct the obligor or the leg that is covered' AS advice
FROM legs_named(legs) AS g
INNER JOIN legs_named(legs) AS l ON g.covers = l.leg_ref
LEFT JOIN related AS r ON g.second_party = r.one AND l.first_party = r.other
WHERE g.type = 'guarantee_given' AND NOT g.ended AND g.second_party <> l.first_party AND r.one IS NULL
    AND NOT coalesce(g.guarantee_kind IN ('residual_value', 'capacity_backstop', 'completion') AND g.second_party = l.second_party, false);

-- More happened than the terms have room for. What is told as a floor may be passed, what is told as `about` is a doubt.
CREATE OR REPLACE MACRO above_terms(qualifier) AS
CASE qualifier WHEN 'about' THEN 'doubt' WHEN 'at_least' THEN NULL ELSE 'contradiction' END;

CREATE OR REPLACE MACRO check_increments(points, legs) AS TABLE
WITH
l AS MATERIALIZED (FROM legs_named(legs)),

vested AS MATERIALIZED (FROM vestings(points, legs)),

funded AS (
    SELECT p.deal, p.leg, p.tranche, sum(p.amount) AS amount, list(p.key ORDER BY p.slot) AS keys
    FROM performance AS p
    INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
    INNER JOIN l ON p.deal = l.deal AND p.leg = l.leg AND coalesce(p.currency = l.currency, false)
    WHERE p.type = 'tranche_funded' AND p.tranche IS NOT NULL
    GROUP BY p.deal, p.leg, p.tranche
),

found AS (
    SELECT
        above_terms(capacity_qualifier) AS severity, 'delivered above terms' AS kind, leg_ref, [key] AS keys,
        plain(delivered_gw) || ' GW delivered of ' || plain(capacity_gw) || ' GW' AS what
    FROM l WHERE delivered_gw > capacity_gw
    UNION ALL
    SELECT
        'contradiction', 'firm above headline', leg_ref, [key],
        'firm ' || plain(firm_gw) || ' GW is more than the ' || plain(capacity_gw) || ' GW announced'
    FROM l WHERE firm_gw > capacity_gw AND coalesce(capacity_qualifier, 'exactly') <> 'at_least'
    UNION ALL
    SELECT
        'contradiction', 'exercised above terms', leg_ref, [key],
        'exercised for ' || exercised || ' shares of ' || shares
    FROM l WHERE type = 'warrant_granted' AND exercised > shares
    UNION ALL
    SELECT
        'contradiction', 'vested above terms', l.leg_ref, list_prepend(l.key, v.keys),
        v.shares || ' shares vested of ' || l.shares
    FROM l
    INNER JOIN (SELECT deal, leg, sum(shares) AS shares, list(key ORDER BY key) AS keys FROM vested GROUP BY deal, leg) AS v
        ON l.deal = v.deal AND l.leg = v.leg
    WHERE v.shares > l.shares
    UNION ALL
    SELECT
        'contradiction', 'vested above terms', l.leg_ref, list_prepend(l.key, v.keys),
        v.shares || ' shares of the tranche ' || v.tranche || ' vested, which has '
        || list_filter(l.tranches, lambda x: x.tranche = v.tranche)[1].shares
    FROM l
    INNER JOIN (
        SELECT deal, leg, tranche, sum(shares) AS shares, list(key ORDER BY key) AS keys FROM vested GROUP BY deal, leg, tranche
    ) AS v ON l.deal = v.deal AND l.leg = v.leg
    WHERE v.shares > list_filter(l.tranches, lambda x: x.tranche = v.tranche)[1].shares
    UNION ALL
    SELECT
        above_terms(l.qualifier), 'paid in above terms', l.leg_ref, list_prepend(l.key, f.keys),
        plain(f.amount) || ' ' || l.currency || ' paid in on the tranche ' || f.tranche || ', which is of '
        || plain(list_filter(l.tranches, lambda x: x.tranche = f.tranche)[1].amount)
    FROM l
    INNER JOIN funded AS f ON l.deal = f.deal AND l.leg = f.leg
    WHERE f.amount > list_filter(l.tranches, lambda x: x.tranche = f.tranche)[1].amount
    UNION ALL
    SELECT
        above_terms(qualifier), 'prepaid above headline', leg_ref, [key],
        'prepaid ' || plain(prepaid) || ' of ' || plain(headline) || ' ' || currency
    FROM l WHERE prepaid > headline
    UNION ALL
    SELECT
        'doubt', 'repaid above drawn', leg_ref, [key],
        'repaid ' || plain(repaid) || ' ' || currency || ', and only ' || plain(performed) || ' was drawn'
    FROM l WHERE type = 'loan_arranged' AND repaid > performed AND amounts_undisclosed = 0
)

SELECT
    severity, kind, leg_ref AS about, keys, what,
    CASE kind
        WHEN 'firm above headline' THEN 'correct the one that is wrong'
        WHEN 'repaid above drawn' THEN 'record the draws that are missing, or look for a repayment recorded twice'
        ELSE 'look for an event recorded twice, or for terms that were raised'
    END AS advice
FROM found
WHERE severity IS NOT NULL;

CREATE OR REPLACE MACRO check_rumours(legs) AS TABLE
SELECT
    'doubt' AS severity, 'exact rumour' AS kind, leg_ref AS about, [key] AS keys,
    'rumoured at exactly ' || plain(headline) || ' ' || currency AS what,
    'say about, up_to or at_least, as the source has it' AS advice
FROM legs_named(legs)
WHERE status = 'rumoured' AND qualifier = 'exactly' AND headline IS NOT NULL AND NOT ended;

-- The source's words beside the numbers that were made of them; several numbers, or a hedge, and it is a doubt.
CREATE OR REPLACE MACRO numbers_in(words) AS
list_transform(regexp_extract_all(words, '[0-9]+(?:\.[0-9]+)?'), lambda x: try_cast(x AS DECIMAL(18, 6)));

CREATE OR REPLACE MACRO contradicts_words(number, words) AS
CASE
    WHEN number IS NULL OR len(numbers_in(words)) = 0 OR list_contains(numbers_in(words), number) THEN NULL
    WHEN len(numbers_in(words)) > 1 OR regexp_matches(lower(words), 'about|around|approx|rough|circa|~|up to|at least|below|above|under|over')
        THEN 'doubt'
    ELSE 'contradiction'
END;

CREATE OR REPLACE MACRO check_rates(recorded_by) AS TABLE
WITH
told AS (
    SELECT
        leg_ref, key, rate, 'percent' AS field, rate_percent AS number,
        contradicts_words(try_cast(rate_percent AS DECIMAL(18, 6)), regexp_replace(rate, '[0-9.]+ *(bps?\b|basis points)', '', 'g')) AS severity
    FROM terms_then(recorded_by)
    WHERE regexp_matches(rate, '%|per ?cent')
    UNION ALL
    SELECT leg_ref, key, rate, 'spread_bp', rate_spread_bp, contradicts_words(try_cast(rate_spread_bp AS DECIMAL(18, 6)), rate)
    FROM terms_then(recorded_by)
    WHERE regexp_matches(rate, '[0-9] *(bps?\b|basis points)')
    UNION ALL
    SELECT leg_ref, key, rate, 'spread_bp', rate_spread_bp, contradicts_words(try_cast(rate_spread_bp * 0.01 AS DECIMAL(18, 6)), rate)
    FROM terms_then(recorded_by)
    WHERE regexp_matches(rate, '%|per ?cent') AND NOT regexp_matches(rate, '[0-9] *(bps?\b|basis points)')
)

SELECT
    severity, 'rate against its words' AS kind, leg_ref AS about, [key] AS keys,
    field || ' ' || plain(number) || ', and the source says "' || rate || '"' AS what,
    'correct the number, or the words' AS advice
FROM told
WHERE severity IS NOT NULL;

-- Days that a term cannot have, and days so far apart that one of them is a slip.
CREATE OR REPLACE MACRO check_days(recorded_by) AS TABLE
WITH
dated AS (
    SELECT leg_ref, key, effective_on, announced_on FROM terms_then(recorded_by)
    UNION ALL
    SELECT leg_ref, key, effective_on, announced_on FROM performance_then(recorded_by)
    UNION ALL
    SELECT deal || coalesce('/' || leg, ''), key, effective_on, announced_on FROM status_then(recorded_by)
)

SELECT
    'contradiction' AS severity, 'ends before it starts' AS kind, leg_ref AS about, [key] AS keys,
    'from ' || begins_on || ' to ' || ends_on AS what, 'correct the day that is wrong' AS advice
FROM terms_then(recorded_by)
WHERE ends_on < begins_on
UNION ALL
SELECT
    'doubt', 'ended before it held', leg_ref, [key], 'holds from ' || effective_on || ', and its last day was ' || ends_on,
    'correct the day that is wrong'
FROM terms_then(recorded_by)
WHERE ends_on < effective_on AND amends IS NULL AND NOT is_ended(status) AND NOT coalesce(ends_on < begins_on, false)
UNION ALL
SELECT
    'doubt', 'days years apart', leg_ref, [key], 'announced on ' || announced_on || ', and holds from ' || effective_on,
    'correct the day that is wrong'
FROM dated
WHERE effective_on < announced_on - INTERVAL 3 YEAR OR effective_on > announced_on + INTERVAL 10 YEAR
UNION ALL
SELECT
    'doubt', 'source older than its news', coalesce(s.deal || coalesce('/' || s.leg, ''), s.key), [s.key],
    'announced on ' || s.announced_on || ', in a source published on ' || s.published_on,
    'correct the day, or name the source that announced it'
FROM source AS s
WHERE standing(s.seen_from, s.seen_to, recorded_by) AND s.published_on < s.announced_on - INTERVAL 1 YEAR;

-- Shares × price beside the amount that they make: one part in a hundred is rounding, one in twenty is not. How far they are
-- apart is weighed in floating point, which the greatest numbers that can be recorded do not overflow.
CREATE OR REPLACE MACRO check_share_prices(recorded_by) AS TABLE
WITH
counted AS (
    SELECT leg_ref, key, amount, currency, shares AS counted, price_per_share AS price
    FROM terms_then(recorded_by)
    WHERE type = 'investment_committed' AND qualifier IN ('exactly', 'about') AND currency = price_currency
    UNION ALL
    SELECT leg_ref, key, amount, currency, conversion_shares, conversion_price
    FROM terms_then(recorded_by)
    WHERE type = 'loan_arranged' AND qualifier IN ('exactly', 'about') AND currency = price_currency
),

apart AS (
    SELECT *, abs(counted * price - amount) AS apart FROM counted
)

SELECT
    CASE WHEN apart::DOUBLE > amount::DOUBLE / 20 THEN 'contradiction' ELSE 'doubt' END AS severity, 'shares times price' AS kind,
    leg_ref AS about, [key] AS keys,
    counted || ' shares at ' || plain(price) || ' ' || currency || ' are ' || plain(counted * price) || ', and the amount is '
    || plain(amount) AS what,
    'correct the one that is wrong' AS advice
FROM apart
WHERE apart::DOUBLE > amount::DOUBLE / 100
UNION ALL
SELECT
    'contradiction', 'price less than its parts', leg_ref, [key],
    'cash and shares are ' || plain(coalesce(amount, 0) + coalesce(shares_value, 0)) || ' ' || currency || ', and the price is '
    || plain(price), 'correct the one that is wrong'
FROM terms_then(recorded_by)
WHERE type = 'acquisition_agreed' AND (coalesce(amount, 0) + coalesce(shares_value, 0)) * 20 > price * 21;

-- A whole whose terms are older than the end of one of its parts still has what the part was to bring.
CREATE OR REPLACE MACRO check_ended_parts(legs) AS TABLE
SELECT
    'doubt' AS severity, 'ended part inside its whole' AS kind, w.leg_ref AS about, [w.key, p.key] AS keys,
    p.leg_ref || ' is ' || p.status || ' since ' || p.status_since || ', and the whole of ' || w.effective_on || ' still says '
    || concat_ws(' and ', plain(w.capacity_gw) || ' GW', plain(w.headline) || ' ' || w.currency) AS what,
    'amend the whole, once a source says what it is without the part' AS advice
FROM legs_named(legs) AS p
INNER JOIN legs_named(legs) AS w ON p.part_of = w.leg_ref
WHERE p.ended AND p.status <> 'superseded' AND NOT w.ended AND w.effective_on < p.status_since
    AND ((p.capacity_gw IS NOT NULL AND w.capacity_gw IS NOT NULL) OR (p.headline IS NOT NULL AND w.headline IS NOT NULL));

-- One contract under two names: the same parties, the same size, within a fortnight.
CREATE OR REPLACE MACRO check_twice_told(legs) AS TABLE
WITH
live AS MATERIALIZED (
    SELECT *, list_transform(lenders, lambda x: x.company) AS lent_by FROM legs_named(legs) WHERE NOT ended
)

SELECT
    'doubt' AS severity, 'one contract, two deals' AS kind, a.leg_ref || ', ' || b.leg_ref AS about, [a.key, b.key] AS keys,
    'both between ' || concat_ws(' and ', a.first_party, a.second_party) || ', of '
    || concat_ws(
        ', ',
        plain(CASE WHEN a.headline = b.headline THEN a.headline END) || ' ' || a.currency,
        plain(CASE WHEN a.capacity_gw = b.capacity_gw THEN a.capacity_gw END) || ' GW',
        CASE WHEN a.shares = b.shares THEN a.shares END || ' shares'
    ) || ', announced on ' || a.announced_on || ' and ' || b.announced_on AS what,
    'if they are one, let the other supersede it, or say which is part_of which' AS advice
FROM live AS a
INNER JOIN live AS b
    ON a.type = b.type AND a.first_party = b.first_party AND a.second_party IS NOT DISTINCT FROM b.second_party
    AND a.deal < b.deal
WHERE abs(a.announced_on - b.announced_on) <= 14
    AND (
        coalesce(a.headline = b.headline AND a.currency = b.currency, false)
        OR coalesce(a.capacity_gw = b.capacity_gw AND a.capacity_lot IS DISTINCT FROM b.capacity_lot, false)
        OR coalesce(a.type = 'warrant_granted' AND a.shares = b.shares, false)
    )
    AND NOT coalesce(a.headline <> b.headline OR a.currency <> b.currency OR a.capacity_gw <> b.capacity_gw OR a.shares <> b.shares, false)
    AND (coalesce(len(a.lent_by), 0) = 0 OR coalesce(len(b.lent_by), 0) = 0 OR list_has_any(a.lent_by, b.lent_by))
    AND coalesce(a.part_of <> b.leg_ref, true) AND coalesce(b.part_of <> a.leg_ref, true)
    AND coalesce(a.part_of <> b.part_of, true);

-- Notes that were priced are paid in within days.
CREATE OR REPLACE MACRO check_settlement(legs) AS TABLE
SELECT
    'doubt' AS severity, 'never settled' AS kind, leg_ref AS about, [key] AS keys,
    CASE
        WHEN is_binding(status) THEN 'priced by ' || status_since || ', with no day of issue, and nothing was paid in'
        ELSE 'its day of issue was ' || issued_on || ' and it is still ' || status
    END AS what,
    'record issued_on, or what became of it' AS advice
FROM legs_named(legs)
WHERE type = 'loan_arranged' AND is_issue(instrument) AND NOT ended
    AND (
        (status = 'definitive' AND issued_on IS NULL AND performed = 0 AND status_since + INTERVAL 30 DAY < as_of)
        OR (NOT is_binding(status) AND issued_on < as_of)
    );
