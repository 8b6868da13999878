-- Contradictions and doubts: what the ledger recorded because it is possible, and a reader should know of.
-- Each macro takes a log position and gives (severity, kind, about, keys, what, advice).

CREATE OR REPLACE MACRO terms_then(recorded_by) AS TABLE
SELECT *, deal || '/' || leg AS leg_ref FROM terms AS t WHERE standing(t.seen_from, t.seen_to, recorded_by);

CREATE OR REPLACE MACRO status_then(recorded_by) AS TABLE
SELECT * FROM status AS s WHERE standing(s.seen_from, s.seen_to, recorded_by);

CREATE OR REPLACE MACRO performance_then(recorded_by) AS TABLE
SELECT *, deal || '/' || leg AS leg_ref FROM performance AS p WHERE standing(p.seen_from, p.seen_to, recorded_by);

CREATE OR REPLACE MACRO check_order(recorded_by) AS TABLE
SELECT
    'contradiction' AS severity, 'terms out of order' AS kind, b.leg_ref AS about, [a.key, b.key] AS keys,
    'the amendment of ' || b.effective_on || ' is older than the terms of ' || a.effective_on || ' that it amends, so these win' AS what,
    'correct the date that is wrong' AS advice
FROM terms_then(recorded_by) AS b
INNER JOIN terms_then(recorded_by) AS a ON b.amends = a.key
WHERE b.okey < a.okey;

CREATE OR REPLACE MACRO check_ladder(recorded_by) AS TABLE
WITH
steps AS (
    SELECT deal, leg, key, okey, effective_on, status, NULL AS reason FROM terms_then(recorded_by)
    UNION ALL
    SELECT t.deal, t.leg, s.key, s.okey, s.effective_on, s.status, s.reason
    FROM status_then(recorded_by) AS s
    INNER JOIN (SELECT DISTINCT deal, leg FROM terms_then(recorded_by)) AS t
        ON s.deal = t.deal AND coalesce(s.leg, t.leg) = t.leg
),

pairs AS (
    SELECT
        *,
        lag(status) OVER (PARTITION BY deal, leg ORDER BY okey) AS before,
        lag(key) OVER (PARTITION BY deal, leg ORDER BY okey) AS before_key
    FROM steps
)

SELECT
    'doubt' AS severity, 'status went back' AS kind, deal || '/' || leg AS about, [before_key, key] AS keys,
    before || ' became ' || status || ' on ' || effective_on AS what,
    'confirm that the source takes the agreement back, and say why in its reason' AS advice
FROM pairs
WHERE ladder(status) < ladder(before) AND before <> 'suspended' AND reason IS NULL;

CREATE OR REPLACE MACRO check_performance(recorded_by) AS TABLE
WITH
first_terms AS (
    SELECT deal, leg, min(effective_on) AS begins_on FROM terms_then(recorded_by) GROUP BY deal, leg
)

SELECT
    CASE WHEN t.begins_on IS NULL THEN 'contradiction' ELSE 'doubt' END AS severity,
    CASE WHEN t.begins_on IS NULL THEN 'performance without terms' ELSE 'performance before terms' END AS kind,
    p.leg_ref AS about, [p.key] AS keys,
    CASE
        WHEN t.begins_on IS NULL THEN 'the terms of the leg were retracted and nothing counts this'
        ELSE 'dated ' || p.effective_on || ', before the first terms of ' || t.begins_on
    END AS what,
    CASE
        WHEN t.begins_on IS NULL THEN 'retract it too, or record the terms again'
        ELSE 'correct the date, or record the earlier terms'
    END AS advice
FROM performance_then(recorded_by) AS p
LEFT JOIN first_terms AS t ON p.deal = t.deal AND p.leg = t.leg
WHERE t.begins_on IS NULL OR p.effective_on < t.begins_on;

-- The legs with their references.
CREATE OR REPLACE MACRO legs_named(legs) AS TABLE
SELECT *, deal || '/' || leg AS leg_ref FROM query_table(legs);

CREATE OR REPLACE MACRO check_amounts(legs_at) AS TABLE
WITH
legs AS MATERIALIZED (FROM legs_named(legs_at))

SELECT
    'contradiction' AS severity, 'performed above committed' AS kind, leg_ref AS about, [key] AS keys,
    'performed ' || plain(performed) || ' of ' || plain(headline) || ' ' || currency AS what,
    'look for a payment counted twice, or for terms that were raised' AS advice
