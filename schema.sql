-- terima's database, version 1. Times are milliseconds since 1970-01-01T00:00:00Z; amounts are minor units (ISO 4217).
-- Words are checked with OR, not with IN: for a list of more than two SQLite builds a temporary index each time it checks a row, which was half of an insert.
-- The way of an event: event + payload (accepted) -> charge or agreement (applied) -> notification + delivery (to be told) -> attempt (told).

-- Which database this is. It is noted beside the file, so that another database's file or log is not taken for this one's.
CREATE TABLE origin (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    id              BLOB    NOT NULL CHECK (length(id) = 16)
) STRICT;
INSERT INTO origin (one, id) VALUES (1, randomblob(16));

-- Every event ever accepted, in order of arrival. A row is never deleted: without its payload it is the tombstone that keeps a repeat a repeat.
CREATE TABLE event (
    seq             INTEGER PRIMARY KEY,
    source          TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    body_sha256     BLOB    NOT NULL CHECK (length(body_sha256) = 32),
    received_at     INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state = 'received' OR state = 'applied' OR state = 'failed'),
    outcome         TEXT
        CHECK (outcome = 'advanced' OR outcome = 'unchanged' OR outcome = 'late' OR outcome = 'anomaly' OR outcome = 'passed_on'),
    error           TEXT,
    again           INTEGER NOT NULL DEFAULT 0 CHECK (again IN (0, 1)),   -- 1: replay asked for, to be applied again
    repeats         INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0),
    conflicts       INTEGER NOT NULL DEFAULT 0 CHECK (conflicts >= 0),
    -- The facts that the folds need; they stay when the payload is purged or erased.
    type            TEXT,
    kind            TEXT             CHECK (kind = 'charge' OR kind = 'agreement' OR kind = 'other'),
    subject         TEXT,
    time            INTEGER,
    status          TEXT,
    operation       TEXT
        CHECK (operation = 'authorization' OR operation = 'capture' OR operation = 'refund' OR operation = 'void' OR operation = 'chargeback'),
    operation_id    TEXT,
    operation_state TEXT
        CHECK (operation_state = 'pending' OR operation_state = 'succeeded' OR operation_state = 'failed' OR operation_state = 'discarded'),
    amount          INTEGER,
    currency        TEXT,
    funds_state     TEXT,
    failure_code    TEXT,
    payment_method  TEXT,
    merchant_id     TEXT,
    merchant_reference TEXT,
    order_reference TEXT,
    snapshot        TEXT,                                                 -- JSON: every operation, when the event is an answer of PPRO's API
    -- Set when the event is applied.
    charge          INTEGER REFERENCES charge (seq),
    agreement       INTEGER REFERENCES agreement (seq),
    CHECK ((state = 'applied') = (outcome IS NOT NULL)),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    CHECK (state = 'failed' OR again = 1 OR (type IS NOT NULL AND kind IS NOT NULL AND time IS NOT NULL)),
    CHECK ((operation IS NULL) = (operation_state IS NULL)),
    CHECK ((amount IS NULL) = (currency IS NULL))
) STRICT;
CREATE INDEX event_by_charge ON event (charge) WHERE charge IS NOT NULL;
CREATE INDEX event_by_agreement ON event (agreement) WHERE agreement IS NOT NULL;
CREATE INDEX event_failed ON event (seq) WHERE state = 'failed';
CREATE INDEX event_again ON event (seq) WHERE again = 1;

-- The duplicate check. It is held in memory while terima runs and read from here at start; a hit is confirmed on the bytes of event.source and event.id.
-- A row holds the fingerprints of some events that are numbered one after the other, 8 bytes each, big-endian. It is written when there are enough of them:
-- the newest events' are computed again at start.
CREATE TABLE identity (
    first           INTEGER PRIMARY KEY REFERENCES event (seq),
    fingerprints    BLOB    NOT NULL CHECK (length(fingerprints) > 0 AND length(fingerprints) % 8 = 0)
) STRICT;

-- The raw body, apart from the event so that applying never rewrites it and purging never touches the tombstone.
CREATE TABLE payload (
    event           INTEGER PRIMARY KEY REFERENCES event (seq),
    body            BLOB    NOT NULL
) STRICT;

