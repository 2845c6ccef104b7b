import Model

/// What a recipe says about a scrub beside the profile.
package struct ScrubOptions: Hashable, Sendable {
    /// Operations that do not run, with the reason each.
    package var skip: [Skip]
    /// Optional operations that run nevertheless.
    package var also: [String]
    /// Accounts that keep their password.
    package var allowPasswords: [String]

    package struct Skip: Hashable, Sendable {
        package let operation: String
        package let because: String

        package init(operation: String, because: String) {
            self.operation = operation
            self.because = because
        }
    }

    package init(skip: [Skip] = [], also: [String] = [], allowPasswords: [String] = []) {
        self.skip = skip
        self.also = also
        self.allowPasswords = allowPasswords
    }

    /// Why an operation does not run; nil where it does.
    package func reasonToSkip(_ operation: ScrubOperation) -> String? {
        if let skip = skip.first(where: { $0.operation == operation.id }) { return skip.because }
        return operation.isDefault || also.contains(operation.id) ? nil : "optional, and not asked for"
    }
}
