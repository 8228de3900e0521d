internal import PaymentCore

extension ProviderBook {
    /// Rows of the charges that have changed since the last call.
    mutating func takeKept() -> [KeptRow] {
        defer { changed = [] }
        return changed.map { id in charges[id]?.kept ?? KeptRow(kind: .charge, id: id, json: nil) }
    }

    /// Takes up the charges of a run before. What is due of each follows from how it stands.
    mutating func resume(_ rows: [KeptRow]) throws(StateFileError) {
        var found: [ProviderCharge] = []
        for row in rows where row.kind == .charge { found.append(try ProviderCharge(kept: row)) }
        for charge in found.sorted(by: { $0.number < $1.number }) {
            add(charge)
            if charge.isAwaitingConsumer, let limit = charge.authenticateBy { dues.push((charge.id, .authenticationTimeout), at: limit) }
            if charge.status == .authorizationAsync, let since = charge.operations(.authorization).first?.updatedAt {
                schedule(.providerConfirmation, of: charge.id, at: since, afterMilliseconds: (charge.request.course.confirmationDelaySeconds ?? 0) * 1000)
            }
            for operation in charge.operations { resume(operation, of: charge.id) }
        }
        changed = []
    }

    private mutating func resume(_ operation: ChargeOperation, of charge: String) {
        if operation.isUnderWay {
            schedule(.operation(operation.id), of: charge, at: operation.createdAt, afterMilliseconds: ProviderRules.processingMilliseconds)
        }
        if operation.fundsState == operation.fundsWaiting {
            schedule(.funds(operation.id), of: charge, at: operation.updatedAt, afterMilliseconds: ProviderRules.fundsMilliseconds)
        }
    }
}

extension ChargeOperation {
    /// Will end by itself.
    fileprivate var isUnderWay: Bool { [.capture, .refund, .void].contains(kind) && status == kind.wordUnderWay }
}
