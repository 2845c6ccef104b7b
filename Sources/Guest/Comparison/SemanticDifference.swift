import ImageStore
import Model

/// What differs between two images, told as what it means: accounts, services, settings, packages; then the files that none of these
/// explain. Only categories whose files changed are read, so the cost follows the change.
package struct SemanticDifference: Sendable {
    /// All categories, those first that decide who may do what.
    package static let categories: [any SemanticCategory.Type] = [
        UserChanges.self, PasswordChanges.self, GroupChanges.self, SubordinateIDChanges.self, SudoChanges.self,
        AuthorizedKeyChanges.self, HostKeyChanges.self, SecureShellChanges.self, AuthenticationChanges.self,
        LoginDefinitionChanges.self, PrivilegeChanges.self, PermissionChanges.self, UnitChanges.self, SocketChanges.self,
        TimerChanges.self, CronChanges.self, KernelParameterChanges.self, KernelModuleChanges.self, KernelChanges.self,
        MountChanges.self, CertificateChanges.self, PackageSourceChanges.self, PackageChanges.self, SystemChanges.self,
    ]

    /// By category in their order, then by subject.
    package private(set) var changes: [SemanticChange] = []
    /// Changed files that no category explains.
    package private(set) var files: [FileChange] = []
    /// Categories that could not be read, and why. Their files are among `files`.
    package private(set) var problems: [Problem] = []
    /// How many paths differ in their times and in nothing else.
    package private(set) var timesOnly = 0
    /// How many paths differ in more than their times.
    package let changedPaths: Int

    package struct FileChange: Sendable {
        package let change: TreeDiff.Change
        /// The packages that own it, in the new image or else in the old one.
        package let packages: [String]
    }

    package struct Problem: Hashable, Sendable {
        package let category: String
        package let message: String
    }

    /// Whether nothing but times is different.
    package var isOnlyTimes: Bool { changedPaths == 0 && timesOnly > 0 }

    /// - Parameter now: seconds since 1970, for certificates that end soon.
    package init(from old: Tree, to new: Tree, now: Int64) throws(Failure) {
        let all = try TreeDiff.changes(from: old, to: new)
        let changes = all.filter { !$0.isOnlyTime }
        timesOnly = all.count - changes.count
        changedPaths = changes.count
        let trees = ComparedTrees(old: old, new: new, changes: changes, now: now)
        var explained: Set<TreePath> = []
        for type in Self.categories {
            do throws(Failure) {
                let category = type.init()
                let sources = try category.sources(trees)
                if sources.isEmpty { continue }
                let found = try category.compare(trees, sources)
                if !found.isEmpty { explained.formUnion(sources.map(\.path)) }
                self.changes += found
            } catch {
                problems.append(Problem(category: type.name, message: error.message))
            }
        }
        try explainFiles(trees, explained)
    }

    private mutating func explainFiles(_ trees: ComparedTrees, _ explained: Set<TreePath>) throws(Failure) {
        let left = trees.changes.filter { !explained.contains($0.path) && !$0.isOnlyDirectory }
        if left.isEmpty { return }
        let upgraded = Set(changes.filter { $0.category == PackageChanges.name }.map(\.subject))
        do throws(Failure) {
            let owners = try PackageOwnership(trees, of: left)
            for change in left {
                let packages = owners.packages(of: change)
                // What an upgraded package brings along needs no line of its own.
                if packages.contains(where: upgraded.contains) { continue }
                files.append(FileChange(change: change, packages: packages))
            }
        } catch {
            problems.append(Problem(category: "files", message: error.message))
            files = left.map { FileChange(change: $0, packages: []) }
        }
    }

    package var isEmpty: Bool { changes.isEmpty && files.isEmpty && problems.isEmpty }
}

extension TreeDiff.Change {
    /// Whether only the time differs.
    package var isOnlyTime: Bool {
        guard kind == .metadata, var old = before?.metadata, let new = after?.metadata else { return false }
        old.modified = new.modified
        return old == new
    }

    /// Whether it is a folder that came or went: what is in it tells more.
    fileprivate var isOnlyDirectory: Bool { kind != .metadata && (after ?? before)?.isDirectory == true }
}
