import PaymentCore

extension Notify {
    func status(trouble: String?) -> WorkerStatus {
        WorkerStatus(
            endpoints: endpoints.indices.map {
                .init(
                    name: endpoints[$0].name, breaker: breakers[$0].state, inFlight: pending.count(of: $0), attempts: measures[$0],
                    secretCount: endpoints[$0].secrets.count)
            }, trouble: trouble)
    }
}
