-- Shares told before a split, in the shares of today.

-- The splits of each company's shares that are done at each point. Whatever was announced before the day of a split counts
-- the old shares, and is told in new ones from that day on.
CREATE OR REPLACE MACRO splits_done(points) AS TABLE
SELECT
    c.pt, s.company,
    list({
        'day': s.effective_on, 'share_class': s.share_class, 'new_shares': s.new_shares, 'old_shares': s.old_shares
    }) AS splits
FROM split AS s
INNER JOIN clock(points) AS c ON visible(s.effective_on, s.announced_on, s.seen_from, s.seen_to, c)
GROUP BY c.pt, s.company;

-- Whether a leg counts shares of its first party (of an investment its second), or gives a price of them.
CREATE OR REPLACE MACRO counts_shares(type, shares, conversion_price, conversion_shares) AS
type = 'warrant_granted' OR coalesce(shares, conversion_price, conversion_shares) IS NOT NULL;

-- A macro is copied into where it is called: the names in its lambdas must not be those of the lambdas around it.
CREATE OR REPLACE MACRO splits_since(splits, told_on, class_told) AS
list_filter(splits, lambda s: s.day > told_on AND (s.share_class IS NULL OR s.share_class = class_told));

-- How many new shares stand for how many old ones of those that were told on a day; NULL where nothing was split.
CREATE OR REPLACE MACRO shares_now(splits, told_on, class_told) AS
CASE
    WHEN splits IS NOT NULL
        THEN list_reduce(
            list_prepend(
                {'new': 1::HUGEINT, 'old': 1::HUGEINT},
                list_transform(
                    splits_since(splits, told_on, class_told),
                    lambda s: {'new': s.new_shares::HUGEINT, 'old': s.old_shares::HUGEINT}
                )
            ),
            lambda m, n: {'new': m."new" * n."new", 'old': m."old" * n."old"}
        )
END;

-- A number of shares, cut to whole ones, and a price of one, rounded to millionths, after splits.
CREATE OR REPLACE MACRO count_after(number_told, scale) AS
CASE WHEN scale IS NULL THEN number_told ELSE ((number_told::HUGEINT * scale."new") // scale."old")::BIGINT END;

CREATE OR REPLACE MACRO price_after(price_told, scale) AS
CASE
    WHEN scale IS NULL THEN price_told
    ELSE (
        ((price_told * 1000000)::HUGEINT * scale."old" * 2 + scale."new") // (scale."new" * 2)
    )::DECIMAL(32, 0) * 0.000001
END::DECIMAL(38, 6);
