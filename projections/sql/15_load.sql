-- From the staged leaves to the typed tables. `staged` holds one parsed row for each new log entry, with the slot that
-- it belongs to; `reading` holds one row for each new reading of a slot: an announcement, or a correction's replacement.
-- Each statement is named after its table; the variable `types` holds the event types that the table is for.

-- statement: log
INSERT INTO log
SELECT
    position, event.key, event.type, schema_version, recorded_at::TIMESTAMP, recorder, event.announced_on, event.effective_on,
    event.corrects, slot, getvariable('hypothetical')
FROM staged ORDER BY position;

-- statement: company
INSERT INTO company
SELECT
    slot, seen_from, seen_to, event.key, read_at, event.company, event.name, event.layer, event.layer_name, event.ticker, event.cik,
    event.lei, event.parent, coalesce(event.stand_in, false), event.aliases
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: party
INSERT INTO party
SELECT
    slot, seen_from, seen_to, event.key, read_at, event.effective_on, event.announced_on, event.placeholder, event.company
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: terms
INSERT INTO terms
SELECT
    slot, seen_from, seen_to, ordering_key(event.effective_on, event.announced_on, slot), event.key, read_at,
    event.effective_on, event.announced_on, event.type, event.deal, event.leg, event.amends, event.status,
    coalesce(event.conditional, false),
    coalesce(
        event.buyer, event.investor, event.issuer, event.borrower, event.guarantor, event.acquirer, event.payer, event.holder
    ),
    coalesce(
        event.supplier, event.investee, event.obligor, event.target, event.payee, event.grantor, event.holder
    ),
    event.beneficiary,
    CASE event.type WHEN 'acquisition_agreed' THEN event.cash.value ELSE event.amount.value END,
    CASE event.type WHEN 'acquisition_agreed' THEN event.cash.qualifier ELSE event.amount.qualifier END,
    event.firm.value,
    coalesce(
        event.amount.currency, event.cash.currency, event.firm.currency, event.prepaid.currency, event.collateral.currency,
        event.shares_value.currency, event.contingent.currency, event.otherwise.currency, event.cap.currency,
        event.paid.currency, event.steps[1].amount.currency,
        list_filter(list_transform(event.lenders, lambda x: x.amount.currency), lambda x: x IS NOT NULL)[1],
        list_filter(list_transform(event.tranches, lambda x: x.amount.currency), lambda x: x IS NOT NULL)[1]
    ),
    event.part_of, event.capacity_gw, event.capacity_qualifier, event.firm_gw, term_day(event.starts_on),
    term_first_day(coalesce(event.starts_on, event.issued_on)),
    coalesce(
        term_day(coalesce(event.ends_on, event.matures_on, event.expires_on)),
        list_max(list_transform(event.tranches, lambda x: term_day(x.matures_on)))
    ),
    term_day(event.issued_on), event.cancellable_days, term_day(event.cancellable_from),
    coalesce(event.take_or_pay, false), event.capacity_lot, event.subject, event.prepaid.value, event.collateral.value,
    event.covers,
    event.kind, list_transform(event.steps, lambda x: {'from': term_day(x."from"), 'amount': x.amount.value}), event.paid_with,
    event.security, event.instrument,
    CASE event.type WHEN 'acquisition_agreed' THEN event.amount.value END, event.shares_value.value, event.contingent.value,
    event.sellers, event.otherwise.value, CASE event.type WHEN 'option_granted' THEN event."on" END,
    event.share, event."of", event.cap.value,
    coalesce(event.shares_max, event.shares), event.share_class, event.paid.value,
    event.conversion_price.value, event.conversion_shares, event.exercise_price.value,
    event.price_per_share.value,
    coalesce(event.exercise_price.currency, event.price_per_share.currency, event.conversion_price.currency),
    list_transform(event.lenders, lambda x: {'company': x.company, 'amount': x.amount.value}),
    list_transform(
        event.tranches,
        lambda x: {
            'tranche': x.tranche, 'amount': x.amount.value, 'shares': x.shares, 'percent': x.percent,
            'matures_on': term_day(x.matures_on), 'conditions': x.conditions
        }
    ),
    event.conditions, event.schedule, event.relies_on, event.pledged, event.rate."text",
    event.rate.percent, event.rate.spread_bp, event.secured_by, event.recourse, event.confidence,
    getvariable('hypothetical')
FROM reading
WHERE list_contains(getvariable('types'), event.type)
ORDER BY slot;

-- statement: status
INSERT INTO status
SELECT
    slot, seen_from, seen_to, ordering_key(event.effective_on, event.announced_on, slot), event.key, read_at,
    event.effective_on, event.announced_on, event.deal, event.leg, event.status, coalesce(event.conditional, false),
    event.superseded_by, event.reason, getvariable('hypothetical')
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: performance
INSERT INTO performance
SELECT
    slot, seen_from, seen_to, event.key, read_at, event.effective_on, event.announced_on, event.type, event.deal, event.leg,
    event.tranche, event.amount.value, event.amount.currency, event.capacity_gw, event.units, event.unit, event.legs,
    event.shares, event.shares_issued, event.shares_withheld, event.reason, event.payer, event.payee,
    getvariable('hypothetical')
FROM reading
WHERE list_contains(getvariable('types'), event.type)
ORDER BY slot;

-- statement: metric
INSERT INTO metric
SELECT
    slot, seen_from, seen_to, ordering_key(event.effective_on, event.announced_on, slot), event.key, read_at,
    event.effective_on, event.announced_on, event.company, event.market, event.metric, event.metric_name,
    event.counterparty, coalesce(event.average, false), event.share_class, event.value, event.low, event.high, event.unit, event.basis, event.qualifier,
    coalesce(event.period_from, try_cast(event."on" AS DATE)), event.period_to, event.confidence
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: price
INSERT INTO price
SELECT
    slot, seen_from, seen_to, ordering_key(event.effective_on, event.announced_on, slot), event.key, read_at,
    event.effective_on, event.announced_on, event.company, event.session, event.return, event.basis,
    event.close.value, event.close.currency, event.prior_close.value, event.benchmark_return, event.about
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: split
INSERT INTO split
SELECT
    slot, seen_from, seen_to, ordering_key(event.effective_on, event.announced_on, slot), event.key, read_at,
    event.effective_on, event.announced_on, event.company, event.share_class,
    split_part(event.ratio, ':', 1)::BIGINT, split_part(event.ratio, ':', 2)::BIGINT
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: milestone
INSERT INTO milestone
SELECT
    slot, seen_from, seen_to, ordering_key(event.effective_on, event.announced_on, slot), event.key, read_at,
    event.effective_on, event.announced_on, event.deal, event.company, event.kind, event."text"
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: source
INSERT INTO source
SELECT
    slot, seen_from, seen_to, event.key, event.type, event.deal, event.leg, event.announced_on,
    event.source.kind, event.source.publisher, event.source.published_on, event.source.sha256,
    coalesce(event.date_precision.effective_on, 'day') <> 'day'
    OR coalesce(event.date_precision.announced_on, 'day') <> 'day',
    list_transform(
        event.contested,
        lambda x: {
            'value': x.value, 'amount': x.amount.value, 'currency': x.amount.currency, 'publisher': x.publisher
        }
    )
FROM reading ORDER BY slot;

-- statement: attachment
INSERT INTO attachment
SELECT slot, seen_from, seen_to, event.key, event.about, event.sha256
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;
