import Cloud
import Model

/// The regions of the plane.
struct DescribeRegions: EC2Action {
    private let names: [String]
    private let filters: [ResourceFilter]

    init(_ input: QueryInput) throws(APIError) {
        names = try input.strings("RegionName")
        filters = try input.filters()
        // All regions are open to every account.
        _ = try input.bool("AllRegions")
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let known = call.plane.settings.regionNames
        if let unknown = names.first(where: { !known.contains($0) }) {
            throw APIError("InvalidParameterValue", "Invalid region provided: '\(unknown.prefix(100))'")
        }
        let shown = try known.kept { name throws(APIError) in
            guard names.isEmpty || names.contains(name) else { return false }
            return try filters.accept([
                "region-name": [name], "endpoint": [Self.endpoint(name)], "opt-in-status": [Self.status],
            ])
        }
        try call.endDryRun()
        answer.list("regionInfo", shown) { name, xml in
            xml.element("regionName", name)
            xml.element("regionEndpoint", Self.endpoint(name))
            xml.element("optInStatus", Self.status)
        }
    }

    private static let status = "opt-in-not-required"

    private static func endpoint(_ region: String) -> String { "ec2.\(region).amazonaws.com" }
}