FROM legs
WHERE performed > headline AND qualifier IN ('exactly', 'up_to')
UNION ALL
SELECT
    'contradiction', 'firm above headline', leg_ref, [key],
    'firm ' || plain(firm) || ' is more than the headline ' || plain(amount) || ' ' || currency, 'correct the one that is wrong'
FROM legs WHERE firm > amount AND qualifier <> 'at_least'
UNION ALL
SELECT
    'doubt', 'lenders above loan', leg_ref, [key],
    'the lenders'' shares add up to ' || list_sum(list_transform(lenders, lambda x: x.amount)) || ', the loan is ' || amount,
    'check the shares against the source'
FROM legs WHERE list_sum(list_transform(lenders, lambda x: x.amount)) > amount
UNION ALL
SELECT
    'doubt', 'money out on an ended leg', leg_ref, [key],
    status || ' with ' || performed || ' ' || currency || ' performed, which answers leave out',
    'if the money is still there, the leg is completed, not ' || status
FROM legs WHERE ended AND performed - repaid > 0 AND type IN ('investment_committed', 'loan_arranged')
UNION ALL
SELECT
    'doubt', 'overdue', leg_ref, [key], 'its last day was ' || ends_on || ' and it is still ' || status,
    'record what became of it'
FROM legs WHERE overdue;

CREATE OR REPLACE MACRO check_currency(points, legs) AS TABLE
SELECT
    'contradiction' AS severity, 'another currency' AS kind, s.deal || '/' || s.leg AS about, [s.key] AS keys,
    'performance in ' || p.currency || ' on a leg in ' || s.currency || ' is not counted' AS what,
    'record it in the currency of the leg' AS advice
FROM query_table(legs) AS s
INNER JOIN performed_by(points) AS p ON s.pt = p.pt AND s.deal = p.deal AND s.leg = p.leg
WHERE p.currency <> s.currency;

-- A part is smaller than its whole; only legs that lie beside one another have to agree.
CREATE OR REPLACE MACRO check_lots(points, legs) AS TABLE
WITH
sized AS MATERIALIZED (
    SELECT
        s.capacity_lot, s.deal || '/' || s.leg AS leg_ref, s.part_of, s.key, s.capacity_gw, coalesce(l.layer, 'other') AS layer
    FROM query_table(legs) AS s
    LEFT JOIN layers(points) AS l ON s.pt = l.pt AND s.second_party = l.company
    WHERE s.type = 'purchase_committed' AND NOT s.ended AND s.capacity_lot IS NOT NULL AND s.capacity_gw IS NOT NULL
),

beside AS (
    SELECT s.*
    FROM sized AS s
    LEFT JOIN sized AS w ON s.capacity_lot = w.capacity_lot AND s.part_of = w.leg_ref
    WHERE w.leg_ref IS NULL
)

SELECT
    'doubt' AS severity, 'lot of two sizes' AS kind, capacity_lot AS about, list(key ORDER BY key) AS keys,
    'legs of one physical lot in the layer ' || layer || ' give ' || plain(min(capacity_gw)) || ' to '
    || plain(max(capacity_gw)) || ' GW' AS what,
    'the largest counts; give separate sites lots of their own, or say which is part_of which' AS advice
FROM beside
GROUP BY capacity_lot, layer
HAVING min(capacity_gw) <> max(capacity_gw);

CREATE OR REPLACE MACRO check_contested(recorded_by) AS TABLE
WITH
claims AS (
    SELECT s.key, s.deal || '/' || s.leg AS about, t.amount, t.currency, unnest(s.contested) AS claim
    FROM source AS s
    INNER JOIN terms_then(recorded_by) AS t ON s.slot = t.slot
    WHERE standing(s.seen_from, s.seen_to, recorded_by)
    UNION ALL
    SELECT s.key, m.company, m.value, m.unit, unnest(s.contested) AS claim
    FROM source AS s
    INNER JOIN metric AS m ON s.slot = m.slot AND standing(m.seen_from, m.seen_to, recorded_by)
    WHERE standing(s.seen_from, s.seen_to, recorded_by)
)

