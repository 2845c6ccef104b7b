import Crypto
import ImageStore
import Model
import Platform

/// One reading of a source, and the digest over all that it found.
struct HostReader: ~Copyable {
    private let source: HostSource
    private let writer: (any ObjectWriter)?
    private var manifest = SHA256()

    /// Whole pages, as the chunker asks.
    private static let pieceSize = 4 << 20

    init(source: HostSource, writer: (any ObjectWriter)?) {
        self.source = source
        self.writer = writer
        manifest.update("ingot folder 1\n")
    }

    mutating func finish() -> Digest { manifest.finish() }

    mutating func directory(
        _ path: String, _ names: [Name], _ take: (HostSource.Entry) throws(Failure) -> Void
    ) throws(Failure) {
        note("directory", names)
        try take(.init(names: names, kind: .directory))
        for name in try list(path) { try entry("\(path)/\(name)", names + [name], take) }
    }

    private mutating func entry(
        _ path: String, _ names: [Name], _ take: (HostSource.Entry) throws(Failure) -> Void
    ) throws(Failure) {
        let status = try source.reading(path) { () throws(SystemError) in try Files.status(path) }
        if status.isDirectory { return try directory(path, names, take) }
        if status.isSymlink {
            let target = try source.reading(path) { () throws(SystemError) in try Files.linkTarget(bytes: Array(path.utf8)) }
            note("link", names, SHA256.digest(of: target))
            return try take(.init(names: names, kind: .symlink(target: target)))
        }
        let file = try file(path, names, status, take)
        note(file.isExecutable ? "program" : "file", names, file.digest)
    }

    /// Reads one file, stores it where there is a writer, and gives the digest of its bytes.
    func file(
        _ path: String, _ names: [Name], _ status: Files.Status, _ take: (HostSource.Entry) throws(Failure) -> Void
    ) throws(Failure) -> (digest: Digest, isExecutable: Bool) {
        guard status.isRegular else {
            throw Failure(
                .invalid, "'\(source.name)' cannot be copied: \(path) is neither a file nor a folder nor a symbolic link")
        }
        let isExecutable = status.mode & 0o100 != 0
        var hasher = SHA256()
        var content: FileContent?
        if let writer {
            var chunker = Chunker(into: writer)
            try pieces(path) { (piece: [UInt8]) throws(Failure) in
                hasher.update(piece)
                try chunker.append(piece.span)
            }
            content = try chunker.finish()
        } else {
            try pieces(path) { (piece: [UInt8]) throws(Failure) in hasher.update(piece) }
        }
        try take(.init(names: names, kind: .file(isExecutable: isExecutable, content: content)))
        return (hasher.finish(), isExecutable)
    }

    private func pieces(_ path: String, _ body: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
        let file = try source.reading(path) { () throws(SystemError) in try FileDescriptor.open(path, .read) }
        var offset = 0
        while true {
            var piece = [UInt8](repeating: 0, count: Self.pieceSize)
            let got = try source.reading(path) { () throws(SystemError) in
                try file.read(into: &piece, count: Self.pieceSize, at: offset)
            }
            if got < Self.pieceSize { piece.removeLast(Self.pieceSize - got) }
            if got > 0 { try body(piece) }
            if got < Self.pieceSize { return }
            offset += got
        }
    }

    /// The names in a folder, in the order of their bytes.
    private func list(_ path: String) throws(Failure) -> [Name] {
        let names = try source.reading(path) { () throws(SystemError) in try Files.names(inFolder: Array(path.utf8)) }
        return try names.map { (bytes: [UInt8]) throws(Failure) in
            guard String(validating: bytes, as: UTF8.self) != nil, let name = Name(bytes) else {
                throw Failure(
                    .invalid, "'\(source.name)' cannot be copied: a name in \(path) is not UTF-8",
                    hint: "put such files into an archive and make that the parent image")
            }
            return name
        }.sorted()
    }

    private mutating func note(_ kind: String, _ names: [Name], _ digest: Digest? = nil) {
        let path = TreePath(names).bytes
        manifest.update("\(kind) \(path.count):")
        manifest.update(path)
        manifest.update(" \(digest?.hex ?? "-")\n")
    }
}
