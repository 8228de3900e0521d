import Provider

/// An invented consumer. The mail domain and the phone numbers reach nobody.
struct Consumer: Sendable {
    let name: String
    let email: String
    let phone: String
    let reference: String
    let street: String

    init(using generator: inout SeededGenerator) {
        let given = generator.element(of: ["Budi", "Siti", "Agus", "Putri", "Wayan", "Ayu", "Rizky", "Zoë"], or: "Budi")
        let family = generator.element(of: ["Santoso", "Wijaya", "Lestari", "Nasution", "Hidayat", "Siregar"], or: "Santoso")
        let number = String(1000 + generator.below(9000))
        name = "\(given) \(family)"
        email = "consumer.\(number)@example.com"
        phone = "+62 800 000 \(number)"
        reference = "consumer-\(number)"
        street = "Jalan Contoh \(1 + generator.below(200))"
    }
}
