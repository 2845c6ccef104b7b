import CArchive

/// The state of an ``ArchiveReader``; nested readers share it.
@safe
final class ReaderEngine {
    /// The bytes of the block at hand.
    private(set) var blockBytes = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    /// Counts the entries, so that a nested reader sees when its member is gone.
    private(set) var entryNumber = 0

    private let stream: DecompressedStream
    private let handle: ReadHandle
    private let limits: ArchiveLimits
    private var entry: ArchiveEntry?
    /// How much of the content came, and where the last block ended.
    private var delivered: UInt64 = 0
    private var end: UInt64 = 0
    private var contentEnded = true

    init(_ source: any ByteSource, _ formats: ArchiveFormats, _ limits: ArchiveLimits) throws(ArchiveError) {
        stream = try DecompressedStream(source)
        handle = try ReadHandle(.archive(formats), source: stream)
        self.limits = limits
    }

    func next() throws(ArchiveError) -> ArchiveEntry? {
        leaveEntry()
        guard let header = unsafe try handle.nextHeader() else {
            try finish()
            return nil
        }
        do throws(ArchiveError) {
            let decoder = unsafe EntryDecoder(entry: header, limits: limits, isPax: handle.isPax)
            let decoded = try decoder.decode()
            entry = decoded
            contentEnded = !decoded.kind.hasContent
            return decoded
        } catch {
            var placed = error
            placed.offset = handle.headerPosition
            throw handle.fail(placed)
        }
    }

    private func leaveEntry() {
        unsafe blockBytes = UnsafeRawBufferPointer(start: nil, count: 0)
        entry = nil
        entryNumber += 1
        delivered = 0
        end = 0
        contentEnded = true
    }

    func nextBlock() throws(ArchiveError) -> ArchiveBlock? {
        guard let entry, !contentEnded else { return nil }
        unsafe blockBytes = UnsafeRawBufferPointer(start: nil, count: 0)
        while let (offset, bytes) = unsafe try handle.nextBlock(entry.displayPath) {
            if unsafe bytes.isEmpty { continue }
            let block = ArchiveBlock(offset: UInt64(bitPattern: offset), count: bytes.count)
            let (blockEnd, overflow) = block.offset.addingReportingOverflow(UInt64(block.count))
            guard !overflow, block.offset >= end, blockEnd <= entry.size else {
                throw contentError("a block from \(block.offset) of \(block.count) bytes does not fit a size of \(entry.size)")
            }
            end = blockEnd
            delivered += UInt64(block.count)
            unsafe blockBytes = bytes
            return block
        }
        contentEnded = true
        let expected = entry.dataRanges?.reduce(0) { $0 + UInt64($1.count) } ?? entry.size
        // A sparse map that promises more than the archive holds ends without a word from libarchive.
        guard delivered == expected else { throw contentError("the content has \(delivered) of \(expected) bytes") }
        return nil
    }

    func readAll(limit: Int) throws(ArchiveError) -> [UInt8] {
        guard let entry else { return [] }
        guard entry.size <= UInt64(max(0, limit)) else {
            let reason = "its \(entry.size) bytes are more than the \(limit) allowed here"
            throw ArchiveError(.limit, operation: "read the content", entry: entry.displayPath, reason: reason)
        }
        var content = [UInt8](repeating: 0, count: Int(entry.size))
        while let block = try nextBlock() {
            let start = Int(block.offset)
            unsafe content.withUnsafeMutableBytes { content in
                unsafe UnsafeMutableRawBufferPointer(rebasing: content[start...]).copyMemory(from: blockBytes)
            }
        }
        return content
    }

    private func contentError(_ reason: String) -> ArchiveError {
        handle.fail(
            ArchiveError(
                .corrupt, operation: "read the content", entry: entry?.displayPath, offset: handle.position, reason: reason))
    }

    /// At the end of the archive: the end mark must be there, and the rest of the compressed stream must be sound.
    private func finish() throws(ArchiveError) {
        if handle.isTar && handle.position == handle.headerPosition {
            let reason = "the input ends without the end mark of a tar archive"
            throw handle.fail(
                ArchiveError(.truncated, operation: "read the header", offset: handle.headerPosition, reason: reason))
        }
        do throws(ArchiveError) {
            while unsafe try !stream.next().isEmpty {}
        } catch {
            throw handle.fail(error)
        }
    }
}

/// The input of an archive after decompression. libarchive could do both in one, but would then stop at the end mark and leave
/// the checksum behind it unread.
@safe
final class DecompressedStream: ByteSource {
    private let handle: ReadHandle

    init(_ source: any ByteSource) throws(ArchiveError) {
        handle = try ReadHandle(.decompression, source: try GzipSource(source))
        guard unsafe try handle.nextHeader() != nil else {
            throw handle.fail(ArchiveError(.truncated, operation: "open the archive", offset: 0, reason: "the input is empty"))
        }
    }

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
        while let (_, bytes) = unsafe try handle.nextBlock() {
            if unsafe !bytes.isEmpty { return unsafe bytes }
        }
        return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    }
}

/// The content of an archive's member, as the input of another reader.
@safe
final class MemberSource: ByteSource {
    private let outer: ReaderEngine
    private let entryNumber: Int
    private var end: UInt64 = 0

    init(_ outer: ReaderEngine) {
        self.outer = outer
        entryNumber = outer.entryNumber
    }

    func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard outer.entryNumber == entryNumber else {
            throw ArchiveError(
                .misuse, operation: "read a member as an archive", reason: "the outer reader went on to another entry")
        }
        guard let block = try outer.nextBlock() else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        guard block.offset == end else {
            throw ArchiveError(.unsupported, operation: "read a member as an archive", reason: "the member is a sparse file")
        }
        end += UInt64(block.count)
        return unsafe outer.blockBytes
    }
}
