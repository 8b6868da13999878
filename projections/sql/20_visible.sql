-- What a query may see at one or many clock triples, and the state of every leg there.
--
-- Every table macro takes `points`: a list of {pt, as_of, known_by, recorded_by}, where pt numbers the triple and
-- recorded_by is a log position. `on_day('2025-10-14')` makes the list for one day with nothing looking ahead.

-- The latest log position there can be; what has not been replaced is seen until the one after it.
CREATE OR REPLACE MACRO latest() AS 2147483646;

-- One point: known by the same day, whatever the ledger holds now.
CREATE OR REPLACE MACRO on_day(day) AS [
    {'pt': 1, 'as_of': day::DATE, 'known_by': day::DATE, 'recorded_by': latest()::INTEGER}
];

-- What a query may see: the one place where the clocks are asked. `point` is one row of `clock(points)`. The columns of a
-- fact are handed over one by one because DuckDB binds them far faster than a whole row.
--
-- A reading stands at a log position from where it was recorded until where another took its place.
CREATE OR REPLACE MACRO standing(seen_from, seen_to, log_position) AS
seen_from <= log_position AND log_position < seen_to;

-- A fact is public at a point where that reading of it stands and was announced by then.
CREATE OR REPLACE MACRO public(announced_on, seen_from, seen_to, point) AS
announced_on <= point.known_by AND standing(seen_from, seen_to, point.recorded_by);

-- It is visible where it holds by the as-of day, too.
CREATE OR REPLACE MACRO visible(effective_on, announced_on, seen_from, seen_to, point) AS
effective_on <= point.as_of AND public(announced_on, seen_from, seen_to, point);

-- Which fact of two wins: the later effective day, then the later announced day, then the later place in the log.
CREATE OR REPLACE MACRO ordering_key(effective_on, announced_on, slot) AS
((effective_on - DATE '1970-01-01')::BIGINT << 47)
| ((announced_on - DATE '1970-01-01')::BIGINT << 31)
| slot::BIGINT;

CREATE OR REPLACE MACRO floor_zero(amount) AS CASE WHEN amount < 0 THEN 0 ELSE amount END;

-- These three say of statuses what `events/statuses.py` says; a test holds them to it.
CREATE OR REPLACE MACRO is_ended(status) AS status IN ('superseded', 'terminated', 'expired');

CREATE OR REPLACE MACRO is_binding(status) AS status IN ('definitive', 'completed');

-- The place of a status on the ladder.
CREATE OR REPLACE MACRO ladder(status) AS list_position(
    [
        'rumoured', 'announced', 'letter_of_intent', 'term_sheet', 'definitive', 'completed', 'suspended',
        'superseded', 'terminated', 'expired'
    ],
    status
);

-- What the parties are bound to; NULL where it is not disclosed. See docs/measures.md, The state of a leg.
CREATE OR REPLACE MACRO binding_amount(status, conditional, cancellable_days, firm, amount, qualifier, performed) AS
CASE
    WHEN NOT is_binding(status) THEN 0
    WHEN status = 'completed' AND firm IS NULL
        AND (conditional OR cancellable_days IS NOT NULL OR amount IS NULL OR qualifier = 'up_to')
        THEN CASE WHEN performed > 0 THEN performed END
    WHEN status = 'completed' THEN greatest(coalesce(firm, amount), performed)
    WHEN firm IS NOT NULL THEN firm
    WHEN conditional OR cancellable_days IS NOT NULL THEN NULL
    WHEN qualifier <> 'up_to' THEN amount
END;

CREATE OR REPLACE MACRO clock(points) AS TABLE
SELECT unnest(
    points::STRUCT(pt INTEGER, as_of DATE, known_by DATE, recorded_by INTEGER) [], recursive := true
);

-- Every deal that some event is about, whatever became of the event and whenever it is to be seen.
CREATE OR REPLACE MACRO deals_told() AS TABLE
SELECT deal FROM terms
UNION ALL
SELECT deal FROM status
UNION ALL
SELECT deal FROM performance
UNION ALL
SELECT about FROM price WHERE about IS NOT NULL;

