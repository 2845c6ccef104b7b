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
        let asked = name
        let name = try ParameterSelection(asked, call).reference.name
        if let label = labels.first(where: { !(1...ParameterLabel.maximumLength ~= $0.utf8.count) }) {
            throw SSMInput.refusal(
                "[\(label)]", "labels",
                """
                Member must satisfy constraint: [Member must have length less than or equal to 100, Member must have length \
                greater than or equal to 1]
                """)
        }
        let store = try call.parameters
        // Labels that break the rules are told, and the others are put on.
        let valid = labels.compactMap { try? ParameterLabel(parsing: $0) }
        let record = try askingSSM(asked) { () throws(Failure) in try store.label(name, version: version, valid) }
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
        let wanted = name
        let name = try ParameterSelection(wanted, call).reference.name
        let store = try call.parameters
        let asked = labels.compactMap { try? ParameterLabel(parsing: $0) }
        let taken = try askingSSM(wanted) { () throws(Failure) in try store.unlabel(name, version: version, asked) }.map(
            \.description)
        answer.field("RemovedLabels", taken)
        answer.field("InvalidLabels", labels.filter { !taken.contains($0) })
    }
}
