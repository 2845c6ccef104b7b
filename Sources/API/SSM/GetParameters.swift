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
        if let found = try PublicParameter.find(name, decrypts: decrypts ?? false, call) {
            return answer.field("Parameter") { $0.parameter(found, call) }
        }
        let selection = try ParameterSelection(name, call)
        let store = try call.parameters
        let record = try askingSSM(name) { () throws(Failure) in try store.parameter(selection.reference) }
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
            let bound = names.isEmpty ? "greater than or equal to 1" : "less than or equal to 10"
            throw SSMInput.refusal("[\(names.joined(separator: ", "))]", "names", "Member must have length \(bound).")
        }
        let store = try call.parameters
        var found: [Found] = []
        var missing: [String] = []
        var seen: Set<String> = []
        for name in names where seen.insert(name).inserted {
            do throws(APIError) { found.append(try find(name, store, call)) } catch {
                guard error.status < 500 else { throw error }
                missing.append(name)
            }
        }
        answer.field("Parameters", found) { found, json in
            switch found {
            case .own(let record, let value, let selector): json.parameter(record, value: value, selector: selector)
            case .open(let parameter): json.parameter(parameter, call)
            }
        }
        answer.field("InvalidParameters", missing)
    }

    private enum Found {
        case own(ParameterRecord, value: String, selector: String?)
        case open(PublicParameter)
    }

    private func find(_ name: String, _ store: any ParameterStore, _ call: Call) throws(APIError) -> Found {
        if let found = try PublicParameter.find(name, decrypts: decrypts ?? false, call) { return .open(found) }
        let selection = try ParameterSelection(name, call)
        let record = try askingSSM(name) { () throws(Failure) in try store.parameter(selection.reference) }
        return .own(record, value: try store.shown(record, decrypted: decrypts ?? false), selector: selection.selector)
    }
}