SELECT
    'doubt' AS severity, 'contested by more than 10 %' AS kind, coalesce(about, key) AS about, [key] AS keys,
    'recorded ' || amount || ' ' || currency || ', ' || coalesce(claim.publisher, 'another source') || ' says '
    || claim.amount || ' (' || claim."value" || ')' AS what,
    'weigh the sources and correct the event if the other is better' AS advice
FROM claims
WHERE claim.currency = currency AND abs(claim.amount - amount) * 10 > amount;

-- A trailing year may overlap with a quarter, with nine months and with another year; two quarters may not overlap.
CREATE OR REPLACE MACRO check_metrics(recorded_by) AS TABLE
WITH
told AS (
    SELECT DISTINCT company, metric, metric_name, counterparty, unit, basis, period_from, period_to, key
    FROM metric AS m
    WHERE standing(m.seen_from, m.seen_to, recorded_by) AND period_to IS NOT NULL
)

SELECT DISTINCT
    'doubt' AS severity, 'overlapping periods' AS kind,
    a.company || ' ' || coalesce(a.metric_name, a.metric) || ' (' || a.basis || ')' AS about, [a.key, b.key] AS keys,
    a.period_from || ' to ' || a.period_to || ' and ' || b.period_from || ' to ' || b.period_to
    || ' overlap, and neither lies within the other' AS what,
    'check the periods; period_to is the day after the last' AS advice
FROM told AS a
INNER JOIN told AS b
    ON a.company = b.company AND a.metric = b.metric AND a.unit = b.unit AND a.basis = b.basis
    AND a.metric_name IS NOT DISTINCT FROM b.metric_name AND a.counterparty IS NOT DISTINCT FROM b.counterparty
    AND a.period_from < b.period_from AND b.period_from < a.period_to AND a.period_to < b.period_to
    AND (
        b.period_from - a.period_from < 28
        OR (
            a.period_to - a.period_from < 300
            AND abs((a.period_to - a.period_from) - (b.period_to - b.period_from)) * 10 < a.period_to - a.period_from
        )
    );

CREATE OR REPLACE MACRO check_sources(recorded_by) AS TABLE
WITH
bare AS (
    SELECT s.key, s.publisher IS NULL AS unnamed
    FROM source AS s
    INNER JOIN terms_then(recorded_by) AS t ON s.slot = t.slot
    LEFT JOIN attachment AS a ON s.key = a.about AND standing(a.seen_from, a.seen_to, recorded_by)
    WHERE standing(s.seen_from, s.seen_to, recorded_by) AND s.sha256 IS NULL AND a.about IS NULL
)

SELECT
    'note' AS severity, 'no source document' AS kind,
    count(*) || CASE count(*) WHEN 1 THEN ' event of terms' ELSE ' events of terms' END AS about,
    list(key ORDER BY key) AS keys,
    'no copy of the source is attached'
    || CASE count(*) FILTER (WHERE unnamed) WHEN 0 THEN '' ELSE '; ' || count(*) FILTER (WHERE unnamed) || ' name no source at all' END
        AS what,
    'attach the filing or page: deals attach KEY FILE' AS advice
FROM bare
HAVING count(*) > 0;

-- Many companies at once, which nobody will ever name one by one: public investors, noteholders.
CREATE OR REPLACE MACRO is_a_class(name) AS regexp_matches(
    lower(name),
    '(investors|lenders|banks|holders|bondholders|noteholders|shareholders|stockholders|landlords|creditors|underwriters|buyers|customers|parties)\b'
);

