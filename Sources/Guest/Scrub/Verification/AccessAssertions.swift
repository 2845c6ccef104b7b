import ImageStore
import Model

/// No host key is left, and where there is an sshd something makes new ones.
struct AssertHostKeys: ScrubAssertion {
    static let name = "ssh-hostkeys"

    func check(_ look: ScrubLook) throws(Failure) {
        try AssertAbsent().check(look)
        guard try look.view.exists(anyOf: ["/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd"]) else { return }
        let makers: [TreePath] = [
            "/usr/bin/cloud-init", "/usr/lib/systemd/system/sshd-keygen@.service", "/lib/systemd/system/sshd-keygen@.service",
            "/usr/lib/systemd/system/sshd-keygen.target", "/usr/lib/systemd/system/sshd-keygen.service",
            "/etc/systemd/system/sshd-keygen@.service", "/etc/systemd/system/sshd-keygen.target",
            "/etc/systemd/system/multi-user.target.wants/ingot-ssh-host-keys.service",
        ]
        if try !look.view.exists(anyOf: makers) { look.report("nothing would make host keys, so sshd could not start") }
    }
}

/// No file of keys is left, those included that sshd is configured to read.
///
/// What lies in sshd's folders counts, in whatever order and file (`KeyFileLines`); the scrubber goes by what sshd reads.
struct AssertAuthorizedKeys: ScrubAssertion {
    static let name = "authorized-keys"

    func check(_ look: ScrubLook) throws(Failure) {
        try AssertAbsent().check(look)
        let matched = Set(look.matched.map(\.path))
        let values = try KeyFileLines(in: look.view).values(of: "AuthorizedKeysFile")
        for account in try Account.all(in: look.view) {
            for value in values {
                guard let path = place(of: value, account), !matched.contains(path) else { continue }
                let resolved: TreePath
                do throws(Failure) { resolved = try look.view.resolve(path) } catch { continue }
                if try look.lines(resolved)?.contains(where: { isKey($0) }) == true {
                    look.report("\(resolved.escaped) lets \(account.displayName) log in")
                }
            }
        }
    }

    private func place(of value: String, _ account: Account) -> TreePath? {
        let home = String(decoding: account.home, as: UTF8.self)
        let parts = value.split(separator: "%%", omittingEmptySubsequences: false).map { part in
            part.replacing("%h", with: home).replacing("%u", with: account.displayName).replacing("%U", with: String(account.uid))
        }
        let path = parts.joined(separator: "%")
        do throws(Failure) { return try TreePath(parsing: path.hasPrefix("/") ? path : home + "/" + path) } catch { return nil }
    }

    private func isKey(_ line: [UInt8]) -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        return !text.hasPrefix("#") && (text.contains("ssh-") || text.contains("ecdsa-")) && text.contains(" AAAA")
    }
}

struct AssertRootLocked: ScrubAssertion {
    static let name = "root-password"

    func check(_ look: ScrubLook) throws(Failure) { try PasswordFields.check(look) { $0 == "root" } }
}

struct AssertPasswordsLocked: ScrubAssertion {
    static let name = "passwords"

    func check(_ look: ScrubLook) throws(Failure) { try PasswordFields.check(look) { $0 != "root" } }
}

struct AssertGroupsLocked: ScrubAssertion {
    static let name = "group-passwords"

    func check(_ look: ScrubLook) throws(Failure) { try PasswordFields.check(look, allowsEmpty: true) { _ in true } }
}

/// The second fields of files like passwd, read without the parser that the scrubber uses.
private enum PasswordFields {
    private static let locked: Set<String> = ["x", "*", "!", "!!", "!*", "*!", "*LK*"]

    static func check(_ look: ScrubLook, allowsEmpty: Bool = false, _ isMeant: (String) -> Bool) throws(Failure) {
        for (path, lines) in try look.files() {
            for line in lines where !line.starts(with: [0x2B]) && !line.starts(with: [0x2D]) && !line.starts(with: [0x23]) {
                let fields = String(decoding: line, as: UTF8.self).split(separator: ":", omittingEmptySubsequences: false)
                guard fields.count > 1, !fields[0].isEmpty, isMeant(String(fields[0])), !locked.contains(String(fields[1])) else {
                    continue
                }
                if fields[1].isEmpty {
                    if !allowsEmpty { look.report("\(path.escaped) lets \(fields[0]) in without a password") }
                } else if !look.options.allowPasswords.contains(String(fields[0])) {
                    look.report("\(path.escaped) has a password of \(fields[0])")
                }
            }
        }
    }
}

struct AssertAccountsAbsent: ScrubAssertion {
    static let name = "accounts"

    func check(_ look: ScrubLook) throws(Failure) {
        for (path, lines) in try look.files() {
            for line in lines {
                let name = String(decoding: line.prefix { $0 != 0x3A }, as: UTF8.self)
                if line.contains(0x3A), look.operation.values.contains(name) { look.report("\(path.escaped) has \(name)") }
            }
        }
    }
}
