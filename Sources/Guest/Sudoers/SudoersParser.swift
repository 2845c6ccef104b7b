import ImageStore

/// Reads the grammar of a line of sudoers(5).
struct SudoersParser {
    private var cursor: SudoersCursor
    private let place: LinePlace

    init(_ line: LogicalLines.Line) {
        cursor = SudoersCursor(line.text)
        place = line.place
    }

    private struct Wrong: Error {}

    private static let options: Set<String> = [
        "APPARMOR_PROFILE", "CHROOT", "CWD", "LIMITPRIVS", "NOTAFTER", "NOTBEFORE", "PRIVS", "ROLE", "TIMEOUT", "TYPE",
    ]
    private static let tags: Set<String> = Set(
        ["EXEC", "FOLLOW", "INTERCEPT", "LOG_INPUT", "LOG_OUTPUT", "MAIL", "PASSWD", "SETENV"].flatMap { [$0, "NO" + $0] })

    /// `users hosts = commands : hosts = commands`; nil where it is wrong.
    mutating func rules() -> [SudoRule]? {
        do throws(Wrong) {
            let users = try members { $0.name() }
            var rules: [SudoRule] = []
            repeat {
                let hosts = try members { $0.name() }
                guard cursor.take("=") else { throw Wrong() }
                rules += try commands(users, hosts)
            } while cursor.take(":")
            cursor.skipBlanks()
            return cursor.isAtEnd ? rules : nil
        } catch {
            return nil
        }
    }

    /// `NAME = members : NAME = members`; nil where it is wrong.
    mutating func aliases(ofCommands: Bool) -> [(name: String, members: [SudoMember])]? {
        do throws(Wrong) {
            var aliases: [(name: String, members: [SudoMember])] = []
            repeat {
                guard let name = cursor.name(), cursor.take("=") else { throw Wrong() }
                aliases.append((name, try members { ofCommands ? $0.command() : $0.name() }))
            } while cursor.take(":")
            cursor.skipBlanks()
            return cursor.isAtEnd ? aliases : nil
        } catch {
            return nil
        }
    }

    /// The parameters of a `Defaults` line behind its scope; nil where it is wrong.
    mutating func defaults(scope: String) -> [SudoDefaultEntry]? {
        var entries: [SudoDefaultEntry] = []
        repeat {
            let isOff = cursor.take("!")
            guard var name = cursor.name(until: ",=()!#") else { return nil }
            var operation = "="
            if let sign = name.last, "+-".contains(sign) {
                operation = "\(sign)="
                name.removeLast()
            } else if cursor.take("+") {
                operation = "+="
            } else if cursor.take("-") {
                operation = "-="
            }
            let value = cursor.take("=") ? cursor.name(until: ",#") ?? "" : nil
            entries.append(
                SudoDefaultEntry(scope: scope, name: name, value: value, isOff: isOff, operation: operation, place: place))
        } while cursor.take(",")
        cursor.skipBlanks()
        return cursor.isAtEnd ? entries : nil
    }

    private mutating func members(_ read: (inout SudoersCursor) -> String?) throws(Wrong) -> [SudoMember] {
        var members: [SudoMember] = []
        repeat {
            let isNegated = negations()
            guard let text = read(&cursor) else { throw Wrong() }
            members.append(SudoMember(text: text, isNegated: isNegated))
        } while cursor.take(",")
        return members
    }

    /// Two `!` are none.
    private mutating func negations() -> Bool {
        var isNegated = false
        while cursor.take("!") { isNegated.toggle() }
        return isNegated
    }

    /// Commands with commas between. As whom, options and tags go on to the next ones until others are given.
    private mutating func commands(_ users: [SudoMember], _ hosts: [SudoMember]) throws(Wrong) -> [SudoRule] {
        var rules: [SudoRule] = []
        var runAsUsers: [SudoMember]?
        var runAsGroups: [SudoMember] = []
        var options: [String: String] = [:]
        var tags: [String: String] = [:]
        repeat {
            if cursor.take("(") { (runAsUsers, runAsGroups) = try runAs() }
            while let option = cursor.keyword(before: "=", of: Self.options) {
                guard let value = cursor.name(until: ",") else { throw Wrong() }
                options[option] = "\(option)=\(value)"
            }
            while let tag = cursor.keyword(before: ":", of: Self.tags) { tags[Self.subject(of: tag)] = tag }
            let isNegated = negations()
            guard let command = cursor.command() else { throw Wrong() }
            rules.append(
                SudoRule(
                    users: users, hosts: hosts, runAsUsers: runAsUsers, runAsGroups: runAsGroups,
                    tags: tags.sorted { $0.key < $1.key }.map(\.value), options: options.sorted { $0.key < $1.key }.map(\.value),
                    command: SudoMember(text: command, isNegated: isNegated), place: place))
        } while cursor.take(",")
        return rules
    }

    /// `(users:groups)` behind the parenthesis.
    private mutating func runAs() throws(Wrong) -> (users: [SudoMember]?, groups: [SudoMember]) {
        if cursor.take(")") { return ([], []) }
        var users: [SudoMember] = []
        var groups: [SudoMember] = []
        if cursor.take(":") {
            groups = try members { $0.name() }
        } else {
            users = try members { $0.name() }
            if cursor.take(":") { groups = try members { $0.name() } }
        }
        guard cursor.take(")") else { throw Wrong() }
        return (users, groups)
    }

    /// What a tag and its opposite are about.
    private static func subject(of tag: String) -> String { tag.hasPrefix("NO") ? String(tag.dropFirst(2)) : tag }
}
