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
    slot, seen_from, seen_to, event.key, read_at, event.company, event.name, event.layer, event.ticker, event.cik,
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
    coalesce(event.buyer, event.investor, event.issuer, event.borrower, event.guarantor),
    coalesce(event.supplier, event.investee, event.holder, event.obligor),
    event.beneficiary, event.amount.value, event.amount.qualifier, event.firm.value,
    coalesce(
        event.amount.currency, event.firm.currency, event.prepaid.currency, event.collateral.currency,
        list_filter(list_transform(event.lenders, lambda x: x.amount.currency), lambda x: x IS NOT NULL)[1],
        list_filter(list_transform(event.tranches, lambda x: x.amount.currency), lambda x: x IS NOT NULL)[1]
    ),
    event.capacity_gw, event.firm_gw, event.starts_on,
    coalesce(event.ends_on, event.matures_on, event.expires_on),
    event.cancellable_days, event.capacity_lot, event.subject, event.prepaid.value, event.collateral.value,
    event.covers, event.security, coalesce(event.shares_max, event.shares), event.exercise_price.value,
    coalesce(event.exercise_price.currency, event.price_per_share.currency),
    list_transform(event.lenders, lambda x: {'company': x.company, 'amount': x.amount.value}),
    list_transform(
        event.tranches,
        lambda x: {'tranche': x.tranche, 'amount': x.amount.value, 'shares': x.shares, 'conditions': x.conditions}
    ),
    event.schedule, event.relies_on, event.rate."text", event.secured_by, event.recourse, event.confidence,
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
    event.tranche, event.amount.value, event.amount.currency, event.capacity_gw, event.shares, event.payer, event.payee,
    getvariable('hypothetical')
FROM reading
WHERE list_contains(getvariable('types'), event.type)
ORDER BY slot;

-- statement: metric
INSERT INTO metric
SELECT
    slot, seen_from, seen_to, ordering_key(event.effective_on, event.announced_on, slot), event.key, read_at,
    event.effective_on, event.announced_on, event.company, event.market, event.metric, event.metric_name,
    event.counterparty, event.value, event.low, event.high, event.unit, event.basis, event.qualifier,
    coalesce(event.period_from, event."on"), event.period_to, event.confidence
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: price
INSERT INTO price
SELECT
    slot, seen_from, seen_to, ordering_key(event.effective_on, event.announced_on, slot), event.key, read_at,
    event.effective_on, event.announced_on, event.company, event.session, event.return, event.basis,
    event.close.value, event.close.currency, event.prior_close.value, event.benchmark_return, event.about
FROM reading WHERE list_contains(getvariable('types'), event.type) ORDER BY slot;

-- statement: source
INSERT INTO source
SELECT
    slot, seen_from, seen_to, event.key, event.type, event.deal, event.leg, event.announced_on,
    event.source.kind, event.source.publisher, event.source.sha256,
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
