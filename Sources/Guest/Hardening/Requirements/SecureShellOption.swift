import ImageStore
import Model

/// An option of sshd has a right value, written out in its configuration.
///
/// The effective value is the first one outside of Match blocks, Include followed, see sshd_config(5). Match blocks are left alone, and
/// named in the evidence where they set the option.
package struct SecureShellOption: HardeningRequirement {
    package let option: String
    package let accepted: AcceptedValue

    static let dropIn: TreePath = "/etc/ssh/sshd_config.d/00-hardening.conf"

    package init(option: String, accepted: AcceptedValue) {
        self.option = option
        self.accepted = accepted
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(SecureShellConfiguration.main) else {
            return .notApplicable("\(SecureShellConfiguration.main) does not exist")
        }
        let lines = try SecureShellConfiguration(guest).lines(of: option)
        let matched = lines.filter(\.isConditional).map { "a Match block in \($0.file) sets \(option) \($0.value)" }
        let note = matched.isEmpty ? "" : "; left alone: \(listed(matched))"
        guard let first = lines.first(where: { !$0.isConditional }) else { return .notMet("\(option) is not set" + note) }
        let seen = "\(option) \(first.value) in \(first.file):\(first.line + 1)" + note
        return accepted.accepts(first.value) ? .met(seen) : .notMet(seen)
    }

    /// Sets the option in a drop-in that is read first; where another line is read still earlier, that line is set.
    package func remedy(_ guest: TreeEditor) throws(Failure) {
        guard let value = accepted.remedy else { throw Failure(.failed, "the value of \(option) is for the site to choose") }
        let configuration = try SecureShellConfiguration(guest)
        let target = configuration.includes(Self.dropIn) ? Self.dropIn : SecureShellConfiguration.main
        try set(value, in: target, guest)
        let lines = try SecureShellConfiguration(guest).lines(of: option)
        guard let first = lines.first(where: { !$0.isConditional }), !accepted.accepts(first.value) else { return }
        var text = try LineFile(first.file, in: guest)
        text.replace(first.line, with: "\(option) \(value)")
        try text.write(to: first.file, in: guest)
    }

    private func set(_ value: String, in file: TreePath, _ guest: TreeEditor) throws(Failure) {
        var text = try LineFile(file, in: guest)
        let words = "\(option) \(value)"
        let own = text.indices.first { SecureShellConfiguration.parse(text.text($0))?.key == option.lowercased() }
        let match = text.indices.first { SecureShellConfiguration.parse(text.text($0))?.key == "match" }
        if let own, own < match ?? Int.max {
            text.replace(own, with: words)
        } else if file == Self.dropIn {
            if text.lines.isEmpty { text.append(hardeningHeader) }
            text.insert(words, at: match ?? text.lines.count)
        } else {
            text.insert(words, at: 0)
        }
        try text.write(to: file, in: guest, mode: 0o600)
    }
}
