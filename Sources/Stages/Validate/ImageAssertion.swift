import Guest
import ImageStore
import Model
import Recipes
import YAML

/// Something that a recipe says of the image.
protocol ImageAssertion: Sendable {
    /// What does not hold, each as one sentence; empty where all does.
    func problems(in view: any TreeView) throws(Failure) -> [String]
}

/// A package that dpkg has installed.
struct PackageAssertion: ImageAssertion {
    private let name: String
    private let version: String?

    init?(_ entry: ValueReader) {
        if entry.node.text != nil {
            guard let name = entry.string() else { return nil }
            self.name = name
            version = nil
            return
        }
        guard let fields = entry.fields() else { return nil }
        let name = fields.string("name")
        version = fields.optionalString("version")
        fields.finish()
        guard let name else { return nil }
        self.name = name
    }

    func problems(in view: any TreeView) throws(Failure) -> [String] {
        guard try view.exists("/var/lib/dpkg/status"), let bytes = try view.read("/var/lib/dpkg/status") else {
            return ["the package \(name) is not installed: the image has no dpkg database"]
        }
        guard let installed = Self.version(of: name, in: bytes) else { return ["the package \(name) is not installed"] }
        if let version, installed != version { return ["the package \(name) has the version \(installed) and not \(version)"] }
        return []
    }

    /// The version of an installed package in `/var/lib/dpkg/status`.
    private static func version(of name: String, in status: [UInt8]) -> String? {
        var fields: [String: String] = [:]
        for line in LineFile(status + Array("\n\n".utf8)).lines {
            if line.isEmpty {
                if fields["Package"] == name, fields["Status"]?.hasSuffix(" ok installed") == true { return fields["Version"] }
                fields = [:]
            } else if let colon = line.firstIndex(of: 0x3A), line.first != 0x20 {
                let value = line[(colon + 1)...].drop { $0 == 0x20 }
                fields[String(decoding: line[..<colon], as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            }
        }
        return nil
    }
}

/// An account of `/etc/passwd`.
struct UserAssertion: ImageAssertion {
    private let name: String
    private let uid: Int?
    private let home: String?
    private let shell: String?
    private let isLocked: Bool?

    init?(_ entry: ValueReader) {
        if entry.node.text != nil {
            guard let name = entry.string() else { return nil }
            self.name = name
            (uid, home, shell, isLocked) = (nil, nil, nil, nil)
            return
        }
        guard let fields = entry.fields() else { return nil }
        let name = fields.string("name")
        uid = fields.optionalInteger("uid", in: 0...Int(UInt32.max))
        home = fields.optionalString("home")
        shell = fields.optionalString("shell")
        isLocked = fields.optional("locked")?.boolean()
        fields.finish()
        guard let name else { return nil }
        self.name = name
    }

    func problems(in view: any TreeView) throws(Failure) -> [String] {
        guard let account = try Account.all(in: view).first(where: { $0.name == Array(name.utf8) }) else {
            return ["there is no user \(name)"]
        }
        var problems: [String] = []
        if let uid, UInt32(uid) != account.uid { problems.append("the user \(name) has the id \(account.uid) and not \(uid)") }
        if let home, Array(home.utf8) != account.home { problems.append("the user \(name) has another home than \(home)") }
        if let shell, Array(shell.utf8) != account.shell { problems.append("the user \(name) has another shell than \(shell)") }
        if let isLocked, try self.isLocked(view) != isLocked {
            problems.append("the user \(name) \(isLocked ? "has a password" : "has no password that could fit")")
        }
        return problems
    }

    private func isLocked(_ view: any TreeView) throws(Failure) -> Bool {
        guard try view.exists("/etc/shadow") else { return true }
        let records = ColonTable(try view.read("/etc/shadow") ?? []).records
        return records.first { $0[0] == Array(name.utf8) }.map { PasswordField($0[1]) == .locked } ?? true
    }
}