CREATE OR REPLACE MACRO check_placeholders(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

first_seen AS (
    SELECT c.as_of, m.company, m.key, min(t.announced_on) AS since
    FROM company AS m
    CROSS JOIN c
    INNER JOIN terms AS t
        ON (t.first_party = m.company OR t.second_party = m.company)
        AND standing(t.seen_from, t.seen_to, c.recorded_by)
    WHERE m.stand_in AND NOT is_a_class(m.name) AND standing(m.seen_from, m.seen_to, c.recorded_by)
        AND m.company NOT IN (SELECT placeholder FROM identified(points) WHERE company <> placeholder)
    GROUP BY c.as_of, m.company, m.key
)

SELECT
    'doubt' AS severity, 'unnamed for over a year' AS kind, company AS about, [key] AS keys,
    'a party to a deal since ' || since || ' and not identified by ' || as_of AS what,
    'record party_identified once a source names it' AS advice
FROM first_seen
WHERE since + INTERVAL 1 YEAR < as_of;

-- Stand-ins that are said to be themselves, or two companies, or over others themselves, and companies that are no
-- stand-ins and said to be others: what older releases let pass.
CREATE OR REPLACE MACRO check_identities(recorded_by) AS TABLE
WITH
named AS (
    SELECT * FROM party WHERE standing(seen_from, seen_to, recorded_by)
),

-- Of several registrations of one company the latest counts.
registered AS (
    SELECT company, arg_max(stand_in, slot) AS stand_in
    FROM company
    WHERE standing(seen_from, seen_to, recorded_by)
    GROUP BY company
)

SELECT
    'contradiction' AS severity, 'stand-in is itself' AS kind, placeholder AS about, [key] AS keys,
    'identified as itself, which says nothing' AS what, 'retract it, or correct it to name the company' AS advice
FROM named
WHERE placeholder = company
UNION ALL
SELECT
    'contradiction', 'stand-in is two companies', placeholder, list(key ORDER BY slot),
    'identified as ' || string_agg(DISTINCT company, ' and as ' ORDER BY company) || '; the one announced last counts',
    'retract what turned out wrong'
FROM named
GROUP BY placeholder
HAVING count(DISTINCT company) > 1
UNION ALL
SELECT
    'contradiction', 'identified, but no stand-in', n.placeholder, [n.key],
    'not registered as a stand-in, and identified as ' || n.company || ', which gets its deals',
    'retract it, or correct the registration of ' || n.placeholder || ' to stand_in: true'
FROM named AS n
LEFT JOIN registered AS r ON n.placeholder = r.company
WHERE n.placeholder <> n.company AND NOT coalesce(r.stand_in, false);

CREATE OR REPLACE MACRO check_rings(points) AS TABLE
WITH
way AS (
    SELECT
        s.pt, s.placeholder, list(l.key ORDER BY l.key) AS keys, list(s.company ORDER BY s.company) AS names,
        arg_max(s.company, s.step) AS company
    FROM naming_steps(points) AS s
    INNER JOIN log AS l ON s.slot = l.position
    GROUP BY s.pt, s.placeholder
)

SELECT DISTINCT
    'contradiction' AS severity, 'stand-ins in a ring' AS kind, list_aggregate(names, 'string_agg', ', ') AS about, keys,
    'each is said to be the next, so none of them is identified' AS what, 'retract the one that is wrong' AS advice
FROM way
WHERE company = placeholder AND len(keys) > 1;

CREATE OR REPLACE MACRO check_identifiers(recorded_by) AS TABLE
WITH
registered AS (
    SELECT * FROM company WHERE standing(seen_from, seen_to, recorded_by)
),

told AS (
    SELECT 'CIK' AS kind, cik AS identifier, company, key FROM registered WHERE cik IS NOT NULL
    UNION ALL
    SELECT 'LEI', lei, company, key FROM registered WHERE lei IS NOT NULL
    UNION ALL
    SELECT 'ticker', ticker, company, key FROM registered WHERE ticker IS NOT NULL
)

SELECT
    'contradiction' AS severity, 'one ' || kind || ', two companies' AS kind,
    string_agg(DISTINCT company, ', ' ORDER BY company) AS about, list(key ORDER BY key) AS keys,
    'all have the ' || kind || ' ' || identifier AS what, 'correct the registration that has it wrong' AS advice
FROM told
GROUP BY kind, identifier
HAVING count(DISTINCT company) > 1;

-- Events that name one company more than once, with their parties in the order of `events.parties.SIDES`, which says whether
-- they stand opposite one another.
CREATE OR REPLACE MACRO named_twice(recorded_by) AS TABLE
WITH
named AS (
    SELECT
        type, guarantee_kind, leg_ref AS about, key, [first_party, second_party, beneficiary] AS parties,
        coalesce(list_transform(lenders, lambda x: x.company), []) AS lenders
    FROM terms_then(recorded_by)
    UNION ALL
    SELECT type, NULL, leg_ref, key, [payer, payee], [] FROM performance_then(recorded_by) WHERE payer = payee
)

SELECT * FROM named
WHERE list_unique(parties || lenders) < len(list_filter(parties || lenders, lambda x: x IS NOT NULL));
