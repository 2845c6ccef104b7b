import Model

/// What somebody asks sudo for.
package struct SudoRequest: Hashable, Sendable {
    package let user: String
    package let uid: UInt32?
    /// Names of the groups that the user is in.
    package let groups: [String]
    package let host: String
    /// As whom.
    package let target: String
    /// The path of a program.
    package let program: String
    package let arguments: String

    package init(
        user: String, uid: UInt32? = nil, groups: [String] = [], host: String = "localhost", target: String = "root",
        program: String, arguments: String = ""
    ) {
        self.user = user
        self.uid = uid
        self.groups = groups
        self.host = host
        self.target = target
        self.program = program
        self.arguments = arguments
    }
}

extension SudoPolicy {
    /// Aliases in aliases beyond this mean nothing; so do those that name themselves.
    private static let maximumAliasDepth = 32
    /// Members that are looked at for one answer. Aliases that name another twice grow as powers of two.
    private static let maximumMembers = 100_000

    /// The rule that allows what is asked for; nil where it is refused. The last rule that fits counts.
    package func rule(for request: SudoRequest) -> SudoRule? {
        for rule in rules.reversed() {
            guard fits(rule.users, .user, { matchesUser($0, request.user, request.uid, request.groups) }),
                fits(rule.hosts, .host, { PatternList.matches(request.host, $0) }), fitsTarget(rule, request.target)
            else { continue }
            guard let answer = verdict([rule.command], .command, { matchesCommand($0, request) }) else { continue }
            return answer ? rule : nil
        }
        return nil
    }

    private func fitsTarget(_ rule: SudoRule, _ target: String) -> Bool {
        guard let users = rule.runAsUsers else { return target == "root" }
        return fits(users, .runAs) { matchesUser($0, target, nil, []) }
    }

    private func fits(_ members: [SudoMember], _ kind: AliasKind, _ matches: (String) -> Bool) -> Bool {
        verdict(members, kind, matches) ?? false
    }

    private func verdict(_ members: [SudoMember], _ kind: AliasKind, _ matches: (String) -> Bool) -> Bool? {
        var left = Self.maximumMembers
        return verdict(members, kind, 0, &left, matches)
    }

    /// Whether the last member that fits says yes or no; nil where none fits.
    private func verdict(
        _ members: [SudoMember], _ kind: AliasKind, _ depth: Int, _ left: inout Int, _ matches: (String) -> Bool
    ) -> Bool? {
        guard depth < Self.maximumAliasDepth else { return nil }
        for member in members.reversed() {
            left -= 1
            if left < 0 { return nil }
            var answer: Bool?
            if member.isAll {
                answer = true
            } else if let alias = aliases[kind]?[member.text] {
                answer = verdict(alias, kind, depth + 1, &left, matches)
            } else if matches(member.text) {
                answer = true
            }
            if let answer { return answer != member.isNegated }
        }
        return nil
    }

    private func matchesUser(_ text: String, _ user: String, _ uid: UInt32?, _ groups: [String]) -> Bool {
        switch text.first {
        case "%": groups.contains(String(text.dropFirst()))
        case "#": uid.map { String($0) } == String(text.dropFirst()) || (text == "#0" && user == "root")
        default: text == user
        }
    }

    private func matchesCommand(_ text: String, _ request: SudoRequest) -> Bool {
        // A digest only narrows the program down; whether it fits cannot be told from a path.
        let words = text.split(separator: " ").drop { $0.hasPrefix("sha") && $0.contains(":") }
        guard let program = words.first else { return false }
        let path = Array(request.program.utf8)
        if program.hasSuffix("/") {
            guard request.program.hasPrefix(program), !request.program.dropFirst(program.count).contains("/") else {
                return false
            }
        } else {
            let parts = program.split(separator: "/", omittingEmptySubsequences: false)
            let names = path.split(separator: 0x2F, omittingEmptySubsequences: false)
            guard parts.count == names.count, zip(parts, names).allSatisfy({ Self.matches($1, $0) }) else { return false }
        }
        guard words.count > 1 else { return true }
        let arguments = words.dropFirst().joined(separator: " ")
        return arguments == "\"\"" ? request.arguments.isEmpty : Self.matches(Array(request.arguments.utf8)[...], arguments[...])
    }

    private static func matches(_ text: ArraySlice<UInt8>, _ pattern: Substring) -> Bool {
        do throws(Failure) { return try Wildcard(pattern.utf8).matches(text) } catch { return Array(pattern.utf8) == Array(text) }
    }
}