-- The event that says at each point who a stand-in is: of several the one announced last.
CREATE OR REPLACE MACRO naming_in_effect(points) AS TABLE
SELECT pt, placeholder, company, slot, read_at
FROM (
    SELECT
        c.pt, p.placeholder, p.company, p.slot, p.read_at,
        row_number() OVER (
            PARTITION BY c.pt, p.placeholder ORDER BY p.announced_on DESC, p.effective_on DESC, p.slot DESC
        ) AS rank
    FROM party AS p
    INNER JOIN clock(points) AS c ON public(p.announced_on, p.seen_from, p.seen_to, c)
)
WHERE rank = 1;

-- The way from each stand-in to the company it is by then, step by step, where it turned out to be another stand-in first.
-- A way that comes back to a name it has passed ends there, so that rings of older ledgers do not lead on for ever.
CREATE OR REPLACE MACRO naming_steps(points) AS TABLE
WITH RECURSIVE
n AS MATERIALIZED (FROM naming_in_effect(points)),

steps AS (
    SELECT pt, placeholder, company, slot, read_at, [placeholder] AS passed FROM n
    UNION ALL
    SELECT s.pt, s.placeholder, n.company, n.slot, n.read_at, list_append(s.passed, n.placeholder)
    FROM steps AS s
    INNER JOIN n ON s.pt = n.pt AND s.company = n.placeholder
    WHERE NOT list_contains(s.passed, n.placeholder)
)

SELECT pt, placeholder, company, slot, read_at, len(passed) AS step FROM steps;

-- The names that stand-ins have by then.
CREATE OR REPLACE MACRO identified(points) AS TABLE
SELECT pt, placeholder, arg_max(company, step) AS company
FROM naming_steps(points)
GROUP BY pt, placeholder;

