import Platform
import TestSupport
import Testing

/// Writes TZif files, also wrong ones.
struct TZif {
    var magic = "TZif"
    var version: UInt8 = UInt8(ascii: "2")
    var transitions: [(time: Int64, type: UInt8)] = []
    var types: [(offset: Int32, isDaylight: UInt8, name: UInt8)] = [(0, 0, 0)]
    var leapSeconds = 0
    var indicators: UInt32 = 0
    var footer: String? = "\nUTC0\n"

    var bytes: [UInt8] {
        var result = version == 0 ? [] : block(timeSize: 4)
        result += block(timeSize: version == 0 ? 4 : 8)
        return result + (version == 0 ? [] : Array((footer ?? "").utf8))
    }

    private func block(timeSize: Int) -> [UInt8] {
        var block = Array(magic.utf8) + [version] + [UInt8](repeating: 0, count: 15)
        for count in [indicators, 0, UInt32(leapSeconds), UInt32(transitions.count), UInt32(types.count), 4] {
            block += big(count)
        }
        for transition in transitions {
            block += timeSize == 4 ? big(Int32(truncatingIfNeeded: transition.time)) : big(transition.time)
        }
        block += transitions.map(\.type)
        for type in types { block += big(type.offset) + [type.isDaylight, type.name] }
        block += Array("UTC\0".utf8)
        return block + [UInt8](repeating: 0, count: leapSeconds * (timeSize + 4) + Int(indicators))
    }

    private func big(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<number.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    func zone() throws(ZoneInfo.Problem) -> ZoneInfo { try ZoneInfo(name: "Test", bytes: bytes, path: "test") }
}

private func reason(_ file: TZif) -> String? {
    do throws(ZoneInfo.Problem) {
        _ = try file.zone()
        return nil
    } catch {
        guard case .malformed(_, let reason) = error else { return nil }
        return reason
    }
}

@Suite struct `Time zone files` {
    @Test("a file of version 1 has 32-bit times, and its last offset holds for ever")
    func version1() throws {
        let zone = try TZif(version: 0, transitions: [(-100, 1), (100, 0)], types: [(3600, 0, 0), (7200, 1, 0)]).zone()
        #expect([-101, -100, 99, 100, 1 << 40].map { zone.offset(at: $0) } == [3600, 7200, 7200, 3600, 3600])
    }

    @Test("a file without transitions follows its footer at all times")
    func onlyFooter() throws {
        let zone = try TZif(footer: "\nEST5EDT,M3.2.0,M11.1.0\n").zone()
        // 2026-01-01 and 2026-07-01, noon UTC; 1926 likewise.
        #expect(zone.offset(at: 1_767_268_800) == -18_000)
        #expect(zone.offset(at: 1_782_907_200) == -14_400)
        #expect(zone.offset(at: -1_373_371_200) == -14_400)
    }

    @Test("an empty footer leaves the last offset in force")
    func emptyFooter() throws {
        let zone = try TZif(transitions: [(100, 1)], types: [(0, 0, 0), (-3600, 0, 0)], footer: "\n\n").zone()
        #expect([0, 100, 1 << 50].map { zone.offset(at: $0) } == [0, -3600, -3600])
    }

