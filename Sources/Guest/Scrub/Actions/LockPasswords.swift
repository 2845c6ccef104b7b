import ImageStore
import Model

/// `root-password`: root gets `*`, so that no password fits.
package struct LockRootPassword: ScrubKind {
    package static let name = "root-password"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        try PasswordLock(work).lock(with: "*") { $0 == Array("root".utf8) }
    }
}

/// `passwords`: all other accounts get `!`, those too whose password is empty or hidden behind a `!`.
package struct LockPasswords: ScrubKind {
    package static let name = "passwords"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        try PasswordLock(work).lock(with: "!") { $0 != Array("root".utf8) }
    }
}

/// `group-passwords`: no group keeps a password. An empty field is none: only members may enter then.
package struct LockGroupPasswords: ScrubKind {
    package static let name = "group-passwords"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        for path in try work.fileTargets() {
            let lock = path.last?.bytes == Array("group".utf8) ? "x" : "!"
            var table = ColonTable(try work.editor.read(path) ?? [])
            table.update { fields in
                if PasswordField(fields[1]) == .hash {
                    fields[1] = Array(lock.utf8)
                    work.note("the password of the group \(String(decoding: fields[0], as: UTF8.self)) was locked")
                }
                return true
            }
            try work.replace(path, with: table.bytes)
        }
    }
}

/// Locks password fields of the operation's files. In `passwd` an account that `shadow` knows gets `x`.
private struct PasswordLock {
    private let work: ScrubWork
    private let allowed: [[UInt8]]

    init(_ work: ScrubWork) {
        self.work = work
        allowed = work.options.allowPasswords.map { Array($0.utf8) }
    }

    func lock(with lock: String, _ isMeant: ([UInt8]) -> Bool) throws(Failure) {
        let shadow = try work.bytes(try work.editor.resolve("/etc/shadow")).map { ColonTable($0).records.map { $0[0] } } ?? []
        for path in try work.fileTargets() {
            let isPasswd = path.last?.bytes == Array("passwd".utf8)
            var table = ColonTable(try work.editor.read(path) ?? [])
            table.update { fields in
                let field = PasswordField(fields[1])
                guard isMeant(fields[0]), field != .locked else { return true }
                let name = String(decoding: fields[0], as: UTF8.self)
                if field == .hash && allowed.contains(fields[0]) {
                    work.note("\(name) keeps its password: the recipe allows it")
                    return true
                }
                fields[1] = Array((isPasswd && shadow.contains(fields[0]) ? "x" : lock).utf8)
                work.note(
                    field == .empty ? "\(name) had an empty password in \(path) and was locked" : "\(name) was locked in \(path)")
                return true
            }
            try work.replace(path, with: table.bytes)
        }
    }
}
