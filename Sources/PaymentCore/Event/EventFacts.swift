/// What an event says, reduced to what the folds need. These facts are columns of the stored event and outlive its payload.
package struct EventFacts: Sendable, Equatable {
    /// The published type (`PAYMENT_CHARGE_CREATED`, …) or any other word PPRO may send.
    package var type: String
    /// The id of the resource: the id inside `data` where there is one, else the envelope's `subject`.
    package var subject: String?
    /// The envelope's `time`.
    package var time: Instant
    /// What the event is about, decided by its type.
    package var kind: EventKind
    /// `paymentChargeStatus` or `paymentAgreementStatus`: the word as it was sent.
    package var status: String?
    /// The authorization, capture, refund or void that the event reports on.
    package var operation: OperationFact?
    package var amount: Money?
    package var fundsState: String?
    package var failureCode: String?
    package var paymentMethod: String?
    package var merchantId: String?
    /// `merchantPaymentChargeReference`, or for agreements `merchantPaymentAgreementReference`.
    package var merchantReference: String?
    package var orderReferenceNumber: String?
    /// Set for an answer of PPRO's API only: it tells every operation at once and sets the status, whatever came before.
    package var snapshot: ChargeSnapshot?

    package init(type: String, subject: String?, time: Instant, kind: EventKind) {
        self.type = type
        self.subject = subject
        self.time = time
        self.kind = kind
    }
}

/// Which state an event belongs to.
package enum EventKind: String, Sendable, CaseIterable {
    /// Folds into a charge.
    case charge
    /// Folds into an agreement.
    case agreement
    /// Instruments, reports and unknown types: stored and passed on.
    case other
}

/// What an event says about one operation of a charge.
package struct OperationFact: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case authorization, capture, refund, void, chargeback }
    package enum State: String, Sendable, CaseIterable { case pending, succeeded, failed, discarded }

    package var kind: Kind
    /// PPRO's id (`authz_…`, `capture_…`); nil where the event names none.
    package var id: String?
    package var state: State

    package init(kind: Kind, id: String?, state: State) {
        self.kind = kind
        self.id = id
        self.state = state
    }
}
