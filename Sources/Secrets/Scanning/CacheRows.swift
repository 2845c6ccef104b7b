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
        let row = firstRow { $0 >= key }
        guard row < count, self.key(row) == key else { return nil }
        return entry(row)
    }

    /// Adds rows in ascending order; those that are there already are replaced.
    mutating func merge(_ new: [(ScanCache.Key, (kind: UInt8, body: [UInt8]))]) {
        var merged = CacheRows()
        merged.rows.reserveCapacity(rows.count + new.count * Self.rowSize)
        merged.bodies.reserveCapacity(bodies.count + new.count * 64)
        var row = 0
        for (key, entry) in new {
            while row < count, case let known = self.key(row), known < key {
                copy(row, known, to: &merged)
                row += 1
            }
            if row < count, self.key(row) == key { row += 1 }
            merged.append(key, entry.kind, entry.body[...])
        }
        while row < count {
            copy(row, key(row), to: &merged)
            row += 1
        }
        self = merged
    }

    private func copy(_ row: Int, _ key: ScanCache.Key, to other: inout CacheRows) {
        if let (kind, body) = entry(row) { other.append(key, kind, body) }
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

    private func firstRow(where holds: (ScanCache.Key) -> Bool) -> Int {
        var low = 0
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
