-- Of a batch that is being loaded (a small batch keeps them as tables, which bind faster; a large one as views): `staged`, one row a log entry; `reading`, one row for each new reading of a slot:
-- an announcement as it is, or a correction's replacement in the original's place.

CREATE TEMP TABLE staged AS
SELECT p.*, coalesce(c.slot, p.position) AS slot
FROM parsed AS p
LEFT JOIN chain AS c ON p.position = c.position;

CREATE TEMP TABLE reading AS
SELECT
    s.slot,
    CASE WHEN getvariable('hypothetical') THEN 0 ELSE s.position END AS seen_from,
    coalesce(c.seen_to, 2147483647) AS seen_to,
    s.position AS read_at,
    s.event
FROM staged AS s
LEFT JOIN chain AS c ON s.position = c.position
WHERE s.event.type NOT IN ('event_corrected', 'event_retracted')
UNION ALL
SELECT
    c.slot,
    CASE WHEN getvariable('hypothetical') THEN 0 ELSE r.position END AS seen_from,
    c.seen_to,
    r.position AS read_at,
    r.event
FROM replacement AS r
INNER JOIN chain AS c ON r.position = c.position;
