import Cloud
import Model

struct AttachVolume: EC2Action {
    private let volume: VolumeID
    private let instance: InstanceID
    private let device: String

    init(_ input: QueryInput) throws(APIError) {
        volume = try VolumeID(asked: try input.required("VolumeId"))
        instance = try InstanceID(asked: try input.required("InstanceId"))
        device = try input.required("Device")
        guard device.utf8.count <= 32 else { throw .invalid(device, of: "unixDevice") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let record = try asking { () throws(Failure) in
            try call.actions.attachVolume(volume, to: instance, device: device)
        }
        answer.attachment(of: record, status: "attaching")
    }
}

struct DetachVolume: EC2Action {
    private let volume: VolumeID
    private let instance: InstanceID?
    private let device: String?

    init(_ input: QueryInput) throws(APIError) {
        volume = try VolumeID(asked: try input.required("VolumeId"))
        instance = try input.string("InstanceId").map { text throws(APIError) in try InstanceID(asked: text) }
        device = input.string("Device")
        // Nothing hangs here that would need it.
        _ = try input.bool("Force")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let record = try asking { () throws(Failure) in
            try call.actions.detachVolume(volume, from: instance, device: device)
        }
        answer.attachment(of: record, status: "detaching")
    }
}

extension XMLWriter {
    /// The members of a volume's attachment.
    mutating func attachment(of record: VolumeRecord, status: String) {
        guard let attachment = record.attachment else { return }
        element("volumeId", record.id.description)
        element("instanceId", attachment.instance.description)
        element("device", attachment.device)
        element("status", status)
        element("attachTime", attachment.attached.withMilliseconds)
        element("deleteOnTermination", attachment.isDeletedOnTermination)
    }
}
