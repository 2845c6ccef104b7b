import Archive
import Guest
import ImageStore
import Model

extension SecretScanner {
    /// All members of a tar or cpio archive, which is taken for an image. It is read twice: for the package databases, which may come
    /// last, and for the files.
    package func scan(
        archive path: String, allowing allowances: [SecretAllowance] = [],
        progress: @escaping @Sendable (_ done: Int) -> Void = { _ in }
    ) throws(Failure) -> SecretScanReport {
        let baseline = try PackageBaseline()
        try ArchiveWalk(path).visit { (member, kind, read) throws(Failure) in
            switch kind {
            case .directory: try baseline.note(directory: member)
            case .symbolicLink(let target): try baseline.note(link: member, target: target)
            case .file(let size) where PackageBaseline.needs(member, size: size):
                try baseline.note(file: member, try read(128 << 20).bytes)
            default: break
            }
        }
        let scan = FileScan(self, vendor: baseline.digests(), cache: nil)
        var batch: [ScanItem] = []
        var batchBytes = 0
        var done = 0
        var skipped: [SkippedContent] = []
        func flush() throws(Failure) {
            try scan.scan(batch)
            done += batch.count
            progress(done)
            (batch, batchBytes) = ([], 0)
        }
        try ArchiveWalk(path).visit { (member, kind, read) throws(Failure) in
            guard case .file = kind else { return }
            let (bytes, isWhole) = try read(Self.largestMember)
            if !isWhole {
                skipped.append(SkippedContent(place: member.escaped, reason: "only its first \(bytes.count) bytes were searched"))
            }
            batch.append(ScanItem(member, bytes))
            batchBytes += bytes.count
            if batchBytes >= Self.batchSize { try flush() }
        }
        try flush()
        var report = scan.result
        for content in skipped { report.coverage.skip(content) }
        return finish(report, allowances)
    }

    /// A member of an archive is held in memory up to this size, and members up to this size together.
    private static let largestMember = 64 << 20
    private static let batchSize = 32 << 20
}

/// The members of an archive that are paths of an image.
private struct ArchiveWalk {
    private let path: String

    enum Kind {
        case directory
        case symbolicLink([UInt8])
        case file(UInt64)
    }

    init(_ path: String) { self.path = path }

    /// `read` gives the bytes of a file up to a limit, and whether that is all.
    func visit(
        _ body: (TreePath, Kind, _ read: (Int) throws(Failure) -> (bytes: [UInt8], isWhole: Bool)) throws(Failure) -> Void
    ) throws(Failure) {
        var failure: Failure?
        do throws(ArchiveError) {
            var reader = try ArchiveReader(path: path)
            while failure == nil, let entry = try reader.next() {
                guard let member = try? TreePath(parsing: entry.path) else { continue }
                let kind: Kind
                switch entry.kind {
                case .directory: kind = .directory
                case .symbolicLink(let target): kind = .symbolicLink(target)
                case .file: kind = .file(entry.size)
                default: continue
                }
                do throws(Failure) {
                    try body(member, kind) { limit throws(Failure) in
                        do throws(ArchiveError) {
                            var bytes: [UInt8] = []
                            while bytes.count < limit, let block = try reader.nextBlock() {
                                let start = Int(clamping: block.offset)
                                // A hole separates what is around it.
                                if start > bytes.count { bytes += [UInt8](repeating: 0, count: min(start - bytes.count, 4096)) }
                                reader.withBytes { piece in
                                    for index in piece.indices { bytes.append(piece[index]) }
                                }
                            }
                            return (bytes, bytes.count < limit)
                        } catch { throw Failure(.invalid, "the archive \(path) cannot be read", cause: error) }
                    }
                } catch { failure = error }
            }
        } catch { throw Failure(.invalid, "the archive \(path) cannot be read", cause: error) }
        if let failure { throw failure }
    }
}