-- Other bodies that came under an identity already taken. They change nothing; they are kept to be looked at.
CREATE TABLE conflict (
    seq             INTEGER PRIMARY KEY,
    event           INTEGER NOT NULL REFERENCES event (seq),
    received_at     INTEGER NOT NULL,
    body_sha256     BLOB    NOT NULL CHECK (length(body_sha256) = 32),
    body            BLOB,
    UNIQUE (event, body_sha256)
) STRICT;

-- How far the worker has come: every event with seq <= applied_through is applied or failed, or has again = 1.
CREATE TABLE progress (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    applied_through INTEGER NOT NULL CHECK (applied_through >= 0)
) STRICT;
INSERT INTO progress (one, applied_through) VALUES (1, 0);

CREATE TABLE charge (
    seq             INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    version         INTEGER NOT NULL CHECK (version >= 1),
    status          TEXT    NOT NULL,
    currency        TEXT,
    amount          INTEGER,                                              -- what is to be paid
    authorized      INTEGER NOT NULL,
    captured        INTEGER NOT NULL,
    refunded        INTEGER NOT NULL,
    voided          INTEGER NOT NULL,
    charged_back    INTEGER NOT NULL,
    refunded_after_chargeback INTEGER NOT NULL,
    funds_state     TEXT,
    payment_method  TEXT,
    merchant_id     TEXT,
    merchant_reference TEXT,
    order_reference TEXT,
    failure_code    TEXT,
    anomalies       INTEGER NOT NULL CHECK (anomalies >= 0),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    -- Doubt. It is no part of what the events tell: rebuilding leaves it alone.
    overdue_at      INTEGER,                                              -- from then on the charge should have moved on by itself; NULL: it may rest
    ask_at          INTEGER,                                              -- when to ask PPRO about it; NULL: no doubt
    ask_reason      TEXT
        CHECK (ask_reason = 'anomaly' OR ask_reason = 'pending' OR ask_reason = 'processing' OR ask_reason = 'downtime' OR ask_reason = 'operator'),
    asked           INTEGER NOT NULL DEFAULT 0 CHECK (asked >= 0),        -- how often since a webhook last changed it
    CHECK ((ask_at IS NULL) = (ask_reason IS NULL))
) STRICT;
CREATE INDEX charge_anomalous ON charge (seq) WHERE anomalies > 0;
CREATE INDEX charge_by_reference ON charge (merchant_reference) WHERE merchant_reference IS NOT NULL;
CREATE INDEX charge_by_order ON charge (order_reference) WHERE order_reference IS NOT NULL;
CREATE INDEX charge_open ON charge (seq)
    WHERE status <> 'CAPTURED' AND status <> 'REFUNDED' AND status <> 'VOIDED' AND status <> 'DISCARDED' AND status <> 'FAILED';
CREATE INDEX charge_overdue ON charge (overdue_at) WHERE overdue_at IS NOT NULL;
CREATE INDEX charge_to_ask ON charge (ask_at) WHERE ask_at IS NOT NULL;

