/// What a TZif file (RFC 9636, versions 1 to 4) holds, checked.
struct TimeZoneFile: Equatable, Sendable {
    /// When the offset changes, ascending, and to how many seconds east of UTC; of two at one time the last counts.
    let transitions: [ZoneInfo.Transition]
    /// The offset before the first transition.
    let initialOffset: Int
    /// The rule that holds before the first transition instead, where the file has a footer and nothing else.
    let earlyRule: TimeZoneRule?
    /// The rule for all times after the last transition; nil where the file has none.
    let footer: TimeZoneRule?

    /// A file that does not hold what it must; `reason` has no full stop.
    struct Malformed: Error, Equatable {
        let reason: String
    }

    /// A zone whose offset never changes.
    init(fixedOffset: Int) {
        transitions = []
        initialOffset = fixedOffset
        earlyRule = nil
        footer = nil
    }

    init(bytes: [UInt8]) throws(Malformed) {
        var reader = Reader(bytes: bytes)
        var header = try reader.header()
        var timeSize = 4
        if header.version >= 2 {
            // The first block repeats the data in 32 bits for old readers.
            try reader.skip(header.blockSize(timeSize: 4))
            header = try reader.header()
            timeSize = 8
        }
        let (table, initialOffset) = try reader.block(header, timeSize: timeSize)
        let footer = header.version >= 2 ? try reader.footer() : nil
        self.initialOffset = initialOffset
        self.footer = footer
        earlyRule = table.isEmpty ? footer : nil
        transitions = footer.map { Self.expanded(table, by: $0) } ?? table
    }

    /// The table with the footer's transitions until 2200, which is as far as schedules go: looking up is faster than computing.
    private static func expanded(_ table: [ZoneInfo.Transition], by footer: TimeZoneRule) -> [ZoneInfo.Transition] {
        let year2200: Int64 = 7_258_118_400
        let start = table.last?.time ?? 0
        var result = Array(table.dropLast())
        result.append(ZoneInfo.Transition(time: start, offset: footer.offset(at: start)))
        if start < year2200 { result += footer.transitions(from: start, to: year2200).filter { $0.time > start } }
        return result
    }
}

/// The counts at the start of a block.
private struct Header {
    let version: Int
    let utcIndicators: Int
    let standardIndicators: Int
    let leapSeconds: Int
    let transitions: Int
    let types: Int
    let characters: Int

    func blockSize(timeSize: Int) -> Int {
        transitions * (timeSize + 1) + types * 6 + characters + leapSeconds * (timeSize + 4) + standardIndicators + utcIndicators
    }
}

private struct Reader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func skip(_ count: Int) throws(TimeZoneFile.Malformed) {
        guard count <= bytes.count - position else {
            throw TimeZoneFile.Malformed(reason: "it ends after \(bytes.count) bytes, where \(position + count) are needed")
        }
        position += count
    }

    mutating func take(_ count: Int) throws(TimeZoneFile.Malformed) -> ArraySlice<UInt8> {
        let start = position
        try skip(count)
        return bytes[start..<position]
    }

    /// A big-endian signed number of 4 or 8 bytes.
    mutating func number(_ size: Int) throws(TimeZoneFile.Malformed) -> Int64 {
        let pattern = try take(size).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return size == 4 ? Int64(Int32(truncatingIfNeeded: pattern)) : Int64(bitPattern: pattern)
    }

    mutating func header() throws(TimeZoneFile.Malformed) -> Header {
        guard try take(4).elementsEqual("TZif".utf8) else { throw TimeZoneFile.Malformed(reason: "it does not begin with TZif") }
        let version = try take(16).first ?? 0
        guard version == 0 || (UInt8(ascii: "2")...UInt8(ascii: "4")).contains(version) else {
            throw TimeZoneFile.Malformed(reason: "its version is unknown")
        }
        var counts: [Int] = []
        for _ in 0..<6 { counts.append(Int(UInt32(truncatingIfNeeded: try number(4)))) }
        let header = Header(
            version: version == 0 ? 1 : Int(version - UInt8(ascii: "0")), utcIndicators: counts[0], standardIndicators: counts[1],
            leapSeconds: counts[2], transitions: counts[3], types: counts[4], characters: counts[5])
        guard (1...256).contains(header.types), header.characters > 0, [0, header.types].contains(header.utcIndicators),
            [0, header.types].contains(header.standardIndicators)
        else { throw TimeZoneFile.Malformed(reason: "the counts in its header contradict each other") }
        return header
    }

    mutating func block(
        _ header: Header, timeSize: Int
    ) throws(TimeZoneFile.Malformed) -> (transitions: [ZoneInfo.Transition], initialOffset: Int) {
        guard header.blockSize(timeSize: timeSize) <= bytes.count - position else {
            throw TimeZoneFile.Malformed(reason: "it ends after \(bytes.count) bytes, before its data does")
        }
        guard header.leapSeconds == 0 else {
            throw TimeZoneFile.Malformed(reason: "it counts leap seconds, and Unix time does not")
        }
        var times: [Int64] = []
        for _ in 0..<header.transitions { times.append(try number(timeSize)) }
        guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw TimeZoneFile.Malformed(reason: "its transitions are not in ascending order")
        }
        let indices = try take(header.transitions).map(Int.init)
        let offsets = try types(header)
        guard indices.allSatisfy({ $0 < offsets.count }) else {
            throw TimeZoneFile.Malformed(reason: "a transition leads to a local time type that it does not have")
        }
        try skip(header.characters + header.standardIndicators + header.utcIndicators)
        return (zip(times, indices).map { ZoneInfo.Transition(time: $0, offset: offsets[$1]) }, offsets[0])
    }

    /// The offset of every local time type.
    private mutating func types(_ header: Header) throws(TimeZoneFile.Malformed) -> [Int] {
        var offsets: [Int] = []
        for _ in 0..<header.types {
            let offset = Int(try number(4))
            guard TimeZoneRule.offsets.contains(offset) else {
                throw TimeZoneFile.Malformed(reason: "the offset \(offset) s is more than a day from UTC")
            }
            let rest = try take(2)
            guard rest.allSatisfy({ $0 < 128 }), rest.first.map({ $0 <= 1 }) == true,
                rest.last.map({ Int($0) < header.characters }) == true
            else { throw TimeZoneFile.Malformed(reason: "a local time type is not well formed") }
            offsets.append(offset)
        }
        return offsets
    }

    mutating func footer() throws(TimeZoneFile.Malformed) -> TimeZoneRule? {
        let newline = UInt8(ascii: "\n")
        guard try take(1).first == newline, let end = bytes[position...].firstIndex(of: newline) else {
            throw TimeZoneFile.Malformed(reason: "its footer is not between two line ends")
        }
        let text = String(decoding: bytes[position..<end], as: UTF8.self)
        if text.isEmpty { return nil }
        guard let rule = TimeZoneRule(parsing: text) else {
            throw TimeZoneFile.Malformed(reason: "its footer \"\(text.prefix(80))\" is not a POSIX TZ rule")
        }
        return rule
    }
}
