import Cloud
import Model

struct CreateDhcpOptions: EC2Action {
    private let configurations: [DHCPOptions.Configuration]
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        configurations = try input.structures("DhcpConfiguration").map { entry throws(APIError) in
            DHCPOptions.Configuration(key: try entry.required("Key"), values: try entry.strings("Value"))
        }
        guard !configurations.isEmpty else { throw .missing("dhcpConfiguration") }
        tags = try input.tagSpecifications("dhcp-options")["dhcp-options"] ?? TagSet()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let made = try asking { () throws(Failure) in try call.actions.createDHCPOptions(configurations, tags: tags) }
        answer.element("dhcpOptions") { $0.dhcpOptions(made) }
    }
}

struct DeleteDhcpOptions: EC2Action {
    private let id: DHCPOptionsID

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("DhcpOptionsId")
        do throws(Failure) { id = try DHCPOptionsID(parsing: text) } catch {
            guard text.hasPrefix("dopt-") else {
                throw APIError(
                    .invalidDHCPOptionsMalformed, "Invalid id: \"\(text.prefix(100))\" (expecting \"dopt-...\")")
            }
            throw APIError(.notFound(dhcpOptions: String(text.prefix(60))))
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.deleteDHCPOptions(id) }
        answer.done()
    }
}

/// Options for a VPC: those of an account, or `default` for Amazon's.
struct AssociateDhcpOptions: EC2Action {
    private let options: DHCPOptionsID?
    private let vpc: VPCID

    init(_ input: QueryInput) throws(APIError) {
        let text = try input.required("DhcpOptionsId")
        let isStandard = text == DHCPOptions.standard
        do throws(Failure) { options = isStandard ? nil : try DHCPOptionsID(parsing: text) } catch {
            throw APIError(.notFound(dhcpOptions: String(text.prefix(60))))
        }
        vpc = try VPCID(asked: try input.required("VpcId"))
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.associate(options, with: vpc) }
        answer.done()
    }
}

struct DescribeDhcpOptions: EC2Action {
    private let ids: [String]
    private let filters: [ResourceFilter]
    private let limit: Int?
    private let token: PageToken?

    init(_ input: QueryInput) throws(APIError) {
        ids = try input.strings("DhcpOptionsId")
        filters = try input.filters()
        limit = try input.limit()
        token = try input.pageToken()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.dhcpOptions() }
        let named = try all.named(ids, by: \.id.description) { APIError(.notFound(dhcpOptions: $0)) }
        let shown = try named.kept { options throws(APIError) in
            try filters.accept(
                [
                    "dhcp-options-id": [options.id.description], "owner-id": [options.owner.description],
                    "key": options.configurations.map(\.key), "value": options.configurations.flatMap(\.values),
                ], tags: options.tags)
        }
        let page = shown.page(after: token, limit: limit)
        answer.list("dhcpOptionsSet", page.items) { options, xml in xml.dhcpOptions(options) }
        answer.element("nextToken", ifPresent: page.next?.description)
    }
}

extension XMLWriter {
    fileprivate mutating func dhcpOptions(_ options: DHCPOptions) {
        element("dhcpOptionsId", options.id.description)
        element("ownerId", options.owner.description)
        list("dhcpConfigurationSet", options.configurations) { configuration, xml in
            xml.element("key", configuration.key)
            xml.list("valueSet", configuration.values) { value, xml in xml.element("value", value) }
        }
        tagList(options.tags)
    }
}
