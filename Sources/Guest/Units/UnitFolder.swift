import ImageStore
import Model

/// One of the folders with units: its files and links, and its folders `*.wants`, `*.requires` and `*.d`.
struct UnitFolder {
    struct File {
        enum Kind: Hashable {
            case file
            /// A file without content, or a device: the unit cannot start.
            case empty
            /// A link with its target, as it stands; relative ones below the folder.
            case link(TreePath)
            /// A folder, or what else is no unit.
            case other
        }

        let path: TreePath
        let kind: Kind
        /// Whether it makes the unit unable to start: it is empty, or a link to /dev/null or to an empty file.
        let isMask: Bool
        /// The last name of what a link points to, as it stands.
        let target: String?
    }

    struct Dependency {
        /// Whose folder it is: `multi-user.target`.
        let unit: String
        let name: UnitName
        let path: TreePath
    }

    static let maximumLinks = 64
    let named: TreePath
    let path: TreePath
    private(set) var files: [UnitName: File] = [:]
    private(set) var dependencies: [Dependency] = []
    private(set) var dropInFolders: Set<String> = []
    /// The links among `dependencies` by their names, and those of instances by their templates too.
    private(set) var dependencyLinks: [UnitName: [UnitName]] = [:]
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
            } else if let unit = UnitName(text), let file = try File(node, at: here, in: guest) {
                files[unit] = file
                if let target = file.target { links[target, default: []].append(unit) }
            }
        }
    }

    private mutating func readDependencies(_ folder: TreePath, of name: String, _ guest: any TreeView) throws(Failure) {
        let unit = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
        for (name, node) in try guest.children(of: folder) ?? [] {
            guard let dependency = UnitName(name.description) else { continue }
            if node.isSymlink {
                for key in [dependency, dependency.template].compactMap(\.self) {
                    dependencyLinks[key, default: []].append(dependency)
                }
            }
            dependencies.append(Dependency(unit: unit, name: dependency, path: folder.appending(name)))
        }
    }
}

extension UnitFolder.File {
    static let nowhere: TreePath = "/dev/null"

    /// Nil for what systemd passes over: sockets and pipes.
    init?(_ node: Node, at path: TreePath, in guest: any TreeView) throws(Failure) {
        var target: String?
        var isMask = false
        switch node.kind {
        case .file(let content, _):
            kind = content.size == 0 ? .empty : .file
            isMask = content.size == 0
        case .hardLink: kind = .file
        case .directory: kind = .other
        case .symlink(let text):
            guard let literal = Self.literal(text, from: path.parent) else { return nil }
            kind = .link(literal)
            target = String(decoding: text.split(separator: 0x2F).last ?? [], as: UTF8.self)
            isMask = literal == Self.nowhere || Self.isEmptyFile(path, guest)
        default: return nil
        }
        (self.path, self.isMask, self.target) = (path, isMask, target)
    }

    /// Where a link points to from a folder, without looking at links on the way.
    private static func literal(_ target: [UInt8], from folder: TreePath) -> TreePath? {
        let full = target.first == 0x2F ? target : folder.bytes + [0x2F] + target
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
        return TreePath(names)
    }

    /// False of links in a circle, too.
    private static func isEmptyFile(_ path: TreePath, _ guest: any TreeView) -> Bool {
        do throws(Failure) { return try guest.resolvedNode(path)?.content?.size == 0 } catch { return false }
    }
}
