import Crypto
import Model
import Platform
import Synchronization

/// A pack that is open for reading.
final class Pack: Sendable {
    let path: String
    /// Tells all packs apart that this process ever opened.
    let number = Pack.opened.wrappingAdd(1, ordering: .relaxed).newValue
    let count: Int
    /// The size of the file in bytes.
    let size: Int
    private static let opened = Atomic<UInt64>(0)
    private let file: FileDescriptor
    private let index: MappedFile
    private let indexOffset: Int
    private let indexDigest: Digest?
    private let stretches = PackStretches()

    /// Checks the frame of the file, not its contents: those are checked object by object as they are read.
    init(_ path: String) throws(Failure) {
        self.path = path
        do throws(SystemError) {
            let file = try FileDescriptor.open(path, .read)
            let size = try file.size()
            guard size >= PackFormat.magic.count + PackFormat.trailerSize else { throw SystemError("read", path, errno: 0) }
            var trailer = [UInt8](repeating: 0, count: PackFormat.trailerSize)
            let got = try file.read(into: &trailer, count: trailer.count, at: size - trailer.count)
            let offset = Self.word(trailer, at: 0)
            let count = Self.word(trailer, at: 8)
            let available = UInt64(size - PackFormat.trailerSize)
            let (length, overflow) = count.multipliedReportingOverflow(by: UInt64(PackFormat.indexEntrySize))
            guard got == trailer.count, trailer[48..<64].elementsEqual(PackFormat.endMagic), !overflow, offset <= available,
                length == available - offset
            else {
                throw SystemError("read", path, errno: 0)
            }
            index = try MappedFile(file, offset: Int(offset), count: Int(length))
            self.file = file
            self.size = size
            self.count = Int(count)
            indexOffset = Int(offset)
            indexDigest = Digest(bytes: trailer[16..<48])
        } catch {
            if error.errno != 0 { throw Failure(.io, "the pack \(path) cannot be opened", cause: error) }
            throw Failure(.corrupt, "the pack \(path) is damaged: its end is not the end of a pack")
        }
    }

    /// A big-endian number of eight bytes.
    private static func word(_ bytes: [UInt8], at offset: Int) -> UInt64 {
        bytes[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }

    func digest(at position: Int) -> Digest {
        let base = position * PackFormat.indexEntrySize
        return Digest(
            words: (index.word64(at: base), index.word64(at: base + 8), index.word64(at: base + 16), index.word64(at: base + 24)))
    }

    func entry(at position: Int) -> PackEntry {
        let base = position * PackFormat.indexEntrySize + Digest.byteCount
        let length = index.word32(at: base + 12)
        return PackEntry(
            offset: Int(truncatingIfNeeded: index.word64(at: base)), storedLength: Int(index.word32(at: base + 8)),
            length: Int(length & ~PackFormat.compressedBit), isCompressed: length & PackFormat.compressedBit != 0)
    }

    /// Interpolation search: digests are spread evenly, so that a few steps are enough.
    func find(_ digest: Digest) -> PackEntry? {
        var low = 0
        var high = count - 1
        var lowWord: UInt64 = 0
        var highWord = UInt64.max
        let word = digest.words.0
        while low <= high {
            let span = highWord &- lowWord
            let share = span == 0 ? 0.5 : Double(word &- lowWord) / Double(span)
            let middle = min(high, max(low, low + Int(share * Double(high - low))))
            // The first word tells all but equal digests apart.
            let foundWord = index.word64(at: middle * PackFormat.indexEntrySize)
            if foundWord == word, self.digest(at: middle) == digest { return entry(at: middle) }
            if foundWord < word || (foundWord == word && self.digest(at: middle) < digest) {
                low = middle + 1
                lowWord = foundWord
            } else {
                high = middle - 1
                highWord = foundWord
            }
            guard word >= lowWord, word <= highWord else { return nil }
        }
        return nil
    }

    /// The stored bytes, as they are.
    func stored(_ entry: PackEntry) throws(Failure) -> [UInt8] {
        try check(entry)
        var bytes = [UInt8](repeating: 0, count: entry.storedLength)
        try read(into: &bytes, count: entry.storedLength, at: entry.offset)
        return bytes
    }

    /// `Failure(.corrupt)` where the entry does not lie among the objects.
    func check(_ entry: PackEntry) throws(Failure) {
        guard entry.offset >= PackFormat.magic.count, entry.storedLength <= PackFormat.maximumObject + 4096,
            entry.offset <= indexOffset - entry.storedLength
        else { throw Failure(.corrupt, "the index of the pack \(path) points outside of it") }
    }

    /// The bytes from a multiple of `PackStretches.step` on, without those behind the objects; nil where they are not mapped, see there.
    func stretch(_ position: Int) -> MappedFile? {
        stretches.stretch(position) {
            let start = position * PackStretches.step
            let count = min(PackStretches.step + PackStretches.largestObject, indexOffset - start)
            // Where the disk fails below it, the objects are read one by one, and only some of them are lost.
            guard let bytes = try? MappedFile(file, offset: start, count: count), (try? bytes.populate()) != nil else {
                return nil
            }
            return bytes
        }
    }

    private func read(into bytes: inout [UInt8], count: Int, at offset: Int) throws(Failure) {
        do throws(SystemError) {
            let got = try file.read(into: &bytes, count: count, at: offset)
            guard got == count else { throw SystemError("pread", path, errno: 5) }
        } catch { throw Failure(.io, "the pack \(path) cannot be read", cause: error) }
    }

    /// Whether the index is what the trailer says.
    func verifyIndex() -> Bool { SHA256.digest(of: index.bytes(0..<index.count)) == indexDigest }
}
