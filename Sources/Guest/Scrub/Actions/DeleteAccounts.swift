import ImageStore
import Model

/// `accounts`: the accounts that the operation's `values` name go, with their records, homes, mail and crontabs. An account whose
/// home is a folder of the system, or of somebody else too, keeps that folder.
package struct DeleteAccounts: ScrubKind {
    package static let name = "accounts"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        let names = work.operation.values.map { Array($0.utf8) }
        let accounts = try Account.all(in: work.editor)
        for account in accounts where names.contains(account.name) {
            let others = accounts.filter { $0.name != account.name }
            try deleteHome(of: account, others, work)
            for folder in ["/var/mail", "/var/spool/mail", "/var/spool/cron", "/var/spool/cron/crontabs"] as [TreePath] {
                guard let name = Name(account.name) else { continue }
                try work.remove(try work.editor.resolve(folder).appending(name))
            }
        }
        for path in try work.fileTargets() { try deleteRecords(names, in: path, work) }
    }

    private func deleteHome(of account: Account, _ others: [Account], _ work: ScrubWork) throws(Failure) {
        let home: TreePath
        do throws(Failure) { home = try work.editor.resolve(try TreePath(parsing: account.home)) } catch {
            return work.problem("the home of \(account.displayName) cannot be found: \(error.message)")
        }
        let isShared = others.contains { other in
            do throws(Failure) { return try work.editor.resolve(try TreePath(parsing: other.home)).isWithin(home) } catch {
                return false
            }
        }
        guard let known = work.homes.homes.first(where: { $0.path == home }) else { return }
        if known.isSystemFolder || isShared {
            return work.note("\(home.escaped) stays: it is not the home of \(account.displayName) alone")
        }
        try work.remove(home)
    }

    /// The records that a name starts, and in group and gshadow the name in lists of members.
    private func deleteRecords(_ names: [[UInt8]], in path: TreePath, _ work: ScrubWork) throws(Failure) {
        let isGroup = path.last.map { $0.bytes == Array("group".utf8) || $0.bytes == Array("gshadow".utf8) } ?? false
        var table = ColonTable(try work.editor.read(path) ?? [])
        table.update { fields in
            if names.contains(fields[0]) { return false }
            guard isGroup, fields.count == 4 else { return true }
            for index in path.last?.bytes == Array("gshadow".utf8) ? [2, 3] : [3] {
                let members = fields[index].split(separator: 0x2C, omittingEmptySubsequences: false)
                let rest = members.filter { !names.contains(Array($0)) }
                if rest.count < members.count { fields[index] = Array(rest.joined(separator: [0x2C])) }
            }
            return true
        }
        try work.replace(path, with: table.bytes)
    }
}
