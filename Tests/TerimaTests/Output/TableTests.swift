import Testing

@testable import Terima

@Suite struct TableTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        var table = Table([.init(title: "id"), .init(title: "amount", isNumber: true), .init(title: "note")])
        table.add(["charge_1", "IDR 10,000.00", "paid"])
        table.add(["c", "JPY 5", ""])
        #expect(
            table.lines == [
                "ID               AMOUNT  NOTE",
                "charge_1  IDR 10,000.00  paid",
                "c                 JPY 5",
            ])
    }

    @Test func withoutRowsThereAreOnlyTheHeadings() {
        #expect(Table([.init(title: "charge"), .init(title: "version", isNumber: true)]).lines == ["CHARGE  VERSION"])
    }

    /// Characters as people count them: an accent of its own or a flag is no column more.
    @Test func unicodeIsCountedInCharacters() {
        var table = Table([.init(title: "reference"), .init(title: "n", isNumber: true)])
        table.add(["Zoë-e\u{301}-🇮🇩", "1"])
        table.add(["12345678901", "22"])
        #expect(table.lines == ["REFERENCE     N", "Zoë-e\u{301}-🇮🇩       1", "12345678901  22"])
    }

    /// What PPRO or a forger sends must not move the cursor, ring the bell, or write from right to left.
    @Test func nothingSteersTheTerminal() {
        var table = Table([.init(title: "id")])
        table.add(["a\u{1B}[2Jb\u{7}\nc\r\u{85}\u{202E}d\u{200B}\u{FEFF}e"])
        #expect(table.lines == ["ID", "a?[2Jb??c???d??e"])
        #expect(Table.printable("plain, ümlaut and 日本") == "plain, ümlaut and 日本")
    }

    @Test func aRowMayBeShort() {
        var table = Table([.init(title: "a"), .init(title: "b")])
        table.add(["1"])
        #expect(table.lines == ["A  B", "1"])
    }

    @Test func detailsLeaveOutWhatIsNotThere() {
        let lines = Details.lines([("charge", "charge_1"), ("failure", "-"), ("charged back", "IDR 1.00"), ("id", "a\u{1B}b")])
        #expect(lines == ["charge        charge_1", "charged back  IDR 1.00", "id            a?b"])
        #expect(Details.lines([]).isEmpty)
    }
}
