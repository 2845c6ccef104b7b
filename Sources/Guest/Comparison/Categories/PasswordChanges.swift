import ImageStore
import Model

/// What there is of passwords, and their ages; never a hash.
struct PasswordChanges: SemanticCategory {
    static let name = "passwords"
    static let title = "Passwords"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { [PasswordRecord.file] }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            Dictionary(try PasswordRecord.all(in: view).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        }
        return Set(old.keys).union(new.keys).sorted().compactMap { name in
            let (before, after) = (old[name], new[name])
            // A new account that is locked is told of among the users.
            if before == nil, let after, !after.isUsable, after.state != .hash { return nil }
            if after == nil, let before, !before.isUsable, before.state != .hash { return nil }
            let (from, to) = (before.map(Self.text), after.map(Self.text))
            if from == to {
                guard before?.fieldDigest != after?.fieldDigest else { return nil }
                return change(name, from, to, note: "another password", matters: true)
            }
            return change(name, from, to, note: after?.state == .empty ? "needs no password" : "", matters: true)
        }
    }

    private static func text(_ record: PasswordRecord) -> String {
        var words: [String] = []
        switch record.state {
        case .empty: words.append("no password")
        case .locked: words.append("locked")
        case .hash:
            words.append((record.isLocked ? "locked, with a password by " : "password by ") + (record.method?.rawValue ?? ""))
        }
        if let days = record.maximumAge, days < 99999 { words.append("ends after \(days) days") }
        if let days = record.minimumAge, days > 0 { words.append("kept \(days) days") }
        if let days = record.inactivity { words.append("inactive after \(days) days") }
        if let day = record.expiry { words.append("account ends on day \(day)") }
        if record.lastChange == 0 { words.append("must be changed") }
        return words.joined(separator: ", ")
    }
}
