import Cloud
import Model

/// Changes how an instance is told about itself.
struct ModifyInstanceMetadataOptions: EC2Action {
    private let id: InstanceID
    private let change: MetadataOptionsChange

    init(_ input: QueryInput) throws(APIError) {
        id = try InstanceID(asked: try input.required("InstanceId"))
        change = try input.metadataOptions()
        guard !change.isEmpty else {
            throw APIError(
                "MissingParameter", "The request must contain a value for at least one of the metadata options to be modified.")
        }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let options = try asking { () throws(Failure) in try call.actions.modifyMetadataOptions(id, change) }
        answer.element("instanceId", id.description)
        answer.element("instanceMetadataOptions") { $0.metadataOptions(options, state: "pending") }
    }
}

extension QueryInput {
    /// Those that are named beside one another.
    func metadataOptions() throws(APIError) -> MetadataOptionsChange {
        let limit = try int("HttpPutResponseHopLimit")
        return try asking { () throws(Failure) in
            try MetadataOptionsChange(
                tokens: string("HttpTokens"), endpoint: string("HttpEndpoint"), ipv6: string("HttpProtocolIpv6"),
                hopLimit: limit, tags: string("InstanceMetadataTags"))
        }
    }
}

extension XMLWriter {
    mutating func metadataOptions(_ options: MetadataOptions, state: String) {
        element("state", state)
        element("httpTokens", options.tokensWord)
        element("httpPutResponseHopLimit", options.hopLimit)
        element("httpEndpoint", options.endpointWord)
        element("httpProtocolIpv6", options.ipv6Word)
        element("instanceMetadataTags", options.tagsWord)
    }
}
