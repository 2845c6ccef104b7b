import Evidence
import ImageStore
import Model
import Platform
import Sandbox
import Secrets
import Synchronization

/// Searches the raw bytes of a file system for values: contents, slack, directories, attributes and free blocks alike.
struct RawImageSearch {
    private let search: KnownValueSearch
    private let cancellation: Cancellation

    /// Bytes that one thread takes at a time.
    private static let part = 16 << 20
    private static let window = 1 << 20

    init(_ search: KnownValueSearch, cancellation: Cancellation) {
        self.search = search
        self.cancellation = cancellation
    }

    /// What was searched, and all hits by offset.
    func run(_ file: TreeImageFile) throws(Failure) -> (image: ProofReport.RawImage, hits: [KnownValueHit]) {
        var image = ProofReport.RawImage()
        let parts: [Range<Int>]
        do throws(SystemError) {
            let size = try file.descriptor.size()
            image.bytes = UInt64(size)
            parts = try Self.parts(of: file, size)
        } catch { throw Failure(.io, "the file system of the image cannot be read", cause: error) }
        image.searchedBytes = parts.reduce(0) { $0 + UInt64($1.count) }
        let found = Mutex<[KnownValueHit]>([])
        try Threads.forEach(below: parts.count) { (index) throws(Failure) in
            let hits = try scan(parts[index], of: file)
            if !hits.isEmpty { found.withLock { $0 += hits } }
        }
        return (image, found.withLock { $0 }.sorted { ($0.end, $0.value) < ($1.end, $1.value) })
    }

    /// Where there are bytes: a hole of the file holds nothing but zeros.
    private static func parts(of file: TreeImageFile, _ size: Int) throws(SystemError) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var position = 0
        while position < size, let data = try file.descriptor.nextData(from: position, size: size) {
            var start = data.lowerBound
            while start < data.upperBound {
                let end = min(data.upperBound, start + part)
                parts.append(start..<end)
                start = end
            }
            position = data.upperBound
        }
        return parts
    }

    /// What ends in the part: it may have begun before it.
    private func scan(_ range: Range<Int>, of file: TreeImageFile) throws(Failure) -> [KnownValueHit] {
        if cancellation.isCancelled { throw Failure(.cancelled, "the proof was cancelled") }
        var scan = try search.begin()
        let first = max(0, range.lowerBound - search.longestForm)
        var buffer = [UInt8](repeating: 0, count: Self.window)
        var position = first
        while position < range.upperBound {
            let count: Int
            do throws(SystemError) {
                count = try file.descriptor.read(
                    into: &buffer, count: min(Self.window, range.upperBound - position), at: position)
            } catch { throw Failure(.io, "the file system of the image cannot be read", cause: error) }
            if count == 0 { break }
            try scan.append(buffer.span.extracting(0..<count))
            position += count
        }
        return scan.hits.compactMap { hit in
            let end = hit.end + UInt64(first)
            return end > UInt64(range.lowerBound) ? KnownValueHit(value: hit.value, encoding: hit.encoding, end: end) : nil
        }
    }
}
