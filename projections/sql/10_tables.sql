-- Typed tables, one for each family of events, ordered by position. Rebuilt from the log at any time.
--
-- slot        the position that the fact ranks by: its own, or that of the event it replaces
-- seen_from   the first log position at which this reading of the slot is visible
-- seen_to     the first log position at which it no longer is (a later correction or a retraction)
-- okey        effective day << 47 | announced day << 31 | slot: the greater one wins
-- read_at     the log position of the entry that says so: the slot itself, or the correction that put this reading there

-- One row: the last position in these tables, the root of the log there (empty where it has none), and the digest of the
-- scripts and modules that made them.
CREATE TABLE state (
    position BIGINT NOT NULL,
    root VARCHAR NOT NULL,
    content VARCHAR NOT NULL
);

CREATE TABLE log (
    position INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    schema_version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorder VARCHAR NOT NULL,
    announced_on DATE NOT NULL,
    effective_on DATE NOT NULL,
    corrects VARCHAR,
    slot INTEGER NOT NULL,
    hypothetical BOOLEAN NOT NULL
);

CREATE TABLE company (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    company VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    layer VARCHAR NOT NULL,
    layer_name VARCHAR,
    ticker VARCHAR,
    cik VARCHAR,
    lei VARCHAR,
    parent VARCHAR,
    stand_in BOOLEAN NOT NULL,
    aliases VARCHAR []
);

CREATE TABLE party (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    announced_on DATE NOT NULL,
    placeholder VARCHAR NOT NULL,
    company VARCHAR NOT NULL
);

-- first_party, second_party: buyer, supplier; investor, investee; issuer, holder; borrower; guarantor, obligor; acquirer,
-- target; holder, grantor (of an option); payer, payee (of a royalty).
-- amount: what was announced; of an acquisition its cash, beside which `price` is the whole and `shares_value` the shares.
-- ends_on: the last day of a purchase, guarantee or royalty, the maturity of a loan, the expiry of a warrant or option. Days
-- told by the month or year stand at their last day. begins_on: the first day that the start or the issue can be on.
CREATE TABLE terms (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    okey BIGINT NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    announced_on DATE NOT NULL,
    type VARCHAR NOT NULL,
    deal VARCHAR NOT NULL,
    leg VARCHAR NOT NULL,
    amends VARCHAR,
    status VARCHAR NOT NULL,
    conditional BOOLEAN NOT NULL,
    first_party VARCHAR,
    second_party VARCHAR,
    beneficiary VARCHAR,
    amount DECIMAL(38, 6),
    qualifier VARCHAR,
    firm DECIMAL(38, 6),
    currency VARCHAR,
    part_of VARCHAR,
    capacity_gw DECIMAL(9, 6),
    capacity_qualifier VARCHAR,
    firm_gw DECIMAL(9, 6),
    starts_on DATE,
    begins_on DATE,
    ends_on DATE,
    issued_on DATE,
    cancellable_days INTEGER,
    cancellable_from DATE,
    take_or_pay BOOLEAN NOT NULL,
    capacity_lot VARCHAR,
    subject VARCHAR,
    prepaid DECIMAL(38, 6),
    collateral DECIMAL(38, 6),
    covers VARCHAR,
    guarantee_kind VARCHAR,
    steps STRUCT("from" DATE, amount DECIMAL(38, 6)) [],
    paid_with VARCHAR,
    security VARCHAR,
    instrument VARCHAR,
    price DECIMAL(38, 6),
    shares_value DECIMAL(38, 6),
    contingent DECIMAL(38, 6),
    sellers VARCHAR [],
    fee DECIMAL(38, 6),
    option_on VARCHAR,
    royalty_share DECIMAL(9, 6),
    royalty_of VARCHAR,
    cap DECIMAL(38, 6),
    shares BIGINT,
    share_class VARCHAR,
    warrant_paid DECIMAL(38, 6),
    conversion_price DECIMAL(38, 6),
    conversion_shares BIGINT,
    exercise_price DECIMAL(38, 6),
    price_per_share DECIMAL(38, 6),
    price_currency VARCHAR,
    lenders STRUCT(company VARCHAR, amount DECIMAL(38, 6)) [],
    tranches STRUCT(
        tranche VARCHAR,
        amount DECIMAL(38, 6),
        shares BIGINT,
        percent DECIMAL(38, 6),
        matures_on DATE,
        conditions STRUCT(kind VARCHAR, threshold VARCHAR, unit VARCHAR, "text" VARCHAR, leg VARCHAR) []
    ) [],
    conditions STRUCT(kind VARCHAR, threshold VARCHAR, unit VARCHAR, "text" VARCHAR, leg VARCHAR) [],
    schedule STRUCT("from" DATE, "to" DATE, share DECIMAL(9, 6)) [],
    relies_on VARCHAR [],
    pledged VARCHAR [],
    rate VARCHAR,
    rate_percent DECIMAL(38, 6),
    rate_spread_bp DECIMAL(38, 6),
    secured_by VARCHAR,
    recourse VARCHAR,
    confidence VARCHAR,
    hypothetical BOOLEAN NOT NULL
);

