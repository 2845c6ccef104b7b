/// Reads the JSON document of a key's policy. What it does not understand it refuses: a policy that is read in part would be another one.
package enum KeyPolicyReader {
    package static let maximumSize = 32768
    private static let maximumStatements = 500
    private static let maximumValues = 1000

    private struct Problem: Error {
        let message: String
        init(_ message: String) { self.message = message }
    }

    /// `MalformedPolicyDocumentException` where it is none.
    package static func read(_ text: String) throws(PlaneError) -> KeyPolicy {
        do throws(Problem) {
            guard text.utf8.count <= maximumSize else { throw Problem("the policy is larger than \(maximumSize) bytes") }
            let document: JSONValue
            do throws(Failure) { document = try JSONReader.read(Array(text.utf8), what: "the policy") } catch {
                throw Problem(error.message)
            }
            return KeyPolicy(text: text, statements: try statements(document))
        } catch { throw PlaneError(.malformedPolicyDocumentException, "The policy document is not valid: \(error.message).") }
    }

    private static func statements(_ document: JSONValue) throws(Problem) -> [KeyPolicy.Statement] {
        guard let members = document.object else { throw Problem("it is no object") }
        if let name = members.keys.sorted().first(where: { !["Version", "Id", "Statement"].contains($0) }) {
            throw Problem("it has an element \(name.prefix(60))")
        }
        if let version = members["Version"], !["2012-10-17", "2008-10-17"].contains(version.string) {
            throw Problem("its version is neither 2012-10-17 nor 2008-10-17")
        }
        if let id = members["Id"], id.string == nil { throw Problem("its Id is no string") }
        let list = PolicyDocument(document)?.statements ?? []
        guard !list.isEmpty else { throw Problem("it has no statements") }
        guard list.count <= maximumStatements else { throw Problem("it has more than \(maximumStatements) statements") }
        var statements: [KeyPolicy.Statement] = []
        for value in list { statements.append(try statement(value)) }
        return statements
    }

    private static let elements: Set<String> = ["Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "Condition"]

    private static func statement(_ value: JSONValue) throws(Problem) -> KeyPolicy.Statement {
        guard let members = value.object else { throw Problem("a statement is no object") }
        if let name = members.keys.sorted().first(where: { !elements.contains($0) }) {
            throw Problem("a statement has an element \(name.prefix(60))")
        }
        if let sid = members["Sid"], sid.string == nil { throw Problem("the Sid of a statement is no string") }
        let allows: Bool
        switch members["Effect"]?.string {
        case "Allow": allows = true
        case "Deny": allows = false
        default: throw Problem("the Effect of a statement is neither Allow nor Deny")
        }
        guard (members["Action"] == nil) != (members["NotAction"] == nil) else {
            throw Problem("a statement has not exactly one of Action and NotAction")
        }
        let actions = try strings(members["Action"] ?? members["NotAction"], "the Action of a statement")
        guard actions.allSatisfy({ $0 == "*" || $0.contains(":") }) else {
            throw Problem("an action of a statement has no service before a colon")
        }
        return KeyPolicy.Statement(
            allows: allows, principals: try principals(members["Principal"]),
            actions: .init(patterns: actions, isNegated: members["NotAction"] != nil),
            resources: try strings(members["Resource"], "the Resource of a statement"),
            conditions: try conditions(members["Condition"]))
    }

    private static func strings(_ value: JSONValue?, _ what: String) throws(Problem) -> [String] {
        switch value {
        case .string(let text)?: return [text]
        case .array(let values)? where !values.isEmpty && values.count <= maximumValues:
            let texts = values.compactMap(\.string)
            guard texts.count == values.count else { throw Problem("\(what) has something else than strings") }
            return texts
        default: throw Problem("\(what) is neither a string nor a list of strings")
        }
    }

    // MARK: Principals

    private static func principals(_ value: JSONValue?) throws(Problem) -> [KeyPolicy.Statement.Pattern] {
        if value?.string == "*" { return [.everyone] }
        guard let members = value?.object, !members.isEmpty else { throw Problem("a statement has no Principal") }
        var patterns: [KeyPolicy.Statement.Pattern] = []
        for (kind, value) in members.sorted(by: { $0.key < $1.key }) {
            for text in try strings(value, "the Principal of a statement") { patterns.append(try principal(kind, text)) }
        }
        return patterns
    }

    private static func principal(_ kind: String, _ text: String) throws(Problem) -> KeyPolicy.Statement.Pattern {
        switch kind {
        case "AWS":
            if text == "*" { return .everyone }
            if let id = try? AccountID(parsing: text) { return .account(id) }
            guard let arn = ARN(text), arn.service == "iam" || arn.service == "sts", let id = arn.accountID else {
                throw Problem("\(text.prefix(100)) is no principal")
            }
            return arn.resource == "root" ? .account(id) : .arn(text)
        case "Service":
            guard text.hasSuffix(".amazonaws.com") else { throw Problem("\(text.prefix(100)) is no service") }
            return .service(text)
        case "Federated", "CanonicalUser": return .arn(text)
        default: throw Problem("there is no kind of principal \(kind.prefix(60))")
        }
    }

    // MARK: Conditions

    private static func conditions(_ value: JSONValue?) throws(Problem) -> [PolicyCondition] {
        guard let value else { return [] }
        guard let operators = value.object else { throw Problem("the Condition of a statement is no object") }
        var conditions: [PolicyCondition] = []
        for (name, keys) in operators.sorted(by: { $0.key < $1.key }) {
            guard let keys = keys.object else { throw Problem("the operator \(name.prefix(60)) has no object") }
            for (key, values) in keys.sorted(by: { $0.key < $1.key }) {
                var condition = try condition(name)
                let prefix = KeyRequest.contextPrefix
                let isContext = key.lowercased().hasPrefix(prefix.lowercased())
                condition.key = isContext ? prefix + key.dropFirst(prefix.count) : key.lowercased()
                condition.values = try self.values(values)
                conditions.append(condition)
            }
        }
        return conditions
    }

    private static func condition(_ name: String) throws(Problem) -> PolicyCondition {
        var rest = Substring(name)
        var quantifier: PolicyCondition.Quantifier?
        if let colon = rest.firstIndex(of: ":") {
            quantifier = PolicyCondition.Quantifier(rawValue: String(rest[..<colon]))
            guard quantifier != nil else { throw Problem("there is no operator \(name.prefix(60))") }
            rest = rest[rest.index(after: colon)...]
        }
        let isOptional = rest.hasSuffix("IfExists")
        let word = String(isOptional ? rest.dropLast(8) : rest)
        let known = PolicyCondition.Operator(rawValue: word).flatMap { $0 == .other ? nil : $0 }
        guard known != nil || PolicyCondition.others.contains(word) else {
            throw Problem("there is no operator \(name.prefix(60))")
        }
        return PolicyCondition(operation: known ?? .other, quantifier: quantifier, isOptional: isOptional, key: "", values: [])
    }

    /// Booleans and numbers stand with and without quotes.
    private static func values(_ value: JSONValue) throws(Problem) -> [String] {
        let list = value.array ?? [value]
        guard list.count <= maximumValues else { throw Problem("a condition has more than \(maximumValues) values") }
        var texts: [String] = []
        for value in list {
            switch value {
            case .string(let text), .number(let text): texts.append(text)
            case .boolean(let flag): texts.append(flag ? "true" : "false")
            default: throw Problem("a value of a condition is neither a string, nor a number, nor a boolean")
            }
        }
        return texts
    }
}