    @Test("daylight time all year, as RFC 9636 writes it, never ends")
    func allYear() throws {
        let zone = try TZif(footer: "\nXXX3EDT4,0/0,J365/23\n").zone()
        for day in Int64(20_000)..<20_800 {
            for second in [0, 14_399, 14_400] { #expect(zone.offset(at: day * 86_400 + Int64(second)) == -14_400) }
        }
    }

    @Test("days of a footer are counted with and without 29 February, and times may be negative or beyond the day")
    func footerDays() throws {
        // 2024 is a leap year: day 60 of J is 1 March, day 60 of the other kind is 1 March too, since it counts from 0.
        let julian = try TZif(footer: "\nAAA0BBB,J60/0,J300\n").zone()
        #expect(julian.offset(at: 1_709_251_199) == 0)
        #expect(julian.offset(at: 1_709_251_200) == 3600)
        let ordinal = try TZif(footer: "\nAAA0BBB,60/0,300\n").zone()
        #expect(ordinal.offset(at: 1_709_251_199) == 0)
        #expect(ordinal.offset(at: 1_709_251_200) == 3600)
        // 24 hours before 2 March, and 24 hours after 29 February.
        for footer in ["J61/-24", "J59/+48"] {
            let zone = try TZif(footer: "\nAAA0BBB,\(footer),J300\n").zone()
            #expect(zone.offset(at: 1_709_251_199) == 0)
            #expect(zone.offset(at: 1_709_251_200) == 3600)
        }
    }

    @Test("the ends of 64-bit time give an offset and no crash")
    func ends() throws {
        for name in ["America/New_York", "Asia/Seoul", "Africa/Casablanca", "Europe/Dublin"] {
            let zone = try ZoneInfo(named: name)
            for at in [Int64.min, .min + 1, .max - 1, .max] {
                #expect(abs(zone.offset(at: at)) < 86_400)
                _ = zone.resolve(local: at)
            }
        }
    }

    @Test(
        "what contradicts the format is refused with its reason",
        arguments: [
            (TZif(magic: "TZjf"), "TZif"),
            (TZif(version: UInt8(ascii: "9")), "version"),
            (TZif(types: []), "counts"),
            (TZif(indicators: 7), "counts"),
            (TZif(leapSeconds: 2), "leap seconds"),
            (TZif(transitions: [(5, 0), (5, 0)]), "ascending"),
            (TZif(transitions: [(5, 1)]), "local time type"),
            (TZif(types: [(93_600, 0, 0)]), "more than a day"),
            (TZif(types: [(-90_000, 0, 0)]), "more than a day"),
            (TZif(types: [(0, 2, 0)]), "well formed"),
            (TZif(types: [(0, 0, 4)]), "well formed"),
            (TZif(footer: nil), "ends after"),
            (TZif(footer: "\nUTC0"), "two line ends"),
            (TZif(footer: "UTC0\n"), "two line ends"),
        ])
    func refused(_ file: TZif, _ part: String) throws {
        #expect(try #require(reason(file)).contains(part))
    }

    @Test(
        "a footer that is no POSIX rule is refused",
        arguments: [
            "UT0", "UTC", "<+0", "UTC25", "UTC0:60", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0",
            "EST5EDT,M3.6.0,M11.1.0",
            "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J365", "EST5EDT,366,1", "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,M3.2.0,M11.1.0x",
            "EST5EDT,M3.2,M11.1.0", "EST99999999999999999999", "\u{0}",
        ])
    func refusedFooter(_ footer: String) throws {
        #expect(try #require(reason(TZif(footer: "\n\(footer)\n"))).contains("POSIX TZ rule"))
    }

    @Test("a file cut at any byte is refused and never read beyond its end")
    func truncated() throws {
        let whole = try Files.read("\(ZoneInfo.databaseFolder)/America/New_York")
        for count in 0..<whole.count {
            #expect(throws: ZoneInfo.Problem.self) { try ZoneInfo(name: "Cut", bytes: Array(whole.prefix(count)), path: "cut") }
        }
    }

    @Test("a file with any byte changed is read or refused, and never crashes")
    func damaged() throws {
        let whole = try Files.read("\(ZoneInfo.databaseFolder)/Africa/Casablanca")
        for index in whole.indices {
            for bits in [0xFF, 0x80, 0x01] as [UInt8] {
                var bytes = whole
                bytes[index] ^= bits
                guard let zone = try? ZoneInfo(name: "Damaged", bytes: bytes, path: "damaged") else { continue }
                for at in [Int64.min, -1, 1_700_000_000, .max] { _ = zone.offset(at: at) }
            }
        }
    }

    @Test("a header that counts four thousand million transitions is refused without making room for them")
    func hugeCounts() {
        var bytes = TZif(version: 0).bytes
        for index in 20..<44 { bytes[index] = 0xFF }
        #expect(throws: ZoneInfo.Problem.self) { try ZoneInfo(name: "Huge", bytes: bytes, path: "huge") }
        bytes.replaceSubrange(20..<32, with: [UInt8](repeating: 0, count: 12))
        bytes.replaceSubrange(36..<44, with: [0, 0, 0, 1, 0, 0, 0, 4])
        #expect(throws: ZoneInfo.Problem.self) { try ZoneInfo(name: "Huge", bytes: bytes, path: "huge") }
    }
}

@Suite struct `Names of time zones` {
    @Test(
        "a name that could lead out of the database is refused before anything is opened",
        arguments: [
            "../passwd", "/etc/passwd", "Europe/../../passwd", "", "Europe/", "Europe//Berlin", ".", "Euro pe", "a\u{0}b",
        ])
    func badNames(_ name: String) {
        #expect(throws: ZoneInfo.Problem.badName(name)) { try ZoneInfo(named: name) }
    }

    @Test("a name without a file is unknown, and so is a folder of zones", arguments: ["Europe/Atlantis", "Europe", "America"])
    func unknown(_ name: String) {
        #expect(throws: ZoneInfo.Problem.unknown(name)) { try ZoneInfo(named: name) }
    }

    @Test("without a database UTC is there, and others say what is missing")
    func noDatabase() throws {
        let folder = "/nonexistent/zoneinfo"
        #expect(try ZoneInfo(named: "UTC", folder: folder) == .utc)
        #expect(throws: ZoneInfo.Problem.noDatabase(folder: folder)) { try ZoneInfo(named: "Asia/Seoul", folder: folder) }
        #expect(ZoneInfo.names(folder: folder) == ["UTC"])
    }

    @Test("a file of the database that holds no zone is damaged, with its path")
    func notAZone() throws {
        #expect(
            throws: ZoneInfo.Problem.malformed(path: "/etc/passwd", reason: "it does not begin with TZif")
        ) { try ZoneInfo(named: "passwd", folder: "/etc") }
    }
}
