import Crypto
import Model

/// Splits the bytes of a file into objects.
///
/// - A file of at most 4 MiB without holes is one object.
/// - A run of at least 64 KiB of zero bytes that starts and ends on a 4 KiB boundary is a hole. It follows from the bytes alone,
///   so that an image's digest does not depend on how a disk or an archive stored them.
/// - The data between holes is cut by content (FastCDC; Xia et al., USENIX ATC 2016) into parts of 256 KiB to 4 MiB, 1 MiB on
///   average, so that an insertion changes one or two parts only.
/// - A part that would begin with `ingot ` ends after these six bytes. So no data object can be taken for a directory, root or
///   extent list, which all begin like that: an object that is there as data says nothing about what its bytes seem to name.
package struct Chunker: ~Copyable {
    static let minimum = 256 << 10
    static let average = 1 << 20
    package static let maximum = 4 << 20
    static let page = 4096
    static let smallestHole = 64 << 10
    private static let reserved = Array("ingot ".utf8)

    private let writer: any ObjectWriter
    private var buffer: [UInt8] = []
    private var extents: [ExtentList.Extent] = []
    private var zeroPages = 0
    /// The bytes of a page that is not whole yet.
    private var partial: [UInt8] = []
    private var size: UInt64 = 0

    package init(into writer: any ObjectWriter) { self.writer = writer }

    /// The whole of a file's bytes at once.
    package static func store(_ bytes: [UInt8], in writer: any ObjectWriter) throws(Failure) -> FileContent {
        try store(bytes.span, in: writer)
    }

    package static func store(_ bytes: Span<UInt8>, in writer: any ObjectWriter) throws(Failure) -> FileContent {
        let fits = bytes.count < smallestHole || (bytes.count <= maximum && !ZeroPages.mayHoldHole(bytes))
        if fits && !isReserved(bytes) {
            return FileContent(size: UInt64(bytes.count), form: .whole(try writer.put(bytes)))
        }
        var chunker = Chunker(into: writer)
        try chunker.append(bytes)
        return try chunker.finish()
    }

    /// Takes the next bytes.
    package mutating func append(_ bytes: Span<UInt8>) throws(Failure) {
        size += UInt64(bytes.count)
        var position = 0
        if !partial.isEmpty {
            position = min(Self.page - partial.count, bytes.count)
            Self.append(bytes.extracting(0..<position), to: &partial)
            if partial.count < Self.page { return }
            let page = partial
            partial.removeAll(keepingCapacity: true)
            try takePage(page.span)
        }
        while bytes.count - position >= Self.page {
            try takePage(bytes.extracting(position..<position + Self.page))
            position += Self.page
        }
        Self.append(bytes.extracting(position..<bytes.count), to: &partial)
    }

    /// Takes zero bytes that the source stores as a hole, without looking at each.
    package mutating func appendHole(_ length: UInt64) throws(Failure) {
        var left = length
        if !partial.isEmpty {
            let count = min(left, UInt64(Self.page - partial.count))
            try append([UInt8](repeating: 0, count: Int(count)).span)
            left -= count
        }
        let pages = left / UInt64(Self.page)
        size += pages * UInt64(Self.page)
        zeroPages += Int(pages)
        let rest = Int(left % UInt64(Self.page))
        if rest > 0 { try append([UInt8](repeating: 0, count: rest).span) }
    }

    private mutating func takePage(_ page: Span<UInt8>) throws(Failure) {
        if ZeroPages.isZero(page) {
            zeroPages += 1
            return
        }
        try endZeroes()
        Self.append(page, to: &buffer)
        while buffer.count > Self.maximum { try cut() }
    }

    private static func append(_ bytes: Span<UInt8>, to buffer: inout [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
    }

    package consuming func finish() throws(Failure) -> FileContent {
        try endZeroes()
        // The end of a file inside a page is data, whatever it holds.
        buffer += partial
        if extents.isEmpty && buffer.count <= Self.maximum && !Self.isReserved(buffer.span) {
            return FileContent(size: size, form: .whole(try writer.put(buffer)))
        }
        while !buffer.isEmpty { try cut() }
        return FileContent(size: size, form: .extents(try writer.put(ExtentList(extents).encoded())))
    }

    /// Turns the zero pages seen last into a hole, or into data where they are too few.
    private mutating func endZeroes() throws(Failure) {
        if zeroPages == 0 { return }
        let length = zeroPages * Self.page
        zeroPages = 0
        if length < Self.smallestHole {
            buffer += [UInt8](repeating: 0, count: length)
            return
        }
        while !buffer.isEmpty { try cut() }
        extents.append(.init(length: UInt64(length), digest: nil))
    }

    private mutating func cut() throws(Failure) {
        let length = Self.cutPoint(buffer.span)
        let digest = try writer.put(buffer.span.extracting(0..<length))
        extents.append(.init(length: UInt64(length), digest: digest))
        buffer.removeSubrange(0..<length)
    }

    /// Whether the bytes begin as the objects do that name other objects.
    private static func isReserved(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > reserved.count else { return false }
        for index in 0..<reserved.count where bytes[index] != reserved[index] { return false }
        return true
    }

    /// Where the first part of `bytes` ends: by content, with a stricter mask before the average length than after it.
    static func cutPoint(_ bytes: Span<UInt8>) -> Int {
        if isReserved(bytes) { return reserved.count }
        let end = min(bytes.count, maximum)
        if end <= minimum { return end }
        return unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe gear.withUnsafeBufferPointer { gear in
                // 22 and 18 bits: the high ones, which depend on the most bytes.
                let middle = min(average, end)
                var hash: UInt64 = 0
                for index in minimum..<middle {
                    hash = unsafe (hash << 1) &+ gear[Int(bytes[index])]
                    if hash & 0xFFFF_FC00_0000_0000 == 0 { return index + 1 }
                }
                for index in middle..<end {
                    hash = unsafe (hash << 1) &+ gear[Int(bytes[index])]
                    if hash & 0xFFFF_C000_0000_0000 == 0 { return index + 1 }
                }
                return end
            }
        }
    }

    /// One number a byte value, from SplitMix64 (Steele et al., OOPSLA 2014) with a fixed seed. It is part of the format: another
    /// table gives other digests of large files.
    private static let gear: [UInt64] = {
        var state: UInt64 = 0x696E_676F_7420_3031
        return (0..<256).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }()
}

/// Finding zero bytes at memory speed.
enum ZeroPages {
    static func isZero(_ bytes: Span<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { raw in
            let words = raw.count / 8
            for index in 0..<words where unsafe raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) != 0 {
                return false
            }
            for index in (words * 8)..<raw.count where unsafe raw[index] != 0 { return false }
            return true
        }
    }

    /// Whether the bytes may hold a hole. A hole covers whole aligned pages, so that looking at every fifteenth page is enough.
    static func mayHoldHole(_ bytes: Span<UInt8>) -> Bool {
        let step = Chunker.smallestHole - Chunker.page
        var position = 0
        while position + Chunker.page <= bytes.count {
            if isZero(bytes.extracting(position..<position + Chunker.page)) { return true }
            position += step
        }
        return false
    }
}
