import FoundationEssentials
import ImageStore
import Model

/// A file that names software and its version, known by its path.
enum Manifest: Hashable {
    /// `NAME-VERSION.dist-info/METADATA`, `NAME.egg-info/PKG-INFO`, or a file `NAME.egg-info`.
    case python
    /// `node_modules/NAME/package.json`
    case node
    /// `NAME-VERSION.jar`
    case java

    init?(_ path: TreePath, _ name: [UInt8]) {
        switch name {
        case Self.metadata, Self.packageInfo:
            guard let folder = path.parent.last?.bytes, Self.ends(folder, ".dist-info") || Self.ends(folder, ".egg-info") else {
                return nil
            }
            self = .python
        case Self.nodePackage:
            // The package's own manifest stands right below node_modules, or below a scope in it.
            let folders = path.names.map(\.description)
            guard let last = folders.lastIndex(of: "node_modules") else { return nil }
            let depth = folders.count - last
            let isScoped = last + 1 < folders.count && folders[last + 1].hasPrefix("@")
            guard depth == (isScoped ? 4 : 3) else { return nil }
            self = .node
        default:
            // Few names end in one of these letters.
            guard let last = name.last, [0x6F, 0x72].contains(last) else { return nil }
            if Self.ends(name, ".egg-info") {
                self = .python
            } else if Self.ends(name, ".jar") || Self.ends(name, ".war") {
                self = .java
            } else {
                return nil
            }
        }
    }

    private static let metadata = Array("METADATA".utf8)
    private static let packageInfo = Array("PKG-INFO".utf8)
    private static let nodePackage = Array("package.json".utf8)

    private static func ends(_ name: [UInt8], _ ending: StaticString) -> Bool {
        let ending = Array("\(ending)".utf8)
        return name.count > ending.count && name.suffix(ending.count).elementsEqual(ending)
    }

    /// Nil where the file does not say what it should.
    func read(_ path: TreePath, _ content: FileContent, in view: any TreeView) throws(Failure) -> UnmanagedSoftware? {
        switch self {
        case .python: Self.python(path, try content.bytes(from: view.objects, limit: 8 << 20))
        case .node: Self.node(path, try content.bytes(from: view.objects, limit: 8 << 20))
        case .java: Self.java(path)
        }
    }

    /// The fields Name and Version of the header (core metadata specification).
    private static func python(_ path: TreePath, _ bytes: [UInt8]) -> UnmanagedSoftware? {
        var name: String?
        var version: String?
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty || line == [0x0D] { break }
            let text = String(decoding: line.prefix(1000), as: UTF8.self)
            if text.hasPrefix("Name:") { name = name ?? trimmed(text.dropFirst(5)) }
            if text.hasPrefix("Version:") { version = version ?? trimmed(text.dropFirst(8)) }
        }
        guard let name, let version, !name.isEmpty, !version.isEmpty else { return nil }
        return UnmanagedSoftware(
            kind: .python, name: UnmanagedSoftware.normalizedPythonName(name), version: version, path: path)
    }

    private struct NodePackage: Decodable {
        let name: String?
        let version: String?
    }

    private static func node(_ path: TreePath, _ bytes: [UInt8]) -> UnmanagedSoftware? {
        guard let package = try? JSONDecoder().decode(NodePackage.self, from: Data(bytes)), let name = package.name,
            let version = package.version, !name.isEmpty, name.utf8.count < 300, version.utf8.count < 200
        else { return nil }
        return UnmanagedSoftware(kind: .node, name: name, version: version, path: path)
    }

    /// By the file's name: `log4j-core-2.14.1.jar`. Without a version in it, it is empty.
    private static func java(_ path: TreePath) -> UnmanagedSoftware? {
        guard let file = path.last?.description else { return nil }
        let stem = String(file.dropLast(4))
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        let start = parts.indices.dropFirst().first { parts[$0].first?.isNumber == true }
        guard let start else { return UnmanagedSoftware(kind: .java, name: stem, version: "", path: path) }
        return UnmanagedSoftware(
            kind: .java, name: parts[..<start].joined(separator: "-"), version: parts[start...].joined(separator: "-"), path: path
        )
    }
}