-- The terms of each leg at each point: exactly one row for a leg that exists there.
CREATE OR REPLACE MACRO terms_in_effect(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

latest_terms AS (
    SELECT c.pt, t.deal, t.leg, max(t.okey) AS okey
    FROM terms AS t
    INNER JOIN c ON visible(t.effective_on, t.announced_on, t.seen_from, t.seen_to, c)
    GROUP BY c.pt, t.deal, t.leg
)

SELECT l.pt, c.as_of, t.*
FROM latest_terms AS l
INNER JOIN c ON l.pt = c.pt
INNER JOIN terms AS t
    ON l.okey = t.okey AND l.deal = t.deal AND l.leg = t.leg
    AND standing(t.seen_from, t.seen_to, c.recorded_by);

-- The status event that decides for a leg, where one ranks above the leg's terms; without a leg of its own it speaks for
-- every leg of its deal.
CREATE OR REPLACE MACRO status_in_effect(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

t AS MATERIALIZED (FROM terms_in_effect(points)),

s AS MATERIALIZED (
    SELECT c.pt, s.*
    FROM status AS s
    INNER JOIN c ON visible(s.effective_on, s.announced_on, s.seen_from, s.seen_to, c)
),

deciding AS (
    SELECT t.pt, t.deal, t.leg, max(s.okey) AS okey
    FROM t
    INNER JOIN s ON t.pt = s.pt AND t.deal = s.deal AND coalesce(s.leg, t.leg) = t.leg AND s.okey > t.okey
    GROUP BY t.pt, t.deal, t.leg
)

SELECT d.pt, d.deal, d.leg, s.* EXCLUDE (pt, deal, leg)
FROM deciding AS d
INNER JOIN s ON d.pt = s.pt AND d.deal = s.deal AND d.okey = s.okey;

-- What has happened on each leg by each point, apart for each currency.
CREATE OR REPLACE MACRO performed_by(points) AS TABLE
SELECT
    c.pt, p.deal, p.leg, p.currency,
    min(p.slot) AS first_slot,
    sum(p.amount) FILTER (WHERE p.type = 'payment_made') AS paid,
    sum(p.amount) FILTER (WHERE p.type = 'tranche_funded') AS funded,
    sum(p.amount) FILTER (WHERE p.type = 'loan_repaid') AS repaid,
    sum(p.capacity_gw) AS delivered_gw,
    sum(p.shares) FILTER (WHERE p.type = 'warrant_exercised') AS exercised,
    count(*) FILTER (
        WHERE p.amount IS NULL AND p.type IN ('payment_made', 'tranche_funded', 'loan_repaid')
    ) AS amounts_undisclosed,
    bool_or(p.hypothetical) AS hypothetical
FROM performance AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
GROUP BY c.pt, p.deal, p.leg, p.currency;

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
        sum(exercised) AS exercised,
        sum(amounts_undisclosed) AS amounts_undisclosed,
        bool_or(hypothetical) AS hypothetical
    FROM happened
    GROUP BY pt, deal, leg
),

known AS MATERIALIZED (FROM identified(points)),

ranked AS (
    SELECT
        t.* EXCLUDE (status, conditional, first_party, second_party, beneficiary, currency, hypothetical),
        coalesce(t.currency, n.first_currency) AS currency,
        coalesce(a.company, t.first_party) AS first_party,
        coalesce(b.company, t.second_party) AS second_party,
        coalesce(g.company, t.beneficiary) AS beneficiary,
        coalesce(n.delivered_gw, 0)::DECIMAL(18, 6) AS delivered_gw,
        coalesce(n.exercised, 0)::BIGINT AS exercised,
        coalesce(n.amounts_undisclosed, 0) AS amounts_undisclosed,
        coalesce(s.status, t.status) AS stated_status,
        coalesce(s.conditional, t.conditional) AS conditional,
        coalesce(s.effective_on, t.effective_on) AS status_since,
        t.hypothetical OR coalesce(s.hypothetical, false) OR coalesce(n.hypothetical, false) AS hypothetical
    FROM t
    LEFT JOIN s ON t.pt = s.pt AND t.deal = s.deal AND t.leg = s.leg
    LEFT JOIN counted AS n ON t.pt = n.pt AND t.deal = n.deal AND t.leg = n.leg
    LEFT JOIN known AS a ON t.pt = a.pt AND t.first_party = a.placeholder
    LEFT JOIN known AS b ON t.pt = b.pt AND t.second_party = b.placeholder
    LEFT JOIN known AS g ON t.pt = g.pt AND t.beneficiary = g.placeholder
),

dated AS (
    SELECT
        r.*,
        CASE
            WHEN r.type IN ('guarantee_given', 'warrant_granted') AND r.ends_on < r.as_of
                AND stated_status <> 'completed' AND NOT is_ended(stated_status)
                THEN 'expired'
            ELSE stated_status
        END AS status,
        coalesce(
            r.type IN ('purchase_committed', 'loan_arranged') AND r.ends_on < r.as_of
            AND stated_status <> 'completed' AND NOT is_ended(stated_status),
            false
        ) AS overdue,
        CASE
            WHEN r.type IN ('purchase_committed', 'guarantee_given') THEN coalesce(h.paid, 0)
            WHEN r.type IN ('investment_committed', 'loan_arranged') THEN coalesce(h.funded, 0)
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
            WHEN type <> 'warrant_granted'
                THEN binding_amount(status, conditional, cancellable_days, firm, amount, qualifier, performed)
        END::DECIMAL(38, 6) AS binding
    FROM dated
)

SELECT
    *,
    amount AS headline,
    floor_zero(amount - performed)::DECIMAL(38, 6) AS remaining,
    is_ended(status) AS ended,
    type <> 'warrant_granted' AND (amount IS NULL OR binding IS NULL OR amounts_undisclosed > 0) AS undisclosed
FROM valued;

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
),

facts AS (
    SELECT pt, deal, leg, slot, read_at FROM t
    UNION ALL
    SELECT pt, deal, leg, slot, read_at FROM status_in_effect(points)
    UNION ALL
    SELECT c.pt, p.deal, p.leg, p.slot, p.read_at
    FROM performance AS p
    INNER JOIN c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
    UNION ALL
    SELECT DISTINCT n.pt, n.deal, n.leg, k.slot, k.read_at
    FROM parties AS n INNER JOIN known AS k ON n.pt = k.pt AND n.name = k.placeholder
)

SELECT pt, deal, leg, slot AS position FROM facts
UNION ALL
SELECT pt, deal, leg, read_at FROM facts WHERE read_at <> slot;

-- The same, each position only at the first point at which it shows: what made a leg jump there.
CREATE OR REPLACE MACRO evidence_first(points) AS TABLE
SELECT min(pt) AS pt, deal, leg, position
FROM evidence(points)
GROUP BY deal, leg, position;

-- The events behind each leg as one list of positions, in the order of the log.
CREATE OR REPLACE MACRO evidence_by_leg(points) AS TABLE
SELECT pt, deal, leg, list_sort(list_distinct(list(position))) AS positions
FROM evidence(points)
GROUP BY pt, deal, leg;

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
