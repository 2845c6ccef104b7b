/// What a detector finds: an id that stays, a title for people, and how bad it is.
package struct SecretRule: Hashable, Sendable {
    package let id: String
    package let title: String
    package let `class`: SecretClass
    package let severity: SecretSeverity

    package init(_ id: String, _ title: String, _ class: SecretClass, _ severity: SecretSeverity) {
        self.id = id
        self.title = title
        self.class = `class`
        self.severity = severity
    }

    /// The same with another severity, for what has something that speaks against it.
    func with(_ severity: SecretSeverity) -> SecretRule { SecretRule(id, title, `class`, severity) }
}
