import Foundation
import TestSupport
import Testing

@testable import Terima

@Suite struct QRCodeTests {
    private let link = "https://wallet.sandbox.example/pay/charge_mXC6KnPKOY6MuyBf7dwaY?token=9f8e7d6c5b4a39281706&lang=id"

    /// The matrix that the lines show.
    private func modules(_ lines: [String], isColored: Bool) -> [[Bool]] {
        lines.flatMap { line in
            let blocks = line.replacing("\u{1B}[30;107m", with: "").replacing("\u{1B}[0m", with: "")
            let upper = blocks.map { (("█▀" as String).contains($0)) == isColored }
            let lower = blocks.map { (("█▄" as String).contains($0)) == isColored }
            return [upper, lower]
        }
    }

    @Test(arguments: [true, false]) func theLinesShowTheMatrixInItsQuietZone(isColored: Bool) throws {
        let code = try #require(QRCode(link))
        let shown = modules(code.lines(isColored: isColored), isColored: isColored)
        let zone = QRCode.quietZone
        #expect(shown.allSatisfy { $0.count == code.size + 2 * zone })
        for (row, line) in shown.enumerated() {
            for (column, isDark) in line.enumerated() where isDark != code.isDark(row: row - zone, column: column - zone) {
                Issue.record("row \(row), column \(column)")
            }
        }
        #expect(shown.count >= code.size + 2 * zone)
    }

    @Test func theMatrixHasItsFinders() throws {
        let code = try #require(QRCode(link))
        #expect((code.size - 17).isMultiple(of: 4))
        for (top, left) in [(0, 0), (0, code.size - 7), (code.size - 7, 0)] {
            for offset in 0..<7 {
                #expect(code.isDark(row: top, column: left + offset) && code.isDark(row: top + 6, column: left + offset))
                #expect(code.isDark(row: top + offset, column: left) && code.isDark(row: top + offset, column: left + 6))
            }
            #expect(!code.isDark(row: top + 1, column: left + 1) && code.isDark(row: top + 3, column: left + 3))
        }
    }

    @Test func whatFitsNoSymbolIsNone() {
        #expect(QRCode("") == nil)
        #expect(QRCode(String(repeating: "a", count: QRCode.maximumBytes))?.size == 177)
        #expect(QRCode(String(repeating: "a", count: QRCode.maximumBytes + 1)) == nil)
        #expect(QRCode("a\u{0}b")?.size == 21)
    }

    private static let reader = "/usr/bin/zbarimg"

    /// What a telephone does: reads a picture of the terminal. Where there is no such reader the other tests must do.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: reader)), arguments: [true, false])
    func aReaderReadsThePictureOfTheTerminal(isColored: Bool) async throws {
        let code = try #require(QRCode(link))
        let scale = 6
        let rows = modules(code.lines(isColored: isColored), isColored: isColored)
        var picture = Array("P5\n\((rows.first?.count ?? 0) * scale) \(rows.count * scale)\n255\n".utf8)
        for row in rows {
            let line: [UInt8] = row.flatMap { [UInt8](repeating: $0 ? 0 : 255, count: scale) }
            for _ in 0..<scale { picture += line }
        }
        let directory = try TemporaryDirectory()
        try Data(picture).write(to: URL(fileURLWithPath: directory.file("code.pgm")))
        let read = try await Program.run(Self.reader, ["--quiet", "--raw", directory.file("code.pgm")])
        #expect(String(decoding: read.output, as: UTF8.self) == link + "\n")
    }
}
