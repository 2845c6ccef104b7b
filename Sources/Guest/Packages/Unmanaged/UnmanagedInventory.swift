import ImageStore
import Model

/// Looks for software that no package manager owns.
package struct UnmanagedInventory: Sendable {
    package private(set) var software: [UnmanagedSoftware] = []
    /// Programs whose origin nothing says: executable files of no package without a trace of what they were built from.
    package private(set) var unknownPrograms: [TreePath] = []

    /// More of either is a mistake or an attack.
    static let maximumEntries = 100_000
    private static let maximumManifest: UInt64 = 8 << 20
    /// A larger program is listed and not looked into.
    private static let maximumProgram: UInt64 = 256 << 20

    /// A file that could be a manifest or a program.
    private struct Candidate {
        let path: TreePath
        let content: FileContent
        let manifest: Manifest?
    }

    package init(in view: any TreeView) throws(Failure) {
        let candidates = try Self.candidates(in: view)
        let owners = try FileOwners(in: view, among: Set(candidates.map(\.path.bytes)))
        var count = 0
        for candidate in candidates where owners[candidate.path].isEmpty {
            count += 1
            guard count <= Self.maximumEntries else {
                throw Failure(.exhausted, "the image has more than \(Self.maximumEntries) files of software outside of packages")
            }
            guard let manifest = candidate.manifest else {
                try look(at: candidate.path, candidate.content, in: view)
                continue
            }
            guard candidate.content.size <= Self.maximumManifest || manifest == .java else { continue }
            if let found = try manifest.read(candidate.path, candidate.content, in: view) { software.append(found) }
        }
        software.sort { ($0.kind.rawValue, $0.name, $0.version, $0.path) < ($1.kind.rawValue, $1.name, $1.version, $1.path) }
        unknownPrograms.sort()
    }

    private static func candidates(in view: any TreeView) throws(Failure) -> [Candidate] {
        var candidates: [Candidate] = []
        try view.walk { (path, node) throws(Failure) in
            if isTransient(path) { return false }
            guard let content = node.content, let name = path.last?.bytes, content.size > 0 else { return true }
            let manifest = Manifest(path, name)
            guard manifest != nil || node.metadata.mode & 0o111 != 0 else { return true }
            candidates.append(Candidate(path: path, content: content, manifest: manifest))
            return true
        }
        return candidates
    }

    private static func isTransient(_ path: TreePath) -> Bool {
        guard path.names.count == 1, let name = path.last?.description else { return false }
        return ["proc", "sys", "dev", "run", "tmp"].contains(name)
    }

    private mutating func look(at path: TreePath, _ content: FileContent, in view: any TreeView) throws(Failure) {
        guard try Self.isProgram(content, in: view.objects) else { return }
        guard content.size <= Self.maximumProgram, let info = try GoBuildInfo(content, in: view.objects) else {
            unknownPrograms.append(path)
            return
        }
        software += info.software(at: path)
    }

    /// An ELF file: scripts are their interpreter's matter.
    private static func isProgram(_ content: FileContent, in objects: any ObjectReader) throws(Failure) -> Bool {
        guard let first = try content.extents(from: objects).first, let bytes = try first.data(from: objects) else {
            return false
        }
        return bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46])
    }
}
