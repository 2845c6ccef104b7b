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
        guard try view.exists(PackageDatabase.statusFile) else {
            return ["the package \(name) is not installed: the image has no dpkg database"]
        }
        let entries = try PackageDatabase(view).packages(named: name)
        guard let installed = entries.first(where: { $0.status.flag == "ok" && $0.status.state == "installed" })?.version else {
            return ["the package \(name) is not installed"]
        }
        if let version, installed != version { return ["the package \(name) has the version \(installed) and not \(version)"] }
        return []
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
