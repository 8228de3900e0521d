/// What the stand-in does differently from one run to the next, apart from how it is reached.
package struct ProviderRules: Sendable {
    package var merchantId: String
    /// Shown on the wallet page.
    package var merchantName: String
    /// Where webhooks go of charges that name no `webhooksUrl`; nil: nowhere.
    package var webhooksUrl: String?
    /// Consumers have proven who they are, so Jenius Pay's higher maximum counts.
    package var isKYC: Bool
    /// PPRO's times are so much as long.
    package var timeScale: Double
    /// Beyond it the oldest charge is forgotten.
    package var maximumCharges: Int

    package static let defaultMerchantId = "merch_SandboxSandboxSandbox"

    package init(
        merchantId: String = Self.defaultMerchantId, merchantName: String = "Toko Contoh", webhooksUrl: String? = nil, isKYC: Bool = false,
        timeScale: Double = 1, maximumCharges: Int = 50_000
    ) {
        self.merchantId = merchantId
        self.merchantName = merchantName
        self.webhooksUrl = webhooksUrl
        self.isKYC = isKYC
        self.timeScale = timeScale
        self.maximumCharges = maximumCharges
    }

    /// Why webhooks cannot be sent and browsers not be led there, like `must be an http or https URL`; nil when they can.
    package static func problem(withURL url: String) -> String? { WebAddress.problem(with: url) }

    /// How long a PROCESSING status lasts. PPRO says only that it is short.
    static let processingMilliseconds: Int64 = 200
    /// How long the money of a capture or refund takes. PPRO does not say.
    static let fundsMilliseconds: Int64 = 24 * 3_600_000

    /// A time of PPRO's as it is here, at least a millisecond.
    func scaled(_ milliseconds: Int64) -> Int64 {
        let scaled = Double(milliseconds) * timeScale
        return scaled >= 1 ? Int64(min(scaled, 1e15).rounded()) : 1
    }
}
