import ImageStore
import Model

/// An option of sshd has a right value, written out in its configuration.
///
/// The effective value is the first one outside of Match blocks, Include followed, see sshd_config(5). Match blocks are left alone, and
/// named in the evidence where they set the option.
package struct SecureShellOption: HardeningRequirement {
    package let option: String
    package let accepted: AcceptedValue

    package init(option: String, accepted: AcceptedValue) {
        self.option = option
        self.accepted = accepted
    }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(SecureShellConfiguration.main) else {
            return .notApplicable("\(SecureShellConfiguration.main) does not exist")
        }
        let lines = try guest.fact { (guest) throws(Failure) in try SecureShellConfiguration(guest) }.lines(of: option)
        let matched = lines.filter(\.isConditional).map { "a Match block in \($0.file) sets \(option) \($0.value)" }
        let note = matched.isEmpty ? "" : "; left alone: \(listed(matched))"
        guard let first = lines.first(where: { !$0.isConditional }) else { return .notMet("\(option) is not set" + note) }
        let seen = "\(option) \(first.value) in \(first.file):\(first.line + 1)" + note
        return accepted.accepts(first.value) ? .met(seen) : .notMet(seen)
    }

    /// Sets the option in sshd_config above all that it includes, so that nothing is read before it; where a line of a drop-in is, it is set.
    package func remedy(_ guest: TreeEditor) throws(Failure) {
        guard let value = accepted.remedy else { throw Failure(.failed, "the value of \(option) is for the site to choose") }
        try set(value, guest)
        let lines = try SecureShellConfiguration(guest).lines(of: option)
        guard let first = lines.first(where: { !$0.isConditional }), !accepted.accepts(first.value) else { return }
        var text = try LineFile(first.file, in: guest)
        text.replace(first.line, with: "\(option) \(value)")
        try text.write(to: first.file, in: guest)
    }

    private func set(_ value: String, _ guest: TreeEditor) throws(Failure) {
        var text = try LineFile(SecureShellConfiguration.main, in: guest)
        let words = "\(option) \(value)"
        let keys = text.indices.map { SecureShellWords.parse(text.text($0))?.key }
        let match = keys.firstIndex { $0 == "match" } ?? Int.max
        if let own = keys.firstIndex(where: { $0 == option.lowercased() }), own < match {
            text.replace(own, with: words)
        } else {
            if text.lines.first.map({ $0 == Array(hardeningHeader.utf8) }) != true { text.insert(hardeningHeader, at: 0) }
            text.insert(words, at: 1)
        }
        try text.write(to: SecureShellConfiguration.main, in: guest, mode: 0o600)
    }
}
