import ArgumentParser
import PPRO

/// Who pays, and where the goods go.
struct ConsumerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The consumer's name.", valueName: "name")) var consumerName: String?
    @Option(help: ArgumentHelp("The consumer's e-mail address.", valueName: "address")) var consumerEmail: String?
    @Option(help: ArgumentHelp("The consumer's telephone number.", valueName: "number")) var consumerPhone: String?
    @Option(help: ArgumentHelp("The consumer's country (ISO 3166-1 alpha-2).", valueName: "code")) var consumerCountry: String?
    @Option(help: ArgumentHelp("Where the goods go: street and number.", valueName: "street")) var shippingStreet: String?
    @Option(help: ArgumentHelp("Where the goods go: postal code.", valueName: "code")) var shippingPostalCode: String?
    @Option(help: ArgumentHelp("Where the goods go: city.", valueName: "city")) var shippingCity: String?
    @Option(help: ArgumentHelp("Where the goods go: country (ISO 3166-1 alpha-2).", valueName: "code")) var shippingCountry: String?

    /// Puts consumer and address into the order.
    /// - Parameter isTest: What is not given is invented: what Jenius Pay needs, of nobody (the name says so, example.com is nobody's, and the number is too
    ///   short for a telephone). Else it is left out, and the checks before sending tell what the method needs.
    func fill(_ order: inout ChargeOrder, isTest: Bool) {
        func text(_ given: String?, _ invented: String) -> String? { given ?? (isTest ? invented : nil) }
        order.consumer.name = text(consumerName, "Test Consumer")
        order.consumer.email = text(consumerEmail, "test.consumer@example.com")
        order.consumer.phone = text(consumerPhone, "+6280000000")
        order.consumer.country = text(consumerCountry, "ID")
        let address = ChargeOrder.Address(
            street: text(shippingStreet, "Jalan Contoh 1"), postalCode: text(shippingPostalCode, "10110"), city: text(shippingCity, "Jakarta"),
            country: text(shippingCountry, "ID"))
        if address != ChargeOrder.Address() { order.shippingAddress = address }
    }
}
