import Crypto

/// The bytes of a cache of results, see `ScanCache`: sorted rows that are searched as they are.
struct CacheRows: Sendable {
    private(set) var count = 0
    private var rows: ArraySlice<UInt8> = []
    private var bodies: ArraySlice<UInt8> = []
    /// The first eight bytes of each row as a number, which mostly tell rows apart.
    private var words: [UInt64] = []

    static let magic = Array("ingot secret cache 4\n".utf8)
    private static let rowSize = 48
    private static let largestBody = (1 << 24) - 1

    init() {}

    /// Nil where the bytes are not what `file` gave.
    init?(file bytes: [UInt8]) {
        let start = Self.magic.count + 8
        let end = bytes.count - Digest.byteCount
        guard end >= start, bytes.starts(with: Self.magic),
            Digest(bytes: bytes[end...]) == SHA256.digest(of: bytes.span.extracting(0..<end))
        else { return nil }
        let count = Int(truncatingIfNeeded: Self.number(bytes.span, Self.magic.count, 8))
        guard count >= 0, count <= (end - start) / Self.rowSize else { return nil }
        self.count = count
        rows = bytes[start..<(start + count * Self.rowSize)]
        bodies = bytes[rows.endIndex..<end]
        words = (0..<count).map { Self.number(bytes.span, start + $0 * Self.rowSize, 8) }
    }

    subscript(key: ScanCache.Key) -> (kind: UInt8, body: ArraySlice<UInt8>)? {
        find(key).flatMap(entry)
    }

    /// By interpolation: digests are spread evenly, so that a few steps are enough.
    private func find(_ key: ScanCache.Key) -> Int? {
        let word = key.blob.words.0
        var (low, high) = (0, count - 1)
        var (lowWord, highWord) = (UInt64(0), UInt64.max)
        while low <= high, word >= lowWord, word <= highWord {
            let span = highWord - lowWord
            let share = span == 0 ? 0.5 : Double(word - lowWord) / Double(span)
            let middle = min(high, low + Int(share * Double(high - low)))
            let found = words[middle]
            // Mostly the first word tells them apart.
            if found < word || (found == word && self.key(middle) < key) {
                (low, lowWord) = (middle + 1, found)
            } else if found == word, self.key(middle) == key {
                return middle
            } else {
                (high, highWord) = (middle - 1, found)
            }
        }
        return nil
    }

    /// Of rows and bodies.
    var byteCount: Int { rows.count + bodies.count }

    /// How many bytes `file` gives, at most, but for those that are there already.
    static func fileSize(adding bodies: some Sequence<Int>) -> Int {
        bodies.reduce(magic.count + 8 + Digest.byteCount) { $0 + rowSize + $1 }
    }

    /// The bytes of a cache that has `new` too, in ascending order; what is there already is replaced. What is between two of them is copied
    /// as it is, and bodies keep their places: that of a row that was replaced is read no more.
    func file(adding new: [(key: ScanCache.Key, row: (kind: UInt8, body: [UInt8]))]) -> [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(byteCount + Self.fileSize(adding: new.lazy.map(\.row.body.count)))
        Self.append(0, 8, to: &bytes)
        let start = bytes.count
        var newBodies: [UInt8] = []
        var row = 0
        for (key, (kind, body)) in new {
            let next = firstRow(from: row) { $0 >= key }
            append(row..<next, to: &bytes)
            row = next < count && self.key(next) == key ? next + 1 : next
            // What does not fit into a row is not kept.
            let offset = bodies.count + newBodies.count
            guard body.count <= Self.largestBody, offset + body.count <= Int(UInt32.max) else { continue }
            Self.append(key, kind, at: offset, count: body.count, to: &bytes)
            newBodies += body
        }
        append(row..<count, to: &bytes)
        var number: [UInt8] = []
        Self.append(UInt64((bytes.count - start) / Self.rowSize), 8, to: &number)
        bytes.replaceSubrange((start - 8)..<start, with: number)
        bytes += bodies
        bytes += newBodies
        SHA256.digest(of: bytes).append(to: &bytes)
        return bytes
    }

    private func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
        bytes += rows.dropFirst(range.lowerBound * Self.rowSize).prefix(range.count * Self.rowSize)
    }

    private static func append(_ key: ScanCache.Key, _ kind: UInt8, at offset: Int, count: Int, to bytes: inout [UInt8]) {
        key.blob.append(to: &bytes)
        append(key.traits, 8, to: &bytes)
        append(UInt64(offset), 4, to: &bytes)
        bytes.append(kind)
        append(UInt64(count), 3, to: &bytes)
    }

    private func firstRow(from start: Int, where holds: (ScanCache.Key) -> Bool) -> Int {
        var low = start
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(key(middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func key(_ row: Int) -> ScanCache.Key {
        func word(_ index: Int) -> UInt64 { number(row, 8 * index, 8) }
        return ScanCache.Key(Digest(words: (word(0), word(1), word(2), word(3))), traits: word(4))
    }

    private func entry(_ row: Int) -> (kind: UInt8, body: ArraySlice<UInt8>)? {
        let (offset, kind, length) = (Int(number(row, 40, 4)), UInt8(number(row, 44, 1)), Int(number(row, 45, 3)))
        guard length <= bodies.count - offset else { return nil }
        let first = bodies.startIndex + offset
        return (kind, bodies[first..<(first + length)])
    }

    private func number(_ row: Int, _ start: Int, _ count: Int) -> UInt64 {
        Self.number(rows.span, row * Self.rowSize + start, count)
    }

    private static func number(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in start..<(start + count) { value = value << 8 | UInt64(bytes[index]) }
        return value
    }

    private static func append(_ number: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for index in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }
}
