import ImageStore
import Model

/// auditd loads a rule at boot: a line of /etc/audit/rules.d, see audit.rules(7).
package struct AuditRule: HardeningRequirement {
    /// `-w /etc/sudoers -p wa -k scope`
    package let line: String
    /// `-e 2`: augenrules(8) puts the last of these behind all other lines.
    private var isSwitch: Bool { line.hasPrefix(Self.switchWord) }

    private static let switchWord = "-e "
    fileprivate static let own: TreePath = "/etc/audit/rules.d/50-hardening.rules"
    private static let end: TreePath = "/etc/audit/rules.d/99-finalize.rules"

    package init(line: String) { self.line = line }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        let rules = try AuditRules(guest).lines
        let wanted = AuditRules.normal(line)
        if isSwitch {
            let last = rules.last { $0.hasPrefix(Self.switchWord) }
            return last == wanted ? .met("auditd ends with '\(line)'") : .notMet("auditd ends with '\(last ?? "no -e")'")
        }
        return rules.contains(wanted) ? .met("auditd has the rule '\(line)'") : .notMet("auditd has no rule '\(line)'")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        if isSwitch {
            for file in try AuditRules.files(guest) {
                let lines = try LineFile(file, in: guest)
                for index in lines.indices where lines.text(index).hasPrefix(Self.switchWord) {
                    try LineFile.disable(index, of: file, in: guest)
                }
            }
        }
        try AuditRule.add(line, to: isSwitch ? Self.end : Self.own, guest)
    }

    fileprivate static func add(_ line: String, to file: TreePath, _ guest: TreeEditor) throws(Failure) {
        var lines = try LineFile(hardening: file, in: guest)
        lines.append(line)
        try lines.write(to: file, in: guest, mode: 0o640)
    }

    /// auditd has a rule for each file that runs with its owner's or group's rights.
    package struct Privileged: HardeningRequirement {
        package init() {}

        package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
            let missing = try missing(guest)
            return missing.isEmpty
                ? .met("each privileged file has a rule") : .notMet("without a rule: \(listed(missing.map(\.description)))")
        }

        package func remedy(_ guest: TreeEditor) throws(Failure) {
            for path in try missing(guest) {
                let rule = "-a always,exit -F path=\(path) -F perm=x -F auid>=1000 -F auid!=unset -k privileged"
                try AuditRule.add(rule, to: AuditRule.own, guest)
            }
        }

        private func missing(_ guest: any TreeView) throws(Failure) -> [TreePath] {
            let rules = try AuditRules(guest).lines
            let named = Set(
                rules.flatMap { $0.split(separator: " ").filter { $0.hasPrefix("path=") }.map { String($0.dropFirst(5)) } })
            return try TreeFacts.of(guest).privileged.filter { !named.contains($0.description) && !$0.description.contains(" ") }
        }
    }
}

/// The rules of /etc/audit/rules.d in the order in which augenrules(8) joins them.
struct AuditRules {
    let lines: [String]

    private static let folder: TreePath = "/etc/audit/rules.d"

    init(_ guest: any TreeView) throws(Failure) {
        var lines: [String] = []
        for file in try Self.files(guest) {
            let text = try LineFile(file, in: guest)
            lines += text.indices.map { Self.normal(text.text($0)) }.filter { !$0.isEmpty && $0.first != "#" }
        }
        self.lines = lines
    }

    static func files(_ guest: any TreeView) throws(Failure) -> [TreePath] {
        var files: [TreePath] = []
        for (name, _) in try guest.children(of: try guest.resolve(folder)) ?? [] where name.description.hasSuffix(".rules") {
            let file = folder.appending(name)
            if try guest.resolvedNode(file)?.content != nil { files.append(file) }
        }
        return files
    }

    /// One blank between words; `-k name` and `-F key=name` are the same, and so are `unset` and `4294967295`.
    static func normal(_ line: String) -> String {
        line.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing(" -F key=", with: " -k ")
            .replacing("auid!=4294967295", with: "auid!=unset").replacing("auid!=-1", with: "auid!=unset")
    }
}
