import Model
import PCRE2

// What values, types, tiers, patterns and policies may be.
extension EmbeddedParameters {
    static func check(_ new: NewParameter, over before: ParameterRecord) throws(Failure) {
        guard new.overwrites else {
            throw Failure(
                .conflict, "the parameter \(new.name) exists, in version \(before.version)",
                hint: "say that it is to be overwritten: --overwrite")
        }
        guard new.type == nil || new.type == before.type else {
            throw Failure(
                .conflict, "the parameter \(new.name) is a \(before.type.rawValue), and stays one",
                hint: "delete it first, or take another name"
            ).answered(.hierarchyTypeMismatch)
        }
        guard new.tier != .standard || before.tier == .standard else {
            throw Failure(.conflict, "the parameter \(new.name) is Advanced, and stays so", hint: "delete it first")
        }
    }

    static func check(_ new: NewParameter, _ type: ParameterType, _ tier: ParameterTier) throws(Failure) {
        let size = new.value.utf8.count
        guard size > 0 else {
            throw Failure(.invalid, "the value of the parameter \(new.name) is empty").answered(
                .validationException,
                """
                1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than \
                or equal to 1.
                """)
        }
        guard size <= tier.maximumSize else {
            let hint = tier == .standard && size <= ParameterTier.advanced.maximumSize ? "write it with --tier Advanced" : nil
            throw Failure(
                .invalid,
                "the value of the parameter \(new.name) has \(size) bytes, a parameter of tier \(tier.rawValue) takes "
                    + "\(tier.maximumSize)", hint: hint)
        }
        guard !new.value.contains("{{"), !new.value.utf8.contains(0) else {
            throw Failure(
                .invalid, "the value of the parameter \(new.name) has {{ or a NUL in it: a value cannot refer to others")
        }
        if type == .stringList, new.value.split(separator: ",", omittingEmptySubsequences: false).contains("") {
            throw Failure(.invalid, "the list of the parameter \(new.name) has an empty item", hint: "write it like a,b,c")
        }
        guard new.keyName == nil || type == .secureString else {
            throw Failure(
                PlaneError(.validationException, "KeyId is required for SecureString type parameter only."))
        }
    }

    private static let longestPattern = 1024

    /// A value passes where some piece of it is what the pattern describes; a pattern for the whole begins with `^` and ends with `$`.
    static func check(_ value: String, matches pattern: String) throws(Failure) {
        if pattern.isEmpty { return }
        guard pattern.utf8.count <= longestPattern else { throw invalid(pattern: "it is longer than \(longestPattern) bytes") }
        let isMatch: Bool
        do throws(PatternError) { isMatch = try Pattern(pattern, ignoringCase: false).matches(value) } catch {
            throw invalid(pattern: error.description)
        }
        guard isMatch else {
            throw Failure(
                PlaneError(.parameterPatternMismatch, "Parameter value, cannot be validated against allowedPattern: \(pattern)"))
        }
    }

    private static func invalid(pattern reason: String) -> Failure {
        Failure(PlaneError(.invalidAllowedPattern, "The pattern does not meet the regular expression requirement: \(reason)."))
    }

    static func check(_ policy: ParameterPolicy?, _ tier: ParameterTier, at time: Instant) throws(Failure) {
        guard let policy else { return }
        guard tier == .advanced else {
            throw Failure(
                PlaneError(.validationException, "Parameter policies are for parameters of the advanced tier."))
        }
        guard policy.expiration > time else {
            throw Failure(PlaneError(.invalidPolicyAttribute, "The expiration \(policy.expiration) is not in the future."))
        }
    }
}
