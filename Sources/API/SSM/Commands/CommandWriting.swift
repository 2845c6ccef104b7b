import Cloud
import Model

extension JSONWriter {
    mutating func members(of command: CommandRecord) {
        let over = command.invocations.filter(\.status.isOver)
        field("CommandId", command.id)
        field("DocumentName", command.document)
        field("DocumentVersion", command.documentVersion)
        field("Comment", command.comment)
        field("ExpiresAfter", command.requested.seconds + Int64(command.delivery))
        field(
            "Parameters",
            object: { json in
                for (name, values) in command.parameters.sorted(by: { $0.key < $1.key }) { json.field(name, values) }
            })
        field("InstanceIds", command.instances.map(\.description))
        field("Targets", [String]())
        field("RequestedDateTime", command.requested.seconds)
        field("Status", command.status.rawValue)
        field("StatusDetails", command.status.rawValue)
        field("OutputS3BucketName", "")
        field("OutputS3KeyPrefix", "")
        field("MaxConcurrency", command.concurrency.description)
        field("MaxErrors", command.mostErrors.description)
        field("TargetCount", command.invocations.count)
        field("CompletedCount", over.count)
        field("ErrorCount", over.filter { $0.status != .success }.count)
        field("DeliveryTimedOutCount", 0)
        field("TimeoutSeconds", command.delivery)
    }

    mutating func invocation(_ invocation: CommandInvocation, of command: CommandRecord, hasDetails: Bool) {
        field("CommandId", command.id)
        field("InstanceId", invocation.instance.description)
        field("InstanceName", "")
        field("Comment", command.comment)
        field("DocumentName", command.document)
        field("DocumentVersion", command.documentVersion)
        field("RequestedDateTime", command.requested.seconds)
        field("Status", invocation.status.rawValue)
        field("StatusDetails", invocation.details)
        field("StandardOutputUrl", "")
        field("StandardErrorUrl", "")
        field("CommandPlugins", hasDetails ? invocation.plugins(of: command) : []) { result, json in
            json.field("Name", result.step)
            json.field("Status", result.status.rawValue)
            json.field("StatusDetails", result.details)
            json.field("ResponseCode", result.responseCode)
            if let started = result.started { json.field("ResponseStartDateTime", started.seconds) }
            if let ended = result.ended { json.field("ResponseFinishDateTime", ended.seconds) }
            // AWS gives as much of both together here.
            json.field("Output", String((result.output + result.error).prefix(2500)))
        }
    }

    mutating func result(_ result: StepResult, of invocation: CommandInvocation, _ command: CommandRecord) {
        field("CommandId", command.id)
        field("InstanceId", invocation.instance.description)
        field("Comment", command.comment)
        field("DocumentName", command.document)
        field("DocumentVersion", command.documentVersion)
        field("PluginName", result.step)
        field("ResponseCode", result.responseCode)
        field("ExecutionStartDateTime", result.started.map(\.withMilliseconds) ?? "")
        if let started = result.started, let ended = result.ended {
            field("ExecutionElapsedTime", "PT\(ended.seconds - started.seconds)S")
        }
        field("ExecutionEndDateTime", result.ended.map(\.withMilliseconds) ?? "")
        field("Status", result.status.rawValue)
        field("StatusDetails", result.details)
        field("StandardOutputContent", result.output)
        field("StandardOutputUrl", "")
        field("StandardErrorContent", result.error)
        field("StandardErrorUrl", "")
    }
}

extension CommandInvocation {
    /// What became of each step; of one that has not come to its turn, what became of the command.
    func plugins(of command: CommandRecord) -> [StepResult] {
        command.steps.map { step in
            results.first { $0.step == step.name } ?? StepResult(step.name, status, details: details, started: started)
        }
    }
}
