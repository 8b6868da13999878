-- What a query may see at one or many clock triples.
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

-- The day of a term that may be told by its month, quarter, half or year: its last day, as `events/term_days.py` has it.
CREATE OR REPLACE MACRO term_day(told) AS
CASE length(told)
    WHEN 10 THEN try_cast(told AS DATE)
    WHEN 4 THEN try_cast(told || '-12-31' AS DATE)
    WHEN 7 THEN last_day(try_cast(
        CASE told[6]
            WHEN 'Q' THEN told[:5] || lpad((3 * try_cast(told[7] AS INTEGER))::VARCHAR, 2, '0')
            WHEN 'H' THEN told[:5] || lpad((6 * try_cast(told[7] AS INTEGER))::VARCHAR, 2, '0')
            ELSE told
        END || '-01' AS DATE
    ))
END;

-- Its first day: nothing told so can begin before it.
CREATE OR REPLACE MACRO term_first_day(told) AS
CASE length(told)
    WHEN 10 THEN try_cast(told AS DATE)
    WHEN 4 THEN try_cast(told || '-01-01' AS DATE)
    WHEN 7 THEN try_cast(
        CASE told[6]
            WHEN 'Q' THEN told[:5] || lpad((3 * try_cast(told[7] AS INTEGER) - 2)::VARCHAR, 2, '0')
            WHEN 'H' THEN told[:5] || lpad((6 * try_cast(told[7] AS INTEGER) - 5)::VARCHAR, 2, '0')
            ELSE told
        END || '-01' AS DATE
    )
END;

-- A number as text, without the zeros that its column adds.
CREATE OR REPLACE MACRO plain(number) AS
CASE
    WHEN contains(number::VARCHAR, '.') THEN rtrim(rtrim(number::VARCHAR, '0'), '.')
    ELSE number::VARCHAR
END;

CREATE OR REPLACE MACRO floor_zero(amount) AS CASE WHEN amount < 0 THEN 0 ELSE amount END;

-- These three say of statuses what `events/statuses.py` says; a test holds them to it.
CREATE OR REPLACE MACRO is_ended(status) AS status IN ('superseded', 'terminated', 'expired');

-- A guarantee by which the guarantor buys what stays unsold; it answers for nobody's debt.
CREATE OR REPLACE MACRO is_backstop(guarantee_kind) AS coalesce(guarantee_kind = 'capacity_backstop', false);

-- Debt that is sold as a whole, and drawn on the day of its issue.
CREATE OR REPLACE MACRO is_issue(instrument) AS instrument IN ('notes', 'convertible', 'securitisation');

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

-- Which terms of each leg count at each point: those of the greatest ordering key.
CREATE OR REPLACE MACRO latest_terms(points) AS TABLE
SELECT c.pt, t.deal, t.leg, max(t.okey) AS okey
FROM terms AS t
INNER JOIN clock(points) AS c ON visible(t.effective_on, t.announced_on, t.seen_from, t.seen_to, c)
GROUP BY c.pt, t.deal, t.leg;

-- The terms of each leg at each point: exactly one row for a leg that exists there.
CREATE OR REPLACE MACRO terms_in_effect(points) AS TABLE
SELECT l.pt, c.as_of, t.*
FROM latest_terms(points) AS l
INNER JOIN clock(points) AS c ON l.pt = c.pt
INNER JOIN terms AS t
    ON l.okey = t.okey AND l.deal = t.deal AND l.leg = t.leg
    AND standing(t.seen_from, t.seen_to, c.recorded_by);

-- The status event that decides for a leg, where one ranks above the leg's terms; without a leg of its own it speaks for
-- every leg of its deal.
CREATE OR REPLACE MACRO status_in_effect(points) AS TABLE
WITH
c AS MATERIALIZED (FROM clock(points)),

t AS MATERIALIZED (FROM latest_terms(points)),

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
