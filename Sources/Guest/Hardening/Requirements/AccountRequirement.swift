import ImageStore
import Model

/// A property of the accounts in passwd, group and shadow.
package struct AccountRequirement: HardeningRequirement {
    package enum Property: String, Sendable, CaseIterable {
        case onlyRootHasUIDZero, rootHasGIDZero, passwordsAreShadowed, noEmptyPasswords, noDuplicateUIDs, noDuplicateGIDs
        case noDuplicateUserNames, noDuplicateGroupNames, shadowGroupIsEmpty, systemAccountsHaveNoShell, systemAccountsAreLocked
        case homesArePrivate, passwordsExpire
        /// Of all accounts only root has the group 0.
        case onlyRootHasGIDZero
        /// Each group of passwd is in group.
        case groupsExist
        /// root has a password or is locked.
        case rootIsProtected
        /// Homes of people exist and are theirs.
        case homesBelongToTheirUsers
        /// Files in homes that begin with a dot are written by their users only.
        case dotFilesArePrivate
        /// No shell file of root has a PATH with an empty, relative or open folder.
        case rootPathIsSafe
    }

    package let property: Property

    package init(_ property: Property) { self.property = property }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let accounts = try Accounts(guest)
        guard !accounts.users.isEmpty else { return .notApplicable("\(AccountTable.passwd) is missing or empty") }
        let wrong = try deviations(accounts, guest)
        return wrong.isEmpty ? .met("\(accounts.users.rows.count) accounts looked at") : .notMet(listed(wrong))
    }

    private struct Accounts {
        var users: AccountTable
        var groups: AccountTable
        var secrets: AccountTable

        init(_ guest: any TreeView) throws(Failure) {
            users = try AccountTable(AccountTable.passwd, in: guest)
            groups = try AccountTable(AccountTable.group, in: guest)
            secrets = try AccountTable(AccountTable.shadow, in: guest)
        }

        var systemUsers: [AccountTable.Row] { users.rows.filter(AccountRequirement.isSystem) }
    }

    private func deviations(_ accounts: Accounts, _ guest: any TreeView) throws(Failure) -> [String] {
        let users = accounts.users.rows
        switch property {
        case .onlyRootHasUIDZero: return users.filter { $0.number == 0 && $0.name != "root" }.map { "\($0.name) has uid 0" }
        case .rootHasGIDZero:
            return users.filter { $0.name == "root" && $0.field(3) != "0" }.map { "root has gid \($0.field(3))" }
        case .passwordsAreShadowed: return users.filter { $0.field(1) != "x" }.map { "\($0.name)'s password is not in shadow" }
        case .noEmptyPasswords:
            return users.filter { $0.field(1).isEmpty }.map { "\($0.name) has no password in passwd" }
                + accounts.secrets.rows.filter { $0.field(1).isEmpty }.map { "\($0.name) has an empty password" }
        case .noDuplicateUIDs: return Self.duplicates(users.map { $0.field(2) }).map { "the uid \($0) is there twice" }
        case .noDuplicateGIDs:
            return Self.duplicates(accounts.groups.rows.map { $0.field(2) }).map { "the gid \($0) is there twice" }
        case .noDuplicateUserNames: return Self.duplicates(users.map(\.name)).map { "the user \($0) is there twice" }
        case .noDuplicateGroupNames:
            return Self.duplicates(accounts.groups.rows.map(\.name)).map { "the group \($0) is there twice" }
        case .shadowGroupIsEmpty: return Self.shadowMembers(accounts.groups.rows, users)
        case .systemAccountsHaveNoShell:
            return accounts.systemUsers.filter { !Self.isNoShell($0.field(6)) }.map { "\($0.name) has the shell \($0.field(6))" }
        case .systemAccountsAreLocked:
            let names = Set(accounts.systemUsers.map(\.name))
            return accounts.secrets.rows.filter { names.contains($0.name) && !Self.isLocked($0) }.map {
                "\($0.name) is not locked"
            }
        case .homesArePrivate: return try Self.openHomes(guest).map { "\($0.path) is \(octal($0.mode))" }
        case .passwordsExpire:
            return accounts.secrets.rows.filter(Self.neverExpires).map { "\($0.name)'s password lives for \($0.field(4)) days" }
        case .onlyRootHasGIDZero: return users.filter(Self.hasRootsGroup).map { "\($0.name) has gid 0" }
        case .groupsExist:
            let known = Set(accounts.groups.rows.map { $0.field(2) })
            return users.filter { !known.contains($0.field(3)) }.map { "\($0.name)'s gid \($0.field(3)) is in no line of group" }
        case .rootIsProtected:
            let root = accounts.secrets.rows.first { $0.name == "root" }
            return root.map { !$0.field(1).isEmpty } ?? false ? [] : ["root has neither a password nor a lock"]
        case .homesBelongToTheirUsers: return try HomeProperties.foreignHomes(guest).map(\.evidence)
        case .dotFilesArePrivate: return try HomeProperties.openDotFiles(guest).map { "\($0.path) is \(octal($0.mode))" }
        case .rootPathIsSafe: return try HomeProperties.unsafePaths(guest)
        }
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        var accounts = try Accounts(guest)
        switch property {
        case .rootHasGIDZero: try accounts.users.update(in: guest) { if $0.name == "root" { $0.set(3, "0") } }
        case .noEmptyPasswords:
            // An empty field in passwd would let anybody in; in shadow too.
            let hasSecrets = !accounts.secrets.isEmpty
            try accounts.users.update(in: guest) { if $0.field(1).isEmpty { $0.set(1, hasSecrets ? "x" : "!") } }
            try accounts.secrets.update(in: guest) { if $0.field(1).isEmpty { $0.set(1, "!") } }
        case .shadowGroupIsEmpty: try accounts.groups.update(in: guest) { if $0.name == "shadow" { $0.set(3, "") } }
        case .systemAccountsHaveNoShell:
            try accounts.users.update(in: guest) {
                if Self.isSystem($0) && !Self.isNoShell($0.field(6)) { $0.set(6, "/usr/sbin/nologin") }
            }
        case .systemAccountsAreLocked:
            let names = Set(accounts.systemUsers.map(\.name))
            try accounts.secrets.update(in: guest) {
                if names.contains($0.name) && !Self.isLocked($0) { $0.set(1, "!" + $0.field(1)) }
            }
        case .homesArePrivate: for (path, _) in try Self.openHomes(guest) { try guest.updateMetadata(path) { $0.mode &= ~0o027 } }
        case .passwordsExpire: try accounts.secrets.update(in: guest) { if Self.neverExpires($0) { $0.set(4, "365") } }
        case .rootIsProtected:
            try accounts.secrets.update(in: guest) { if $0.name == "root" && $0.field(1).isEmpty { $0.set(1, "!") } }
        case .homesBelongToTheirUsers:
            for home in try HomeProperties.foreignHomes(guest) { try home.give(guest) }
        case .dotFilesArePrivate:
            for (path, _) in try HomeProperties.openDotFiles(guest) { try guest.updateMetadata(path) { $0.mode &= ~0o022 } }
        case .onlyRootHasGIDZero, .groupsExist, .rootPathIsSafe, .onlyRootHasUIDZero, .passwordsAreShadowed, .noDuplicateUIDs,
            .noDuplicateGIDs, .noDuplicateUserNames,
            .noDuplicateGroupNames:
            throw Failure(.failed, "which account is right is for the site to say")
        }
    }
}

