-- Dilution: the warrants of each issuer, what has vested or been exercised, and what their conditions can be judged by.

-- The warrants of an issuer; `legs` names the table in which `leg_state` was kept.
CREATE OR REPLACE MACRO warrant_legs(legs, of_issuer) AS TABLE
SELECT
    pt, deal, leg, first_party AS issuer, second_party AS holder, status, ended, shares AS shares_max, exercise_price,
    price_currency, ends_on AS expires_on, tranches, exercised AS shares_exercised, lapsed_shares AS shares_lapsed,
    share_class, splits, hypothetical
FROM query_table(legs)
WHERE type = 'warrant_granted' AND first_party = of_issuer;

-- Vestings in effect, one row an event, in the shares of today: the tranche may tell the number that the event does not.
-- `warrants` names the table in which `warrant_legs` was kept.
CREATE OR REPLACE MACRO vestings(points, warrants) AS TABLE
SELECT
    c.pt, p.deal, p.leg, p.tranche, p.key,
    count_after(p.shares, shares_now(w.splits, p.announced_on, w.share_class)) AS shares
FROM performance AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
INNER JOIN query_table(warrants) AS w ON c.pt = w.pt AND p.deal = w.deal AND p.leg = w.leg
WHERE p.type = 'tranche_vested';

-- Exercises in effect, with their days and the shares that were issued, likewise: shares outstanding count those after the
-- latest report.
CREATE OR REPLACE MACRO exercises(points, warrants) AS TABLE
SELECT
    c.pt, p.deal, p.leg, p.effective_on, p.key,
    count_after(
        coalesce(p.shares_issued, p.shares - coalesce(p.shares_withheld, 0)),
        shares_now(w.splits, p.announced_on, w.share_class)
    ) AS shares
FROM performance AS p
INNER JOIN clock(points) AS c ON visible(p.effective_on, p.announced_on, p.seen_from, p.seen_to, c)
INNER JOIN query_table(warrants) AS w ON c.pt = w.pt AND p.deal = w.deal AND p.leg = w.leg
WHERE p.type = 'warrant_exercised';
