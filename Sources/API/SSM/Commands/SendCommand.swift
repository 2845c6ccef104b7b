import Cloud
import Model

/// Runs AWS-RunShellScript on instances.
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
        try checkDocument()
        guard comment?.utf8.count ?? 0 <= 100, 30...2_592_000 ~= timeout ?? 3600 else {
            throw APIError("ValidationException", "The comment or the timeout is out of its limits.")
        }
        var request = CommandRequest(try script(), instances: [])
        request.comment = comment ?? ""
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

    /// There is one document, in one version. Every command goes to all its instances at once, as by the defaults of the two bounds.
    private func checkDocument() throws(APIError) {
        guard document == CommandScript.document else {
            throw APIError("InvalidDocument", "Document with name \(document.prefix(128)) does not exist.")
        }
        guard [nil, "$DEFAULT", "$LATEST", "1"].contains(documentVersion) else {
            throw APIError("InvalidDocumentVersion", "The document has no version \(documentVersion?.prefix(20) ?? "").")
        }
        guard [nil, "50"].contains(concurrency), [nil, "0"].contains(mostErrors) else {
            throw APIError(
                "ValidationException", "MaxConcurrency other than 50, and MaxErrors other than 0, are not supported here.")
        }
    }

    private func script() throws(APIError) -> CommandScript {
        var given = parameters ?? [:]
        guard let lines = given.removeValue(forKey: "commands"), !lines.isEmpty else {
            throw APIError("InvalidParameters", "The parameter commands is required.")
        }
        guard lines.reduce(0, { $0 + $1.utf8.count + 1 }) <= 100_000, !lines.contains(where: { $0.utf8.contains(0) }) else {
            throw APIError("InvalidParameters", "The parameter commands is longer than 100000 bytes, or has a NUL.")
        }
        var script = CommandScript(lines: lines)
        if let folder = given.removeValue(forKey: "workingDirectory")?.first, !folder.isEmpty {
            guard folder.hasPrefix("/"), !folder.utf8.contains(0) else {
                throw APIError("InvalidParameters", "The parameter workingDirectory is no absolute path.")
            }
            script.workingFolder = folder
        }
        if let text = given.removeValue(forKey: "executionTimeout")?.first {
            guard let seconds = Int(text), 1...172_800 ~= seconds else {
                throw APIError("InvalidParameters", "The parameter executionTimeout must be from 1 to 172800.")
            }
            script.timeout = seconds
        }
        guard let unknown = given.keys.sorted().first else { return script }
        throw APIError("InvalidParameters", "The document has no parameter \(unknown.prefix(60)).")
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
