import Hyperscan
import Model

/// One pass of a `KnownValueSearch` over one stream.
package struct KnownValueScan {
    /// In the order of the stream, and of a value's encodings; at most `maximumHits`.
    package private(set) var hits: [KnownValueHit] = []
    /// All of them.
    package private(set) var hitCount = 0
    /// How many bytes were searched.
    package private(set) var bytes: UInt64 = 0

    private let search: KnownValueSearch
    private let space: ScanSpace?
    /// The last bytes of the stream, in which a value may have begun.
    private var tail: [UInt8] = []
    private var found: [LiteralHit] = []

    package static let maximumHits = 10_000
    /// Pieces are scanned in parts of this size.
    private static let window = 4 << 20

    init(_ search: KnownValueSearch) throws(Failure) {
        self.search = search
        do throws(HyperscanError) {
            space = try search.database.map { (database) throws(HyperscanError) in try ScanSpace(for: database) }
        } catch { throw ScanEngine.failure(error) }
    }

    /// Takes the next bytes of the stream.
    package mutating func append(_ piece: Span<UInt8>) throws(Failure) {
        var start = 0
        while start < piece.count {
            let end = min(piece.count, start + Self.window)
            try appendPart(piece.extracting(start..<end))
            start = end
        }
    }

    private mutating func appendPart(_ part: Span<UInt8>) throws(Failure) {
        defer { bytes += UInt64(part.count) }
        guard let space else { return }
        let overlap = search.longest - 1
        // What crosses the seam begins in the tail and ends in this part.
        let border = tail.count
        var seam = tail
        for index in 0..<min(overlap, part.count) { seam.append(part[index]) }
        if border > 0 {
            try scan(seam.span, space, startingAt: bytes - UInt64(border)) { start, end in start < border && end > border }
        }
        try scan(part, space, startingAt: bytes) { _, _ in true }
        if part.count >= overlap {
            tail.removeAll(keepingCapacity: true)
            for index in (part.count - overlap)..<part.count { tail.append(part[index]) }
        } else {
            tail = Array(seam.suffix(overlap))
        }
    }

    private mutating func scan(
        _ bytes: Span<UInt8>, _ space: ScanSpace, startingAt base: UInt64, _ counts: (_ start: Int, _ end: Int) -> Bool
    ) throws(Failure) {
        found.removeAll(keepingCapacity: true)
        do throws(HyperscanError) { try space.scan(bytes, into: &found) } catch { throw ScanEngine.failure(error) }
        for hit in found {
            let form = search.forms[hit.literal]
            guard counts(hit.end - form.length, hit.end) else { continue }
            hitCount += 1
            if hits.count < Self.maximumHits {
                hits.append(KnownValueHit(value: form.value, encoding: form.encoding, end: base + UInt64(hit.end)))
            }
        }
    }
}
