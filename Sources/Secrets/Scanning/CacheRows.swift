import Crypto

/// The bytes of a cache of results, see `ScanCache`: sorted rows that are searched as they are.
struct CacheRows: Sendable {
    private(set) var count = 0
    private var rows: [UInt8] = []
    private var bodies: ArraySlice<UInt8> = []

    static let magic = Array("ingot secret cache 3\n".utf8)
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
        let count = Self.number(bytes, Self.magic.count, 8)
        guard count <= (end - start) / Self.rowSize else { return nil }
        self.count = count
        rows = Array(bytes[start..<(start + count * Self.rowSize)])
        bodies = bytes[(start + count * Self.rowSize)..<end]
    }

    var file: [UInt8] {
        var bytes = Self.magic
        Self.append(UInt64(count), 8, to: &bytes)
        bytes += rows
        bytes += bodies
        return bytes + SHA256.digest(of: bytes).bytes
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
            let found = firstWord(middle)
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

    private func firstWord(_ row: Int) -> UInt64 { UInt64(truncatingIfNeeded: Self.number(rows, row * Self.rowSize, 8)) }

    /// Adds rows in ascending order; those that are there already are replaced. What is between two of them is copied as it is, and bodies
    /// keep their places: that of a row that was replaced is read no more.
    mutating func merge(_ new: [(ScanCache.Key, (kind: UInt8, body: [UInt8]))]) {
        var merged = CacheRows()
        merged.rows.reserveCapacity(rows.count + new.count * Self.rowSize)
        merged.bodies = bodies
        var row = 0
        for (key, entry) in new {
            let next = firstRow(from: row) { $0 >= key }
            merged.append(self, row..<next)
            row = next < count && self.key(next) == key ? next + 1 : next
            merged.append(key, entry.kind, entry.body[...])
        }
        merged.append(self, row..<count)
        self = merged
    }

    private mutating func append(_ other: CacheRows, _ range: Range<Int>) {
        rows += other.rows[(range.lowerBound * Self.rowSize)..<(range.upperBound * Self.rowSize)]
        count += range.count
    }

    /// What does not fit into a row is not kept.
    private mutating func append(_ key: ScanCache.Key, _ kind: UInt8, _ body: ArraySlice<UInt8>) {
        guard body.count <= Self.largestBody, bodies.count + body.count <= Int(UInt32.max) else { return }
        key.blob.append(to: &rows)
        Self.append(key.traits, 8, to: &rows)
        Self.append(UInt64(bodies.count), 4, to: &rows)
        rows.append(kind)
        Self.append(UInt64(body.count), 3, to: &rows)
        bodies += body
        count += 1
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
        let start = row * Self.rowSize
        func word(_ index: Int) -> UInt64 { UInt64(truncatingIfNeeded: Self.number(rows, start + 8 * index, 8)) }
        return ScanCache.Key(Digest(words: (word(0), word(1), word(2), word(3))), traits: word(4))
    }

    private func entry(_ row: Int) -> (kind: UInt8, body: ArraySlice<UInt8>)? {
        let start = row * Self.rowSize + 40
        let offset = Self.number(rows, start, 4)
        let length = Self.number(rows, start + 5, 3)
        guard length <= bodies.count - offset else { return nil }
        let first = bodies.startIndex + offset
        return (rows[start + 4], bodies[first..<(first + length)])
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int {
        var value: UInt64 = 0
        for index in start..<(start + count) { value = value << 8 | UInt64(bytes[index]) }
        return Int(truncatingIfNeeded: value)
    }

    private static func append(_ number: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for index in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }
}