-- What is wrong with a charge's money by its events alone; written with the charge. Alarms that time brings (untold, overdue, silence) have no rows.
CREATE TABLE alarm (
    charge          INTEGER NOT NULL REFERENCES charge (seq),
    kind            TEXT    NOT NULL
        CHECK (kind = 'captured_differs' OR kind = 'refunded_after_chargeback' OR kind = 'method_cannot' OR kind = 'anomaly'),
    amount          INTEGER NOT NULL CHECK (amount >= 0),                 -- the money concerned
    since           INTEGER NOT NULL,
    anomalies       INTEGER NOT NULL CHECK (anomalies >= 0),              -- of the charge; 0 for the other kinds
    PRIMARY KEY (charge, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_by_kind ON alarm (kind, since);

-- Alarms that an operator has seen and wants to hear no more of: that one, not another about the same charge later.
CREATE TABLE acknowledgement (
    charge          INTEGER NOT NULL REFERENCES charge (seq),
    kind            TEXT    NOT NULL
        CHECK (kind = 'untold' OR kind = 'overdue' OR kind = 'captured_differs' OR kind = 'refunded_after_chargeback' OR kind = 'method_cannot' OR kind = 'anomaly'),
    amount          INTEGER NOT NULL CHECK (amount >= 0),
    since           INTEGER NOT NULL,
    anomalies       INTEGER NOT NULL CHECK (anomalies >= 0),
    at              INTEGER NOT NULL,
    who             TEXT    NOT NULL,
    reason          TEXT,
    PRIMARY KEY (charge, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement (
    seq             INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    version         INTEGER NOT NULL CHECK (version >= 1),
    status          TEXT    NOT NULL,
    payment_method  TEXT,
    merchant_id     TEXT,
    merchant_reference TEXT,
    failure_code    TEXT,
    anomalies       INTEGER NOT NULL CHECK (anomalies >= 0),
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX agreement_anomalous ON agreement (seq) WHERE anomalies > 0;

-- Every change there was to tell, with the exact bytes the shop receives. For charges and agreements these rows are the history.
CREATE TABLE notification (
    seq             INTEGER PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE CHECK (id GLOB 'ntf_*'),
    type            TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    version         INTEGER          CHECK (version >= 1),
    previous_status TEXT,
    status          TEXT,
    charge          INTEGER REFERENCES charge (seq),
    agreement       INTEGER REFERENCES agreement (seq),
    event           INTEGER NOT NULL REFERENCES event (seq),              -- the event that caused it
    created_at      INTEGER NOT NULL,
    -- What the endpoints receive; of charges and agreements a Zstandard frame (notification.dictionary). NULL: purged, which is done to what every endpoint has.
    body            BLOB,
    CHECK ((version IS NULL) = (charge IS NULL AND agreement IS NULL)),
    CHECK (charge IS NULL OR agreement IS NULL)
) STRICT;
CREATE UNIQUE INDEX notification_by_charge ON notification (charge, version) WHERE charge IS NOT NULL;
CREATE UNIQUE INDEX notification_by_agreement ON notification (agreement, version) WHERE agreement IS NOT NULL;
CREATE INDEX notification_by_event ON notification (event);

-- One notification to one endpoint. Only the first pending delivery of a lane is sent: that keeps one charge in order. It alone has a time to be sent at;
-- the others wait for it, so that a long backlog behind it is never walked over to find what is due.
CREATE TABLE delivery (
    seq             INTEGER PRIMARY KEY,
    notification    INTEGER NOT NULL REFERENCES notification (seq),
    endpoint        TEXT    NOT NULL,
    lane            INTEGER NOT NULL,                                     -- charge.seq * 2, agreement.seq * 2 + 1, -notification.seq
    state           TEXT    NOT NULL CHECK (state = 'pending' OR state = 'delivered' OR state = 'dead'),
    attempts        INTEGER NOT NULL CHECK (attempts >= 0),
    next_attempt_at INTEGER,                                              -- NULL while another pending delivery of the lane comes first
    last_status     INTEGER,
    last_error      TEXT,
    finished_at     INTEGER,
    round           INTEGER NOT NULL DEFAULT 0 CHECK (round >= 0),        -- attempts made before the last replay: the schedule starts anew after one
    UNIQUE (notification, endpoint),
    CHECK (state = 'pending' OR next_attempt_at IS NULL),
    CHECK ((state = 'pending') = (finished_at IS NULL))
) STRICT;
CREATE INDEX delivery_due ON delivery (endpoint, next_attempt_at) WHERE state = 'pending' AND next_attempt_at IS NOT NULL;
CREATE INDEX delivery_lane ON delivery (endpoint, lane, seq) WHERE state = 'pending';
CREATE INDEX delivery_dead ON delivery (endpoint, seq) WHERE state = 'dead';

CREATE TABLE attempt (
    delivery        INTEGER NOT NULL REFERENCES delivery (seq),
    number          INTEGER NOT NULL CHECK (number >= 1),
    at              INTEGER NOT NULL,
    status          INTEGER,
    error           TEXT,
    duration_ms     INTEGER NOT NULL CHECK (duration_ms >= 0),
    PRIMARY KEY (delivery, number),
    CHECK (status IS NOT NULL OR error IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- Who asked for what to be done again, and why.
CREATE TABLE replay (
    seq             INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    who             TEXT    NOT NULL,
    reason          TEXT,
    selection       TEXT    NOT NULL,
    events          INTEGER NOT NULL,
    deliveries      INTEGER NOT NULL
) STRICT;

-- Who had personal data erased, and why; never whose. What was erased is counted.
CREATE TABLE erasure (
    seq             INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    who             TEXT    NOT NULL,
    reason          TEXT,
    selection       TEXT    NOT NULL,                                     -- JSON: the charge or agreement by its id; of a consumer only that it was one
    events          INTEGER NOT NULL,
    bodies          INTEGER NOT NULL
) STRICT;
