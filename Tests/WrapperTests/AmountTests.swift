import Testing
import Text

@Suite("Amounts")
struct AmountTests {
    @Test(
        "byte counts have one digit after the point",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1049, "1.0 kB"), (1050, "1.1 kB"), (999_949, "999.9 kB"),
            (999_950, "1.0 MB"), (412_345_678, "412.3 MB"), (Int64.max, "9.2 EB"), (-5, "-5 B"),
        ] as [(Int64, String)])
    func bytes(_ count: Int64, _ expected: String) {
        #expect(Amount.bytes(count) == expected)
    }

    @Test(
        "elapsed times have two units at most",
        arguments: [
            (0, "0 ms"), (999, "999 ms"), (1000, "1.0 s"), (59_949, "59.9 s"), (59_950, "1 min 00 s"), (125_000, "2 min 05 s"),
            (3_599_499, "59 min 59 s"), (3_599_500, "1 h 00 min"), (3_720_000, "1 h 02 min"), (273_600_000, "3 d 04 h"),
            (-7, "0 ms"),
        ] as [(Int64, String)])
    func elapsed(_ milliseconds: Int64, _ expected: String) {
        #expect(Amount.elapsed(milliseconds: milliseconds) == expected)
        #expect(Amount.elapsed(.milliseconds(milliseconds)) == expected)
    }

    @Test(
        "a time of which whole seconds are known claims no more",
        arguments: [
            (-1, "<1 s"), (0, "<1 s"), (1, "1 s"), (59, "59 s"), (60, "1 min 00 s"), (125, "2 min 05 s"), (3_720, "1 h 02 min"),
        ])
    func wholeSeconds(_ seconds: Int64, _ expected: String) { #expect(Amount.elapsed(seconds: seconds) == expected) }

    @Test("numbers are grouped, and agree with their noun")
    func counts() {
        #expect([0, 999, 1000, 20_672, -1_234_567].map { Amount.grouped($0) } == ["0", "999", "1,000", "20,672", "-1,234,567"])
        #expect(Amount.count(1, "image") == "1 image")
        #expect(Amount.count(1204, "file") == "1,204 files")
        #expect(Amount.count(2, "copy", plural: "copies") == "2 copies")
    }

    @Test(
        "a running clock is short",
        arguments: [
            (0, "0.0s"), (1_250, "1.2s"), (59_999, "59.9s"), (60_000, "1m 00s"), (65_400, "1m 05s"), (3_600_000, "1h 00m"),
            (7_380_000, "2h 03m"),
        ] as [(UInt64, String)]
    )
    func clock(_ milliseconds: UInt64, _ text: String) {
        #expect(Amount.clock(nanoseconds: milliseconds * 1_000_000) == text)
    }
}
