import Crypto
import Disks
import ImageStore
import Model
import Platform
import Sandbox

/// Disks between files and the store.
enum DiskContent {
    private static let piece = 1 << 20

    /// The bytes of a disk as a tree with one file, with zeros behind them up to `size`. Returns the tree and the size of the file.
    static func store(
        _ file: borrowing FileDescriptor, size: UInt64, in writer: any ObjectWriter, environment: Environment
    ) throws(Failure) -> (disk: Digest, bytes: UInt64) {
        let editor = try TreeEditor(root: nil, in: writer, date: 0)
        var chunker = Chunker(into: writer)
        var position = 0
        var buffer = [UInt8](repeating: 0, count: piece)
        let end = try length(of: file)
        while let data = try nextData(of: file, from: position, size: end) {
            try chunker.appendHole(UInt64(data.lowerBound - position))
            position = data.lowerBound
            while position < data.upperBound {
                if environment.cancellation.isCancelled { throw ConversionRun.cancelled }
                let wanted = min(data.upperBound - position, piece)
                let got = try read(file, at: position, into: &buffer, wanted)
                try chunker.append(buffer.span.extracting(0..<got))
                position += got
            }
        }
        try chunker.appendHole(size - UInt64(position))
        let content = try chunker.finish()
        try editor.write(content, to: try TreePath(parsing: "/\(EmbeddedRegion.diskName)"))
        return (try editor.finish(), content.size)
    }

    /// Writes the bytes of a disk that `store` keeps.
    static func write(_ tree: Tree, to file: borrowing FileDescriptor, environment: Environment) throws(Failure) {
        let content = try EmbeddedRegion.disk(in: tree)
        try EmbeddedRegion.write(content, of: tree, to: file)
        try truncate(file, to: content.size)
    }

    /// Writes a disk of at least `size` bytes with the file system of a tree in its one partition. The same tree gives the same bytes.
    static func write(
        filesOf tree: Tree, size: UInt64, architecture: Architecture, to file: borrowing FileDescriptor, in folder: String,
        environment: Environment, goesOn: DiskProgress
    ) throws(Failure) {
        let system = try BlockImage.file(in: folder)
        try TreeImage(tree, shift: .none, environment: environment).write(to: system)
        let layout = DiskLayout(size: size, content: UInt64(try length(of: system)))
        let identity = SHA256.digest(of: Array("ingot disk 1 \(tree.root.hex)".utf8)).bytes
        do throws(DiskError) {
            try layout.write(
                to: file, type: architecture == .arm64 ? .rootARM : .rootX86, name: "root", identity: identity)
            try DiskFile.copy(system, to: file, at: layout.partition.lowerBound, goesOn: goesOn)
        } catch { throw Failure(error, "the disk of a tree cannot be written") }
    }

    // MARK: Files

    static func length(of file: borrowing FileDescriptor) throws(Failure) -> Int {
        do throws(SystemError) { return try file.size() } catch { throw failure(error) }
    }

    private static func nextData(
        of file: borrowing FileDescriptor, from offset: Int, size: Int
    ) throws(Failure) -> Range<Int>? {
        do throws(SystemError) { return try file.nextData(from: offset, size: size).flatMap { $0.isEmpty ? nil : $0 } } catch {
            throw failure(error)
        }
    }

    private static func read(
        _ file: borrowing FileDescriptor, at offset: Int, into buffer: inout [UInt8], _ count: Int
    ) throws(Failure) -> Int {
        do throws(SystemError) {
            let got = try file.read(into: &buffer, count: count, at: offset)
            if got > 0 { return got }
        } catch { throw failure(error) }
        throw Failure(.io, "the bytes of a disk ended while they were read")
    }

    private static func truncate(_ file: borrowing FileDescriptor, to size: UInt64) throws(Failure) {
        do throws(SystemError) { try file.truncate(to: Int(clamping: size)) } catch { throw failure(error) }
    }

    private static func failure(_ error: SystemError) -> Failure {
        Failure(error.isNoSpace ? .exhausted : .io, "the bytes of a disk cannot be read or written", cause: error)
    }
}

extension Failure {
    /// What went wrong with a disk, by what it was to become.
    init(_ error: DiskError, _ what: String) {
        switch error.kind {
        case .cancelled: self = ConversionRun.cancelled
        case .unsupported, .invalid: self.init(.invalid, error.description, cause: error)
        case .noSpace: self.init(.exhausted, what, hint: "make room on the file system", cause: error)
        case .io: self.init(.io, what, cause: error)
        }
    }
}
