import Cloud
import Model

struct StartInstances: InstanceChangeAction {
    static let verb = InstanceVerb.start
    let ids: [InstanceID]
}

struct StopInstances: InstanceChangeAction {
    static let verb = InstanceVerb.stop
    let ids: [InstanceID]
}

struct TerminateInstances: InstanceChangeAction {
    static let verb = InstanceVerb.terminate
    let ids: [InstanceID]
}

/// Ends what runs, and makes durable what it wrote.
struct RebootInstances: EC2Action {
    private let ids: [InstanceID]

    init(_ input: QueryInput) throws(APIError) { ids = try input.changedInstances() }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        _ = try asking { () throws(Failure) in try call.actions.change(ids, .reboot) }
        answer.done()
    }
}

protocol InstanceChangeAction: EC2Action {
    static var verb: InstanceVerb { get }
    var ids: [InstanceID] { get }
    init(ids: [InstanceID])
}

extension InstanceChangeAction {
    init(_ input: QueryInput) throws(APIError) {
        self.init(ids: try input.changedInstances())
        // Nothing hangs here that would need it.
        _ = (
            try input.bool("Force"), try input.bool("Hibernate"), try input.bool("SkipOsShutdown"), input.string("AdditionalInfo")
        )
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let changes = try asking { () throws(Failure) in try call.actions.change(ids, Self.verb) }
        answer.list("instancesSet", changes) { change, xml in
            xml.element("instanceId", change.id.description)
            xml.element("currentState") { $0.state(change.current) }
            xml.element("previousState") { $0.state(change.previous) }
        }
    }
}

extension QueryInput {
    func changedInstances() throws(APIError) -> [InstanceID] {
        let ids = try instanceIDs()
        guard !ids.isEmpty else { throw APIError("InvalidParameterCombination", "No instances specified") }
        return ids
    }
}

/// An image of what an instance holds.
struct CreateImage: EC2Action {
    private let instance: InstanceID
    private let image: InstanceImage

    init(_ input: QueryInput) throws(APIError) {
        instance = try InstanceID(asked: try input.required("InstanceId"))
        var image = InstanceImage(name: try input.required("Name"))
        image.description = input.string("Description") ?? ""
        let tags = try input.tagSpecifications("image", "snapshot")
        image.tags = tags["image"] ?? TagSet()
        image.snapshotTags = tags["snapshot"] ?? TagSet()
        image.isWithoutReboot = try input.bool("NoReboot") ?? false
        self.image = image
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let id = try asking { () throws(Failure) in try call.actions.createImage(of: instance, image) }
        answer.element("imageId", id.description)
    }
}