// MARK: - What counts

extension AccountRequirement {
    /// Debian's system accounts, root and those that only end the session aside; `nobody` is one too.
    private static func isSystem(_ row: AccountTable.Row) -> Bool {
        guard let uid = row.number, uid != 0, uid < 1000 || uid == 65534 else { return false }
        return !["sync", "shutdown", "halt"].contains(row.name)
    }

    static func isNoShell(_ shell: String) -> Bool { shell.hasSuffix("/nologin") || shell.hasSuffix("/false") }

    private static func isLocked(_ row: AccountTable.Row) -> Bool { row.field(1).first == "!" || row.field(1).first == "*" }

    /// A password that can be used, and its age has no limit or one of more than a year.
    private static func neverExpires(_ row: AccountTable.Row) -> Bool {
        let password = row.field(1)
        guard !password.isEmpty, !isLocked(row) else { return false }
        return Int(row.field(4)).map { $0 > 365 || $0 < 1 } ?? true
    }

    /// Those that only end the session are root's too.
    private static func hasRootsGroup(_ row: AccountTable.Row) -> Bool {
        row.field(3) == "0" && !["root", "sync", "shutdown", "halt", "operator"].contains(row.name)
    }

    private static func duplicates(_ values: [String]) -> [String] {
        var seen: Set<String> = []
        return Set(values.filter { !seen.insert($0).inserted }).sorted()
    }

    private static func shadowMembers(_ groups: [AccountTable.Row], _ users: [AccountTable.Row]) -> [String] {
        guard let group = groups.first(where: { $0.name == "shadow" }) else { return [] }
        let primary = users.filter { $0.field(3) == group.field(2) }.map(\.name)
        return (group.field(3).split(separator: ",").map(String.init) + primary).map { "\($0) is in the group shadow" }
    }

    /// Homes of accounts that people use, open to others.
    private static func openHomes(_ guest: any TreeView) throws(Failure) -> [(path: TreePath, mode: UInt16)] {
        var open: [(path: TreePath, mode: UInt16)] = []
        for (_, home) in try HomeProperties.people(guest) {
            let path = try guest.resolve(home)
            guard let node = try guest.node(at: path), node.isDirectory, node.metadata.mode & 0o027 != 0 else { continue }
            open.append((path, node.metadata.mode))
        }
        return open
    }
}
