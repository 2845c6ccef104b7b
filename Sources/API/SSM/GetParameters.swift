import Cloud
import Model

/// One parameter.
struct GetParameter: JSONAction {
    let name: String
    let decrypts: Bool?

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case decrypts = "WithDecryption"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let selection = try ParameterSelection(name, call)
        let store = try call.parameters
        let record = try askingSSM { () throws(Failure) in try store.parameter(selection.reference) }
        let value = try store.shown(record, decrypted: decrypts ?? false)
        answer.field("Parameter") { $0.parameter(record, value: value, selector: selection.selector) }
    }
}

/// Several parameters, and the names of those that are not there.
struct GetParameters: JSONAction {
    let names: [String]
    let decrypts: Bool?

    private enum CodingKeys: String, CodingKey {
        case names = "Names"
        case decrypts = "WithDecryption"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        guard 1...10 ~= names.count else {
            throw APIError(
                "ValidationException",
                "1 validation error detected: Value '[\(names.joined(separator: ", ").prefix(200))]' at 'names' failed to satisfy constraint: Member must have length less than or equal to 10"
            )
        }
        let store = try call.parameters
        var found: [(record: ParameterRecord, value: String, selector: String?)] = []
        var missing: [String] = []
        for name in names {
            do throws(APIError) {
                let selection = try ParameterSelection(name, call)
                let record = try askingSSM { () throws(Failure) in try store.parameter(selection.reference) }
                found.append((record, try store.shown(record, decrypted: decrypts ?? false), selection.selector))
            } catch {
                guard error.status < 500 else { throw error }
                missing.append(name)
            }
        }
        answer.field("Parameters", found) { found, json in
            json.parameter(found.record, value: found.value, selector: found.selector)
        }
        answer.field("InvalidParameters", missing)
    }
}
