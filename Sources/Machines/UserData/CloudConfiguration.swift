import Model
import Text
import YAML

/// A `#cloud-config` document, as far as it is carried out without cloud-init.
package struct CloudConfiguration: Hashable, Sendable {
    package var hostName: String?
    package var bootCommands: [Command] = []
    package var files: [WrittenFile] = []
    package var users: [User] = []
    /// Of the default user.
    package var authorizedKeys: [String] = []
    package var updatesPackages = false
    package var packages: [String] = []
    package var commands: [Command] = []
    /// Keys that are not carried out.
    package var ignored: [String] = []

    package enum Command: Hashable, Sendable {
        /// A line for the shell.
        case line(String)
        /// A program and its arguments.
        case words([String])

        /// As the shell takes it.
        var shellText: String {
            switch self {
            case .line(let text): text
            case .words(let words): words.map { ShellText.quoted($0) }.joined(separator: " ")
            }
        }
    }

    package struct WrittenFile: Hashable, Sendable {
        package var path: String
        package var content: [UInt8]
        /// `root:root`
        package var owner: String
        /// In octal digits.
        package var permissions: String
        package var appends: Bool
        /// Whether it is written after users and packages are there.
        package var isDeferred: Bool
    }

    package struct User: Hashable, Sendable {
        package var name: String
        package var groups: [String]
        package var shell: String?
        package var comment: String?
        package var authorizedKeys: [String]
        /// Rules for sudo, without the user's name.
        package var sudo: [String]
        package var isSystem: Bool
    }

    package init() {}

    /// Throws `.invalid` where the document is no mapping in YAML, or a key that is carried out has a value of another form.
    package init(_ bytes: [UInt8]) throws(Failure) {
        let root: Node
        do throws(YAMLError) { root = try YAMLParser.parse(bytes, limits: .init(bytes: UserData.Limit.decompressed)) } catch {
            throw Failure(.invalid, "the cloud-config of the user data is no YAML", cause: error)
        }
        if root.isNull { return }
        guard let pairs = root.pairs else { throw Self.wrong("the document", "a mapping") }
        for (key, value) in pairs { try read(key.text ?? "", value) }
    }

    private mutating func read(_ key: String, _ value: Node) throws(Failure) {
        switch key {
        case "hostname": hostName = try Self.text(value, key)
        case "bootcmd": bootCommands = try Self.commands(value, key)
        case "runcmd": commands = try Self.commands(value, key)
        case "write_files": files = try Self.list(value, key).map { (node) throws(Failure) in try Self.file(node) }
        case "ssh_authorized_keys": authorizedKeys = try Self.texts(value, key)
        case "package_update": updatesPackages = value.boolean ?? false
        case "packages": packages = try Self.packages(value)
        case "users": try readUsers(value)
        default: ignored.append(key)
        }
    }

    // MARK: Members

    /// `default` is the image's own default user, which is there or not.
    private mutating func readUsers(_ value: Node) throws(Failure) {
        for node in try Self.list(value, "users") where node.text != "default" { users.append(try user(node)) }
    }

    private mutating func user(_ node: Node) throws(Failure) -> User {
        if let name = node.text {
            return User(
                name: try Self.name(name), groups: [], shell: nil, comment: nil, authorizedKeys: [], sudo: [], isSystem: false)
        }
        guard let pairs = node.pairs else { throw Self.wrong("users", "a list of names and mappings") }
        guard let name = node["name"]?.text else { throw Failure(.invalid, "a user of the cloud-config has no name") }
        var user = User(
            name: try Self.name(name), groups: [], shell: nil, comment: nil, authorizedKeys: [], sudo: [], isSystem: false)
        for (key, value) in pairs {
            switch key.text {
            case "name", "lock_passwd": break
            case "gecos": user.comment = try Self.text(value, "gecos")
            case "shell": user.shell = try Self.text(value, "shell")
            case "groups":
                let names =
                    value.elements == nil
                    ? try Self.text(value, "groups").split(separator: ",").map(String.init) : try Self.texts(value, "groups")
                user.groups = try names.map { (name) throws(Failure) in try Self.name(name.filter { $0 != " " }) }
            case "ssh_authorized_keys": user.authorizedKeys = try Self.texts(value, "ssh_authorized_keys")
            case "sudo": user.sudo = value.boolean == false || value.isNull ? [] : try Self.texts(value, "sudo")
            case "system": user.isSystem = value.boolean ?? false
            default: ignored.append("users.\(key.text ?? "")")
            }
        }
        return user
    }

    /// As useradd takes it.
    private static func name(_ text: String) throws(Failure) -> String {
        let isName =
            1...32 ~= text.utf8.count && text.first != "-"
            && text.utf8.allSatisfy {
                $0 < 0x80
                    && ($0 == 0x5F || $0 == 0x2D || $0 == 0x2E || Character(UnicodeScalar($0)).isLetter
                        || Character(UnicodeScalar($0)).isNumber)
            }
        guard isName else { throw Failure(.invalid, "'\(text.prefix(40))' of the cloud-config is no name of a user or group") }
        return text
    }

    private static func file(_ node: Node) throws(Failure) -> WrittenFile {
        guard let path = node["path"]?.text, path.hasPrefix("/"), !path.utf8.contains(0) else {
            throw Failure(.invalid, "a file of write_files has no absolute path")
        }
        let permissions = node["permissions"]?.text ?? "0644"
        guard 1...5 ~= permissions.utf8.count, UInt16(permissions, radix: 8) != nil else {
            throw Failure(.invalid, "the permissions '\(permissions.prefix(20))' of \(path) are no octal number")
        }
        return WrittenFile(
            path: path, content: try content(node, path), owner: node["owner"]?.text ?? "root:root",
            permissions: permissions, appends: node["append"]?.boolean ?? false, isDeferred: node["defer"]?.boolean ?? false)
    }

    private static func content(_ node: Node, _ path: String) throws(Failure) -> [UInt8] {
        let text = node["content"]?.text ?? ""
        let encoding = node["encoding"]?.text ?? "text/plain"
        let isCompressed = ["gz", "gzip", "gz+base64", "gzip+base64", "gz+b64", "gzip+b64"].contains(encoding)
        guard isCompressed || ["b64", "base64"].contains(encoding) else { return Array(text.utf8) }
        guard let bytes = Base64.decode(text.utf8.filter { $0 > 0x20 }) else {
            throw Failure(.invalid, "the content of \(path) is no base64")
        }
        return isCompressed ? try UserData.decompressed(bytes) : bytes
    }

    /// Names; a list of a name and a version is one of that version.
    private static func packages(_ value: Node) throws(Failure) -> [String] {
        try list(value, "packages").map { (node) throws(Failure) in
            if let name = node.text { return name }
            let words = try texts(node, "packages")
            guard words.count == 2 else { throw wrong("packages", "a list of names, or of names with versions") }
            return words.joined(separator: "=")
        }
    }

    private static func commands(_ value: Node, _ key: String) throws(Failure) -> [Command] {
        try list(value, key).map { (node) throws(Failure) in
            node.elements == nil ? .line(try text(node, key)) : .words(try texts(node, key))
        }
    }

    // MARK: Forms

    private static func text(_ value: Node, _ key: String) throws(Failure) -> String {
        guard let text = value.text, !text.utf8.contains(0) else { throw wrong(key, "text") }
        return text
    }

    private static func list(_ value: Node, _ key: String) throws(Failure) -> [Node] {
        if value.isNull { return [] }
        guard let elements = value.elements else { throw wrong(key, "a list") }
        return elements
    }

    /// A list of texts, or one text.
    private static func texts(_ value: Node, _ key: String) throws(Failure) -> [String] {
        guard let elements = value.elements else { return [try text(value, key)] }
        return try elements.map { (node) throws(Failure) in try text(node, key) }
    }

    private static func wrong(_ what: String, _ form: String) -> Failure {
        Failure(.invalid, "\(what) of the cloud-config must be \(form)")
    }
}
