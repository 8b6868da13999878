-- Dilution: the warrants of each issuer, what has vested or been exercised, and what their conditions can be judged by.

-- The warrants of an issuer; `legs` names the table in which `leg_state` was kept.
CREATE OR REPLACE MACRO warrant_legs(legs, of_issuer) AS TABLE
SELECT
    pt, deal, leg, first_party AS issuer, second_party AS holder, status, ended, shares AS shares_max, exercise_price,
    price_currency, ends_on AS expires_on, tranches, exercised AS shares_exercised, hypothetical
FROM query_table(legs)
WHERE type = 'warrant_granted' AND first_party = of_issuer;

-- Vestings in effect, one row an event: the tranche may tell the number that the event does not.
CREATE OR REPLACE MACRO vestings(points) AS TABLE
SELECT c.pt, p.deal, p.leg, p.tranche, p.shares, p.key
FROM performance AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
WHERE p.type = 'tranche_vested';

-- Exercises in effect, with their days: shares outstanding count those after the latest report.
CREATE OR REPLACE MACRO exercises(points) AS TABLE
SELECT c.pt, p.deal, p.leg, p.effective_on, p.shares, p.key
FROM performance AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
WHERE p.type = 'warrant_exercised';
