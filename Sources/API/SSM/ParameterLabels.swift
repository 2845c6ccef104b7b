import Cloud
import Model

/// Puts labels on a version of a parameter.
struct LabelParameterVersion: JSONAction {
    let name: String
    let version: Int?
    let labels: [String]

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case version = "ParameterVersion"
        case labels = "Labels"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let name = try ParameterSelection(name, call).reference.name
        let store = try call.parameters
        // Labels that break the rules are told, and the others are put on.
        let valid = labels.compactMap { try? ParameterLabel(parsing: $0) }
        let record = try askingSSM { () throws(Failure) in try store.label(name, version: version, valid) }
        let isValid = Set(valid.map(\.description))
        answer.field("InvalidLabels", labels.filter { !isValid.contains($0) })
        answer.field("ParameterVersion", record.version)
    }
}

/// Takes labels off a version of a parameter.
struct UnlabelParameterVersion: JSONAction {
    let name: String
    let version: Int
    let labels: [String]

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case version = "ParameterVersion"
        case labels = "Labels"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let name = try ParameterSelection(name, call).reference.name
        let store = try call.parameters
        let asked = labels.compactMap { try? ParameterLabel(parsing: $0) }
        let taken = try askingSSM { () throws(Failure) in try store.unlabel(name, version: version, asked) }.map(\.description)
        answer.field("RemovedLabels", taken)
        answer.field("InvalidLabels", labels.filter { !taken.contains($0) })
    }
}
