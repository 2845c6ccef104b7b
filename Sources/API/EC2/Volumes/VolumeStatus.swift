import Cloud
import Model

/// Whether volumes are well; they are.
struct DescribeVolumeStatus: EC2Action {
    private let query: VolumeQuery
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        var query = VolumeQuery(limit: try input.limit(), after: try input.pageToken())
        let ids = try input.strings("VolumeId")
        query.ids = ids.isEmpty ? nil : try ids.map { text throws(APIError) in try VolumeID(asked: text) }
        self.query = query
        filters = try input.filters()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let zones = call.plane.settings.zones(of: call.region)
        var volumes: [VolumeRecord] = []
        let next = try asking { () throws(Failure) in
            try call.actions.describeVolumes(query) { volume throws(Failure) in volumes.append(volume) }
        }
        let shown = try volumes.kept { volume throws(APIError) in
            try filters.accept(
                [
                    "availability-zone": [volume.zone], "volume-status.status": ["ok"],
                    "availability-zone-id": zones.filter { $0.name == volume.zone }.map(\.id),
                    "volume-status.details-name": ["io-enabled", "io-performance"],
                    "volume-status.details-status": ["passed", "not-applicable"], "action.code": [], "event.event-id": [],
                    "event.event-type": [],
                ])
        }
        answer.list("volumeStatusSet", shown) { volume, xml in
            xml.element("volumeId", volume.id.description)
            xml.element("availabilityZone", volume.zone)
            xml.element("availabilityZoneId", ifPresent: zones.first { $0.name == volume.zone }?.id)
            xml.element("volumeStatus") { xml in
                xml.element("status", "ok")
                xml.list("details", [("io-enabled", "passed"), ("io-performance", "not-applicable")]) { detail, xml in
                    xml.element("name", detail.0)
                    xml.element("status", detail.1)
                }
            }
            xml.list("eventsSet", [String]())
            xml.list("actionsSet", [String]())
        }
        answer.element("nextToken", ifPresent: next?.description)
    }
}

struct DescribeVolumeAttribute: EC2Action {
    private let id: VolumeID
    private let attribute: String

    init(_ input: QueryInput) throws(APIError) {
        id = try VolumeID(asked: try input.required("VolumeId"))
        attribute = try input.required("Attribute")
        guard ["autoEnableIO", "productCodes"].contains(attribute) else { throw .invalid(attribute, of: "attribute") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (isOn, products) = try asking { () throws(Failure) in
            (try call.actions.enablesIO(id), try call.actions.products(of: id))
        }
        answer.element("volumeId", id.description)
        if attribute == "productCodes" {
            answer.products(products)
        } else {
            answer.element(attribute) { $0.element("value", isOn) }
        }
    }
}

struct ModifyVolumeAttribute: EC2Action {
    private let id: VolumeID
    private let isOn: Bool

    init(_ input: QueryInput) throws(APIError) {
        id = try VolumeID(asked: try input.required("VolumeId"))
        guard let isOn = try input.structure("AutoEnableIO")?.bool("Value") else { throw .missing("autoEnableIO") }
        self.isOn = isOn
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.setEnablesIO(isOn, of: id) }
        answer.done()
    }
}
