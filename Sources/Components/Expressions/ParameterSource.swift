import Model

/// A value that is given to a run, and whether it must never be shown.
package struct ParameterValue: Sendable, Hashable, CustomStringConvertible {
    package var text: String
    package var isSecret: Bool

    package init(_ text: String, isSecret: Bool = false) {
        self.text = text
        self.isSecret = isSecret
    }

    /// For messages: a secret value is not in it.
    package var description: String { isSecret ? "a secret value" : "'\(text)'" }
}

/// The parameters of Systems Manager, to which documents refer by `{{ aws:ssm:/name }}`.
package protocol ParameterSource: AnyObject {
    /// Nil where there is no such parameter.
    func parameter(_ name: String) throws(Failure) -> StoredParameter?
}
