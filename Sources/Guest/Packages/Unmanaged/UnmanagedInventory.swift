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

    package init(in view: any TreeView) throws(Failure) {
        let owners = try FileOwners(in: view)
        var programs: [(path: TreePath, content: FileContent)] = []
        try view.walk { (path, node) throws(Failure) in
            if Self.isTransient(path) { return false }
            guard let content = node.content, let name = path.last?.bytes, content.size > 0 else { return true }
            // Only what could be a manifest or a program is asked for its owner.
            let manifest = Manifest(path, name)
            let isProgram = node.metadata.mode & 0o111 != 0
            guard manifest != nil || isProgram, owners[path].isEmpty else { return true }
            guard software.count + programs.count < Self.maximumEntries else {
                throw Failure(.exhausted, "the image has more than \(Self.maximumEntries) files of software outside of packages")
            }
            if let manifest {
                guard content.size <= Self.maximumManifest || manifest == .java else { return true }
                if let found = try manifest.read(path, content, in: view) { software.append(found) }
            } else {
                programs.append((path, content))
            }
            return true
        }
        for program in programs { try look(at: program.path, program.content, in: view) }
        software.sort { ($0.kind.rawValue, $0.name, $0.version, $0.path) < ($1.kind.rawValue, $1.name, $1.version, $1.path) }
        unknownPrograms.sort()
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
