import Cloud
import Model

/// Runs a document of the type Command on instances: one of Amazon's, of the account's, or that is shared with it.
struct SendCommand: JSONAction {
    let document: String
    let instances: [String]?
    let targets: [CommandTarget]?
    let parameters: [String: [String]]?
    let comment: String?
    let timeout: Int?
    let documentVersion: String?
    let concurrency: String?
    let mostErrors: String?

    private enum CodingKeys: String, CodingKey {
        case document = "DocumentName"
        case instances = "InstanceIds"
        case targets = "Targets"
        case parameters = "Parameters"
        case comment = "Comment"
        case timeout = "TimeoutSeconds"
        case documentVersion = "DocumentVersion"
        case concurrency = "MaxConcurrency"
        case mostErrors = "MaxErrors"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        guard comment?.utf8.count ?? 0 <= 100, 30...2_592_000 ~= timeout ?? 3600 else {
            throw APIError("ValidationException", "The comment or the timeout is out of its limits.")
        }
        var request = CommandRequest(document, parameters ?? [:], instances: [])
        request.documentVersion = documentVersion ?? request.documentVersion
        request.comment = comment ?? ""
        request.delivery = timeout ?? request.delivery
        request.concurrency = try Self.bound(concurrency, "maxConcurrency", .usualConcurrency)
        request.mostErrors = try Self.bound(mostErrors, "maxErrors", .usualErrors)
        guard !request.concurrency.isZero else {
            throw APIError(.validationException, "MaxConcurrency must be at least 1.")
        }
        let named = (targets ?? []).filter { $0.key == "InstanceIds" }.flatMap(\.values)
        for text in (instances ?? []) + named {
            guard let id = try? InstanceID(parsing: text) else {
                throw APIError("InvalidInstanceId", "Instance Id \(text.prefix(40)) is not valid")
            }
            if !request.instances.contains(id) { request.instances.append(id) }
        }
        for target in targets ?? [] where target.key != "InstanceIds" {
            guard target.key.hasPrefix("tag:") else {
                throw APIError("InvalidTarget", "The target \(target.key.prefix(60)) is not one of InstanceIds and tag:<key>.")
            }
            request.tags.append((String(target.key.dropFirst(4)), target.values))
        }
        guard 1...50 ~= request.instances.count || !request.tags.isEmpty else {
            throw APIError("ValidationException", "1 to 50 instances, or targets, are needed.")
        }
        let command = try asking { () throws(Failure) in try call.actions.sendCommand(request) }
        answer.field("Command") { $0.members(of: command) }
    }

    private static func bound(_ text: String?, _ member: String, _ usual: CommandBound) throws(APIError) -> CommandBound {
        guard let text else { return usual }
        if let bound = CommandBound(text) { return bound }
        throw SSMInput.violations([
            SSMInput.violation(text, member, "Member must be a number of instances, or a percentage of them.")
        ])
    }
}

/// Ends a command that runs, and takes back one that waits.
struct CancelCommand: JSONAction {
    let id: String
    let instances: [String]?

    private enum CodingKeys: String, CodingKey {
        case id = "CommandId"
        case instances = "InstanceIds"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let ids = try (instances ?? []).map { text throws(APIError) in
            guard let id = try? InstanceID(parsing: text) else {
                throw APIError("InvalidInstanceId", "Instance Id \(text.prefix(40)) is not valid")
            }
            return id
        }
        try asking { () throws(Failure) in try call.actions.cancelCommand(id, on: ids) }
    }
}

/// What instances a request means: `InstanceIds` or `tag:<key>`, with values.
struct CommandTarget: Decodable, Sendable {
    let key: String
    let values: [String]

    private enum CodingKeys: String, CodingKey {
        case key = "Key"
        case values = "Values"
    }
}
