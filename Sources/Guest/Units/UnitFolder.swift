import ImageStore
import Model

/// One of the folders with units: its files and links, and its folders `*.wants`, `*.requires` and `*.d`.
struct UnitFolder {
    struct File {
        enum Kind: Hashable {
            case file
            /// A link with its target, as it stands; relative ones below the folder.
            case link(TreePath)
            case mask
        }

        let path: TreePath
        let kind: Kind

        var isMask: Bool { kind == .mask }
    }

    struct Dependency {
        /// Whose folder it is: `multi-user.target`.
        let unit: String
        let name: UnitName
        let path: TreePath
    }

    static let maximumLinks = 64
    private static let nowhere: TreePath = "/dev/null"

    let named: TreePath
    let path: TreePath
    private(set) var files: [UnitName: File] = [:]
    private(set) var dependencies: [Dependency] = []
    private(set) var dropInFolders: Set<String> = []
    /// The links among `dependencies` by their names and by the names of what they point to.
    private(set) var dependencyLinks: [String: [UnitName]] = [:]
    /// The links among `files` by the names of what they point to.
    private(set) var links: [String: [UnitName]] = [:]

    init(_ named: TreePath, at path: TreePath, in guest: any TreeView) throws(Failure) {
        self.named = named
        self.path = path
        for (name, node) in try guest.children(of: path) ?? [] {
            let text = name.description
            let here = path.appending(name)
            if node.isDirectory {
                if text.hasSuffix(".d") { dropInFolders.insert(text) }
                if text.hasSuffix(".wants") || text.hasSuffix(".requires") { try readDependencies(here, of: text, guest) }
            } else if let unit = UnitName(text), let kind = try Self.kind(node, here, guest) {
                files[unit] = File(path: here, kind: kind)
                if case .link(let target) = kind, let last = target.last { links[last.description, default: []].append(unit) }
            }
        }
    }

    private mutating func readDependencies(_ folder: TreePath, of name: String, _ guest: any TreeView) throws(Failure) {
        let unit = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
        for (name, node) in try guest.children(of: folder) ?? [] {
            guard let dependency = UnitName(name.description) else { continue }
            var target: String?
            if case .symlink(let to) = node.kind {
                target = String(decoding: to.split(separator: 0x2F).last ?? [], as: UTF8.self)
            }
            if let target {
                for key in Set([dependency.text, target]) { dependencyLinks[key, default: []].append(dependency) }
            }
            dependencies.append(Dependency(unit: unit, name: dependency, path: folder.appending(name)))
        }
    }

    private static func kind(_ node: Node, _ path: TreePath, _ guest: any TreeView) throws(Failure) -> File.Kind? {
        switch node.kind {
        case .file(let content, _): return content.size == 0 ? .mask : .file
        case .hardLink: return .file
        case .symlink(let target):
            let full = target.first == 0x2F ? target : path.parent.bytes + [0x2F] + target
            var names: [Name] = []
            for part in full.split(separator: 0x2F) where part != [0x2E] {
                if part == [0x2E, 0x2E] {
                    _ = names.popLast()
                } else if let name = Name(Array(part)) {
                    names.append(name)
                } else {
                    return nil
                }
            }
            let literal = TreePath(names)
            if literal == nowhere { return .mask }
            // A link to an empty file masks as well.
            return Self.isEmptyFile(path, guest) ? .mask : .link(literal)
        default: return nil
        }
    }

    /// False of links in a circle, too.
    private static func isEmptyFile(_ path: TreePath, _ guest: any TreeView) -> Bool {
        do throws(Failure) { return try guest.resolvedNode(path)?.content?.size == 0 } catch { return false }
    }
}
