import ImageStore

/// One thing that is different in two images, told as what it means.
package struct SemanticChange: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case added, removed, changed
    }

    /// What kind of thing it is: the name of a `SemanticCategory`.
    package let category: String
    package let kind: Kind
    /// `openssl`, `deploy`, `permitrootlogin`
    package let subject: String
    /// What it was; nil of what was added.
    package let before: String?
    /// What it is; nil of what was removed.
    package let after: String?
    /// Why it matters, or what it amounts to: `upgraded`, `may log in`. Empty where the values say all.
    package var note = ""
    /// Whether it changes who may do what, or what guards the machine.
    package let isSecurityRelevant: Bool

    package init(
        _ category: String, _ subject: String, before: String?, after: String?, note: String = "", isSecurityRelevant: Bool
    ) {
        self.category = category
        self.subject = subject
        self.before = before
        self.after = after
        self.note = note
        self.isSecurityRelevant = isSecurityRelevant
        kind = before == nil ? .added : after == nil ? .removed : .changed
    }
}
