import Testing

@testable import Terima

/// The README's table of the configuration is what the code takes: no more, no less, in the same words.
@Suite struct SettingTests {
    private func rows() throws -> [[String]] { try Repository.table(in: "README.md", after: "## Configuration") }

    @Test func everySettingIsARowAndEveryRowASetting() throws {
        let expected = Setting.allCases.map { setting in
            [
                "`\(setting.key.environment)`", [setting.type, setting.range].compactMap { $0 }.joined(separator: "; "),
                setting.standard.map { "`\($0)`" } ?? "-", setting.summary,
            ]
        }
        let rows = try rows()
        #expect(rows.filter { !$0[0].contains("<NAME>") } == expected)
    }

    @Test func everyPartOfAnEndpointIsARow() throws {
        let names = try rows().map { $0[0] }.filter { $0.contains("<NAME>") }
        #expect(names == EndpointPart.allCases.map { "`TERIMA_ENDPOINT_<NAME>_\($0.rawValue.uppercased())`" })
        #expect(try rows().first { $0[0].hasSuffix("_EVENTS`") }?[2] == "`*`")
    }

    @Test func keysAreTheSameInEveryPlace() {
        #expect(Setting.signatureTolerance.key.environment == "TERIMA_SIGNATURE_TOLERANCE")
        #expect(Setting.signatureTolerance.key.yamlName == "signature_tolerance")
        let secret = SettingKey.endpoint("back-office", .secret)
        #expect(secret.environment == "TERIMA_ENDPOINT_BACK_OFFICE_SECRET")
        #expect(secret.yamlName == "endpoints.back-office.secret")
        #expect(secret.credential == "endpoint_back_office_secret")
        #expect(secret.fileVariant.environment == "TERIMA_ENDPOINT_BACK_OFFICE_SECRET_FILE")
        #expect(secret.fileVariant.yamlName == "endpoints.back-office.secret_file")
        #expect(Setting.allCases.filter(\.isSecret) == [.apiToken, .signingSecrets, .pproKey])
    }
}
