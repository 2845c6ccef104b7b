import Cloud
import Model

/// The zones of the region that is asked.
struct DescribeAvailabilityZones: EC2Action {
    private let names: [String]
    private let ids: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        names = try input.strings("ZoneName")
        ids = try input.strings("ZoneId")
        filters = try input.filters()
        _ = try input.bool("AllAvailabilityZones")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let zones = call.plane.settings.zones(of: call.region)
        if let unknown = names.first(where: { name in !zones.contains { $0.name == name } })
            ?? ids.first(where: { id in !zones.contains { $0.id == id } })
        {
            throw APIError("InvalidParameterValue", "Invalid availability zone: [\(unknown.prefix(100))]")
        }
        let shown = try zones.kept { zone throws(APIError) in
            guard names.isEmpty || names.contains(zone.name), ids.isEmpty || ids.contains(zone.id) else { return false }
            return try filters.accept([
                "region-name": [call.region.description], "zone-name": [zone.name], "zone-id": [zone.id],
                "state": ["available"], "zone-type": ["availability-zone"], "opt-in-status": [Self.status],
                "group-name": [call.region.description],
            ])
        }
        try call.endDryRun()
        answer.list("availabilityZoneInfo", shown) { zone, xml in
            xml.element("zoneName", zone.name)
            xml.element("zoneId", zone.id)
            xml.element("zoneState", "available")
            xml.element("zoneType", "availability-zone")
            xml.element("regionName", call.region.description)
            xml.element("groupName", call.region.description)
            xml.element("networkBorderGroup", call.region.description)
            xml.element("optInStatus", Self.status)
            xml.open("messageSet")
            xml.close("messageSet")
        }
    }

    private static let status = "opt-in-not-required"
}
