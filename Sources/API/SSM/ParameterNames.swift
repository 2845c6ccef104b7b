import Cloud
import Model

/// What Systems Manager says of names that PutParameter does not take.
enum ParameterNameRules {
    private static let form = """
        If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, \
        numbers and the following 3 symbols .-_
        """

    static func name(_ text: String) throws(APIError) -> ParameterName {
        let isPath = text.hasPrefix("/")
        let first = (isPath ? text.dropFirst() : text[...]).lowercased()
        if first.hasPrefix("aws"), isPath {
            throw APIError("AccessDeniedException", "No access to reserved parameter name: \(text.prefix(2048)).")
        }
        if first.hasPrefix("ssm"), isPath {
            throw APIError(.validationException, "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). \(form)")
        }
        if first.hasPrefix("aws") || first.hasPrefix("ssm") {
            throw APIError(.validationException, "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).")
        }
        if !isPath, text.contains("/") {
            throw APIError(.validationException, "Parameter name must be a fully qualified name.")
        }
        return try askingSSM { () throws(Failure) in try ParameterName(parsing: text) }
    }
}