CREATE TABLE status (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    okey BIGINT NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    announced_on DATE NOT NULL,
    deal VARCHAR NOT NULL,
    leg VARCHAR,
    status VARCHAR NOT NULL,
    conditional BOOLEAN NOT NULL,
    superseded_by VARCHAR,
    reason VARCHAR,
    hypothetical BOOLEAN NOT NULL
);

CREATE TABLE performance (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    announced_on DATE NOT NULL,
    type VARCHAR NOT NULL,
    deal VARCHAR NOT NULL,
    leg VARCHAR NOT NULL,
    tranche VARCHAR,
    amount DECIMAL(38, 6),
    currency VARCHAR,
    capacity_gw DECIMAL(18, 6),
    units BIGINT,
    unit VARCHAR,
    shared_with VARCHAR [],
    shares BIGINT,
    shares_issued BIGINT,
    shares_withheld BIGINT,
    reason VARCHAR,
    payer VARCHAR,
    payee VARCHAR,
    hypothetical BOOLEAN NOT NULL
);

CREATE TABLE metric (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    okey BIGINT NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    announced_on DATE NOT NULL,
    company VARCHAR,
    market VARCHAR,
    metric VARCHAR NOT NULL,
    metric_name VARCHAR,
    counterparty VARCHAR,
    average BOOLEAN NOT NULL,
    share_class VARCHAR,
    value DECIMAL(38, 6) NOT NULL,
    low DECIMAL(38, 6),
    high DECIMAL(38, 6),
    unit VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    qualifier VARCHAR,
    period_from DATE NOT NULL,
    period_to DATE,
    confidence VARCHAR
);

CREATE TABLE price (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    okey BIGINT NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    announced_on DATE NOT NULL,
    company VARCHAR NOT NULL,
    session DATE NOT NULL,
    return DECIMAL(38, 6) NOT NULL,
    basis VARCHAR NOT NULL,
    close DECIMAL(38, 6),
    currency VARCHAR,
    prior_close DECIMAL(38, 6),
    benchmark_return DECIMAL(38, 6),
    about VARCHAR
);

-- new_shares new ones for old_shares old ones, from the effective day on.
CREATE TABLE split (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    okey BIGINT NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    announced_on DATE NOT NULL,
    company VARCHAR NOT NULL,
    share_class VARCHAR,
    new_shares BIGINT NOT NULL,
    old_shares BIGINT NOT NULL
);

CREATE TABLE milestone (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    okey BIGINT NOT NULL,
    key VARCHAR NOT NULL,
    read_at INTEGER NOT NULL,
    effective_on DATE NOT NULL,
    announced_on DATE NOT NULL,
    deal VARCHAR,
    company VARCHAR,
    kind VARCHAR NOT NULL,
    "text" VARCHAR
);

CREATE TABLE source (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    deal VARCHAR,
    leg VARCHAR,
    announced_on DATE NOT NULL,
    kind VARCHAR,
    publisher VARCHAR,
    published_on DATE,
    sha256 VARCHAR,
    imprecise BOOLEAN NOT NULL,
    contested STRUCT("value" VARCHAR, amount DECIMAL(38, 6), currency VARCHAR, publisher VARCHAR) []
);

CREATE TABLE attachment (
    slot INTEGER NOT NULL,
    seen_from INTEGER NOT NULL,
    seen_to INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL
);
