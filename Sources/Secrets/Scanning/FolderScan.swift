import Guest
import ImageStore
import Model
import Platform

extension SecretScanner {
    /// All files below a folder of this machine, which is taken for the root of an image.
    package func scan(
        folder root: String, allowing allowances: [SecretAllowance] = [], separatesGenerated: Bool = false,
        progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(Failure) -> SecretScanReport {
        var walk = FolderWalk(root: Array(root.utf8))
        let baseline = try PackageBaseline()
        try walk.visit(.root, baseline)
        let scan = FileScan(self, vendor: baseline.digests(), cache: nil)
        let total = walk.items.count
        try scan.scan(walk.items) { progress($0, total) }
        let byPath = Dictionary(walk.items.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var report = try judged(scan.result, scan.vendor, separatesGenerated: separatesGenerated) { byPath[$0] }
        for skipped in walk.skipped { report.coverage.skip(skipped) }
        return finish(report, allowances)
    }
}

/// Lists the files of a folder.
private struct FolderWalk {
    let root: [UInt8]
    var items: [ScanItem] = []
    var skipped: [SkippedContent] = []
    /// Files with several names are read once.
    private var seen: Set<Identity> = []

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    init(root: [UInt8]) { self.root = root }

    mutating func visit(_ folder: TreePath, _ baseline: PackageBaseline) throws(Failure) {
        let names: [[UInt8]]
        do throws(SystemError) { names = try Files.names(inFolder: real(folder)) } catch {
            if folder.isRoot {
                throw Failure(.io, "the folder \(String(decoding: root, as: UTF8.self)) cannot be read", cause: error)
            }
            skipped.append(SkippedContent(place: folder.escaped, reason: "the folder cannot be read: \(error)"))
            return
        }
        for bytes in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard let name = Name(bytes) else { continue }
            let path = folder.appending(name)
            do throws(SystemError) { try visit(path, try Files.status(bytes: real(path)), baseline) } catch {
                skipped.append(SkippedContent(place: path.escaped, reason: "it cannot be read: \(error)"))
            }
        }
    }

    private mutating func visit(_ path: TreePath, _ status: Files.Status, _ baseline: PackageBaseline) throws(SystemError) {
        do throws(Failure) {
            if status.isDirectory {
                guard path.names.count < TreePath.maximumDepth else {
                    return skipped.append(
                        SkippedContent(place: path.escaped, reason: "it is deeper than \(TreePath.maximumDepth) folders"))
                }
                try baseline.note(directory: path)
                try visit(path, baseline)
            } else if status.isSymlink {
                if let target = try? Files.linkTarget(bytes: real(path)) { try baseline.note(link: path, target: target) }
            } else if status.isRegular {
                let identity = Identity(device: status.device, inode: status.inode)
                guard status.links == 1 || seen.insert(identity).inserted else { return }
                let item = HostFile.item(path, real(path), size: status.size)
                items.append(item)
                if PackageBaseline.needs(path, size: item.size) {
                    try baseline.note(file: path, try item.bytes(limit: 128 << 20))
                }
            }
        } catch { skipped.append(SkippedContent(place: path.escaped, reason: error.message)) }
    }

    private func real(_ path: TreePath) -> [UInt8] { path.isRoot ? root : root + path.bytes }
}

/// Reads a file of this machine piece by piece.
enum HostFile {
    private static let pieceSize = 8 << 20

    static func item(_ path: TreePath, _ real: [UInt8], size: Int) -> ScanItem {
        ScanItem(path, size: UInt64(max(0, size))) { () throws(Failure) in
            let file: OpenFile
            do throws(SystemError) { file = OpenFile(try FileDescriptor.openForReading(bytes: real)) } catch {
                throw Failure(.io, "\(path.escaped) cannot be read", cause: error)
            }
            return { () throws(Failure) in
                do throws(SystemError) { return try file.next(atMost: min(pieceSize, max(4096, size + 1))) } catch {
                    throw Failure(.io, "\(path.escaped) cannot be read", cause: error)
                }
            }
        }
    }

    /// A descriptor that a closure can own.
    private final class OpenFile {
        private let descriptor: FileDescriptor
        private var offset = 0

        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

        func next(atMost count: Int) throws(SystemError) -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: count)
            let got = try descriptor.read(into: &buffer, count: count, at: offset)
            offset += got
            if got == 0 { return nil }
            if got < count { buffer.removeLast(count - got) }
            return buffer
        }
    }
}
