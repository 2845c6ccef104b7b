import ImageStore
import Model

/// Finds the paths of an image that fit patterns, going down only where a pattern leads.
///
/// The folder that a pattern names before its first wildcard is taken as a process would, links followed. Below it a link to a
/// folder is followed only where it leads to a place beneath that folder; what lies beyond another one is told, not touched.
package struct GlobSearch {
    package struct Result: Hashable, Sendable {
        /// Each once, in the order of the tree.
        package var paths: [TreePath] = []
        /// Links on the way that lead to something which fits, but outside of the pattern's folder.
        package var leadingOut: [TreePath] = []
    }

    private let view: any TreeView
    private let homes: HomeFolders

    package init(_ view: any TreeView, homes: HomeFolders) {
        self.view = view
        self.homes = homes
    }

    package func find(_ patterns: [GlobPattern]) throws(Failure) -> Result {
        var paths: Set<TreePath> = []
        var leadingOut: Set<TreePath> = []
        for pattern in patterns {
            for folder in try folders(of: pattern.anchor) {
                var walk = Walk(view: view, folder: folder)
                try walk.go(folder, pattern.parts[...])
                paths.formUnion(walk.paths)
                leadingOut.formUnion(walk.leadingOut)
            }
        }
        return Result(paths: paths.sorted(), leadingOut: leadingOut.sorted())
    }

    private func folders(of anchor: GlobPattern.Anchor) throws(Failure) -> [TreePath] {
        switch anchor {
        case .folder(let path): [try view.resolve(path)]
        case .home: homes.homes.map(\.path)
        case .userHome: homes.homes.filter { !$0.isSystemFolder }.map(\.path)
        }
    }

    private struct Walk {
        let view: any TreeView
        let folder: TreePath
        var paths: Set<TreePath> = []
        var leadingOut: Set<TreePath> = []
        /// The link that the walk has left the folder through.
        var left: TreePath?

        mutating func go(_ path: TreePath, _ parts: ArraySlice<GlobPattern.Part>) throws(Failure) {
            guard let part = parts.first else { return found(path) }
            let rest = parts.dropFirst()
            switch part {
            case .name(let name):
                let next = path.appending(name)
                if let node = try view.node(at: next) { try enter(next, node, rest) }
            case .wildcard(let wildcard):
                for (name, node) in try view.children(of: path) ?? [] where wildcard.matches(name.bytes) {
                    try enter(path.appending(name), node, rest)
                }
            case .anyFolders:
                if !rest.isEmpty { try go(path, rest) }
                for (name, node) in try view.children(of: path) ?? [] {
                    let next = path.appending(name)
                    if rest.isEmpty { found(next) }
                    if node.isDirectory { try go(next, parts) }
                }
            }
        }

        private mutating func enter(_ path: TreePath, _ node: Node, _ rest: ArraySlice<GlobPattern.Part>) throws(Failure) {
            if rest.isEmpty { return found(path) }
            if node.isDirectory { return try go(path, rest) }
            guard node.isSymlink, let target = target(of: path), try view.node(at: target)?.isDirectory == true else { return }
            if target.isWithin(folder) || left != nil { return try go(target, rest) }
            left = path
            try go(target, rest)
            left = nil
        }

        private mutating func found(_ path: TreePath) {
            if let left { leadingOut.insert(left) } else { paths.insert(path) }
        }

        /// Nil for a link in a circle or out of the image: nothing of the image lies behind it.
        private func target(of link: TreePath) -> TreePath? {
            do throws(Failure) { return try view.resolve(link) } catch { return nil }
        }
    }
}
