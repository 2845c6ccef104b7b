import Cloud
import FoundationEssentials
import Model

/// What an instance wrote on its console: its first boot and its user data.
struct GetConsoleOutput: EC2Action {
    private let id: InstanceID

    init(_ input: QueryInput) throws(APIError) {
        id = try InstanceID(asked: try input.required("InstanceId"))
        // There is one output, and it is always the latest.
        _ = try input.bool("Latest")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let console = try asking { () throws(Failure) in try call.actions.consoleOutput(of: id) }
        answer.element("instanceId", id.description)
        answer.element("timestamp", (console.written ?? call.now).withMilliseconds)
        if !console.bytes.isEmpty { answer.element("output", Data(console.bytes).base64EncodedString()) }
    }
}
