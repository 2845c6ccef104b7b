import Cloud
import Model

struct ListCommands: JSONAction {
    let id: String?
    let instance: String?
    let filters: [CommandFilter]?
    let limit: Int?
    let token: String?

    private enum CodingKeys: String, CodingKey {
        case id = "CommandId"
        case instance = "InstanceId"
        case filters = "Filters"
        case limit = "MaxResults"
        case token = "NextToken"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let found = try call.commands(id).kept { command throws(APIError) in
            let isOnInstance = instance.map { id in command.instances.contains { $0.description == id } } ?? true
            return try isOnInstance ? filters.accept(command, command.status) : false
        }
        let page = try SSMPage(found, limit: limit, token: token, most: 50)
        answer.field("Commands", page.elements) { command, json in json.members(of: command) }
        answer.field("NextToken", ifPresent: page.next)
    }
}

struct ListCommandInvocations: JSONAction {
    let id: String?
    let instance: String?
    let hasDetails: Bool?
    let filters: [CommandFilter]?
    let limit: Int?
    let token: String?

    private enum CodingKeys: String, CodingKey {
        case id = "CommandId"
        case instance = "InstanceId"
        case hasDetails = "Details"
        case filters = "Filters"
        case limit = "MaxResults"
        case token = "NextToken"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let all = try call.commands(id).flatMap { command in command.invocations.map { (command, $0) } }
        let found = try all.kept { command, invocation throws(APIError) in
            let isOnInstance = instance.map { $0 == invocation.instance.description } ?? true
            return try isOnInstance ? filters.accept(command, invocation.status) : false
        }
        let page = try SSMPage(found, limit: limit, token: token, most: 50)
        answer.field("CommandInvocations", page.elements) { pair, json in
            json.invocation(pair.1, of: pair.0, hasDetails: hasDetails ?? false)
        }
        answer.field("NextToken", ifPresent: page.next)
    }
}

/// What became of a command on one instance, with what it printed.
struct GetCommandInvocation: JSONAction {
    let id: String
    let instance: String
    let plugin: String?

    private enum CodingKeys: String, CodingKey {
        case id = "CommandId"
        case instance = "InstanceId"
        case plugin = "PluginName"
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let command = try call.commands(id).first
        guard let command, let invocation = command.invocations.first(where: { $0.instance.description == instance }) else {
            throw APIError("InvocationDoesNotExist", "There is no invocation of the command on the instance.")
        }
        let results = invocation.plugins(of: command)
        // Of several steps one must be named.
        guard let result = plugin == nil && results.count == 1 ? results.first : results.first(where: { $0.step == plugin })
        else {
            throw APIError(
                "InvalidPluginName", "The document has the steps \(results.map(\.step).joined(separator: ", ").prefix(300)).")
        }
        answer.result(result, of: invocation, command)
    }
}

/// The instances that run: on each of them a command can be run.
struct DescribeInstanceInformation: JSONAction {
    let newFilters: [CommandTarget]?
    let oldFilters: [OldFilter]?
    let limit: Int?
    let token: String?

    private enum CodingKeys: String, CodingKey {
        case newFilters = "Filters"
        case oldFilters = "InstanceInformationFilterList"
        case limit = "MaxResults"
        case token = "NextToken"
    }

    /// The filters of an earlier API.
    struct OldFilter: Decodable {
        let key: String
        let valueSet: [String]
    }

    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError) {
        let filters = (newFilters ?? []) + (oldFilters ?? []).map { CommandTarget(key: $0.key, values: $0.valueSet) }
        for filter in filters where !["InstanceIds", "PingStatus", "PlatformTypes", "ResourceType"].contains(filter.key) {
            guard filter.key.hasPrefix("tag:") || filter.key == "tag-key" else {
                throw APIError("InvalidFilterKey", "The filter \(filter.key.prefix(60)) is not known.")
            }
        }
        let all = try asking { () throws(Failure) in try call.actions.instances() }
        let found = all.filter { instance in
            instance.state == .running && filters.allSatisfy { Self.accepts($0, instance) }
        }
        let page = try SSMPage(found, limit: limit, token: token, most: 50)
        answer.field("InstanceInformationList", page.elements) { instance, json in
            json.field("InstanceId", instance.id.description)
            json.field("PingStatus", "Online")
            json.field("LastPingDateTime", call.now.seconds)
            json.field("PlatformType", "Linux")
            json.field("ResourceType", "EC2Instance")
            json.field("IPAddress", instance.address)
            json.field("ComputerName", instance.privateName(in: call.region))
        }
        answer.field("NextToken", ifPresent: page.next)
    }

    private static func accepts(_ filter: CommandTarget, _ instance: InstanceRecord) -> Bool {
        switch filter.key {
        case "InstanceIds": filter.values.contains(instance.id.description)
        case "PingStatus": filter.values.contains("Online")
        case "PlatformTypes": filter.values.contains("Linux")
        case "ResourceType": filter.values.contains("EC2Instance")
        case "tag-key": filter.values.contains { instance.tags[$0] != nil }
        default: instance.tags[String(filter.key.dropFirst(4))].map { filter.values.contains($0) } ?? false
        }
    }
}

extension Call {
    /// The caller's commands; that of an id, which must be there.
    fileprivate func commands(_ id: String?) throws(APIError) -> [CommandRecord] {
        let all = try asking { () throws(Failure) in try actions.commands() }
        guard let id else { return all }
        let found = all.filter { $0.id == id }
        if found.isEmpty { throw APIError("InvalidCommandId", "The command ID \(id.prefix(40)) does not exist") }
        return found
    }
}
