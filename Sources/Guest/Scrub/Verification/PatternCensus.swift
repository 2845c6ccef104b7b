import ImageStore
import Model

/// Visits every path of an image once and says which operations' patterns it fits. Links are not followed, except on the way to the
/// folder that a pattern names.
struct PatternCensus {
    private struct Candidate {
        let operation: String
        let pattern: GlobPattern
        let keeps: Bool
    }

    private let view: any TreeView
    private var candidates: [TreePath: [Candidate]] = [:]

    init(_ view: any TreeView, _ operations: [ScrubOperation]) throws(Failure) {
        self.view = view
        let homes = try Self.homes(view)
        for operation in operations {
            for (patterns, keeps) in [(operation.patterns, false), (operation.keep, true)] {
                for pattern in patterns {
                    for folder in try folders(pattern.anchor, homes) {
                        candidates[folder, default: []].append(Candidate(operation: operation.id, pattern: pattern, keeps: keeps))
                    }
                }
            }
        }
    }

    func matches() throws(Failure) -> [String: [(path: TreePath, node: Node)]] {
        var found: [String: [(path: TreePath, node: Node)]] = [:]
        try visit(.root, [], &found)
        return found
    }

    private func visit(
        _ folder: TreePath, _ above: [(depth: Int, candidates: [Candidate])],
        _ found: inout [String: [(path: TreePath, node: Node)]]
    ) throws(Failure) {
        var active = above
        if let here = candidates[folder] { active.append((folder.names.count, here)) }
        for (name, node) in try view.children(of: folder) ?? [] {
            let path = folder.appending(name)
            var operations: Set<String> = []
            var kept: Set<String> = []
            for (depth, candidates) in active {
                let names = path.names[depth...]
                for candidate in candidates where candidate.pattern.matches(names) {
                    if candidate.keeps { kept.insert(candidate.operation) } else { operations.insert(candidate.operation) }
                }
            }
            for operation in operations.subtracting(kept) { found[operation, default: []].append((path, node)) }
            if node.isDirectory { try visit(path, active, &found) }
        }
    }

    private func folders(_ anchor: GlobPattern.Anchor, _ homes: Set<TreePath>) throws(Failure) -> [TreePath] {
        switch anchor {
        case .folder(let path):
            do throws(Failure) { return [try view.resolve(path)] } catch { return [path] }
        case .home: return Array(homes)
        case .userHome: return homes.filter(Self.isOutsideOfSystem)
        }
    }

    /// Every folder that is somebody's home: the sixth field of each line of passwd, whatever else the line holds, and the usual places.
    private static func homes(_ view: any TreeView) throws(Failure) -> Set<TreePath> {
        var named: [[UInt8]] = [Array("/root".utf8), Array("/etc/skel".utf8)]
        if try view.resolvedNode("/etc/passwd")?.content != nil {
            for line in try view.read("/etc/passwd")?.split(separator: 0x0A) ?? [] {
                let fields = line.split(separator: 0x3A, omittingEmptySubsequences: false)
                if fields.count > 5, fields[5].first == 0x2F { named.append(Array(fields[5])) }
            }
        }
        var homes: Set<TreePath> = []
        for name in named {
            do throws(Failure) {
                let path = try view.resolve(try TreePath(parsing: name))
                if try view.children(of: path) != nil { homes.insert(path) }
            } catch { continue }
        }
        let shared = try view.resolve("/home")
        for (name, node) in try view.children(of: shared) ?? [] where node.isDirectory { homes.insert(shared.appending(name)) }
        return homes
    }

    private static func isOutsideOfSystem(_ path: TreePath) -> Bool {
        guard let top = path.names.first?.description else { return false }
        if path == "/etc/skel" { return true }
        return path != "/home"
            && !["bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "run", "sbin", "sys", "usr"].contains(
                top)
    }
}
