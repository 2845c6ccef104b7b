import Cloud
import Model

extension JSONWriter {
    static let pluginName = "aws:runShellScript"
    private static let documentVersion = "$DEFAULT"

    mutating func members(of command: CommandRecord) {
        let over = command.invocations.filter(\.status.isOver)
        field("CommandId", command.id)
        field("DocumentName", CommandScript.document)
        field("DocumentVersion", Self.documentVersion)
        field("Comment", command.comment)
        field("ExpiresAfter", command.requested.seconds + 3600)
        field("Parameters", object: { $0.parameters(of: command.script) })
        field("InstanceIds", command.instances.map(\.description))
        field("Targets", [String]())
        field("RequestedDateTime", command.requested.seconds)
        field("Status", command.status.rawValue)
        field("StatusDetails", command.status.rawValue)
        field("OutputS3BucketName", "")
        field("OutputS3KeyPrefix", "")
        field("MaxConcurrency", "50")
        field("MaxErrors", "0")
        field("TargetCount", command.invocations.count)
        field("CompletedCount", over.count)
        field("ErrorCount", over.filter { $0.status != .success }.count)
        field("DeliveryTimedOutCount", 0)
        field("TimeoutSeconds", 3600)
    }

    private mutating func parameters(of script: CommandScript) {
        field("commands", script.lines)
        if !script.workingFolder.isEmpty { field("workingDirectory", [script.workingFolder]) }
        field("executionTimeout", [String(script.timeout)])
    }

    mutating func invocation(_ invocation: CommandInvocation, of command: CommandRecord, hasDetails: Bool) {
        field("CommandId", command.id)
        field("InstanceId", invocation.instance.description)
        field("InstanceName", "")
        field("Comment", command.comment)
        field("DocumentName", CommandScript.document)
        field("DocumentVersion", Self.documentVersion)
        field("RequestedDateTime", command.requested.seconds)
        field("Status", invocation.status.rawValue)
        field("StatusDetails", invocation.details)
        field("StandardOutputUrl", "")
        field("StandardErrorUrl", "")
        field("CommandPlugins", hasDetails ? [invocation] : []) { invocation, json in
            json.field("Name", Self.pluginName)
            json.field("Status", invocation.status.rawValue)
            json.field("StatusDetails", invocation.details)
            json.field("ResponseCode", invocation.responseCode)
            if let started = invocation.started { json.field("ResponseStartDateTime", started.seconds) }
            if let ended = invocation.ended { json.field("ResponseFinishDateTime", ended.seconds) }
            // AWS gives as much of both together here.
            json.field("Output", String((invocation.output + invocation.error).prefix(2500)))
        }
    }

    mutating func result(_ invocation: CommandInvocation, of command: CommandRecord) {
        field("CommandId", command.id)
        field("InstanceId", invocation.instance.description)
        field("Comment", command.comment)
        field("DocumentName", CommandScript.document)
        field("DocumentVersion", Self.documentVersion)
        field("PluginName", Self.pluginName)
        field("ResponseCode", invocation.responseCode)
        field("ExecutionStartDateTime", invocation.started.map(\.withMilliseconds) ?? "")
        if let started = invocation.started, let ended = invocation.ended {
            field("ExecutionElapsedTime", "PT\(ended.seconds - started.seconds)S")
        }
        field("ExecutionEndDateTime", invocation.ended.map(\.withMilliseconds) ?? "")
        field("Status", invocation.status.rawValue)
        field("StatusDetails", invocation.details)
        field("StandardOutputContent", invocation.output)
        field("StandardOutputUrl", "")
        field("StandardErrorContent", invocation.error)
        field("StandardErrorUrl", "")
    }
}
