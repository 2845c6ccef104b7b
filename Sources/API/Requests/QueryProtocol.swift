import HTTPServer

/// An action of a service that speaks Query in its older frame.
protocol QueryAction: Sendable {
    static var name: String { get }
    init(_ input: QueryInput) throws(APIError)
    /// Writes the members of the result.
    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError)
}

extension QueryAction {
    static var name: String { String(describing: Self.self) }
}

/// Query as STS, IAM and Auto Scaling have it: a result and its metadata in one frame, lists of `member`.
enum QueryProtocol {
    static func answer(
        _ request: Request, _ call: Call, version: String, namespace: String, actions: [any QueryAction.Type]
    ) throws(APIError) -> Response {
        let input = try QueryInput(request)
        guard let name = input.string("Action") else { throw APIError("MissingAction", "The request has no Action.") }
        guard input.string("Version") == version, let action = actions.first(where: { $0.name == name }) else {
            throw APIError("InvalidAction", "Could not find operation \(name.prefix(100)) for version \(version)")
        }
        let run = try action.init(input)
        try input.checkAllRead()
        var xml = XMLWriter()
        try xml.element("\(name)Response", namespace: namespace) { (xml) throws(APIError) in
            xml.open("\(name)Result")
            try run.run(call, &xml)
            xml.close("\(name)Result")
            xml.element("ResponseMetadata") { $0.element("RequestId", call.requestID) }
        }
        return xml.response(200, contentType: "text/xml")
    }
}

extension QueryInput {
    /// A list of texts as this protocol has them: `Names.member.1`.
    func members(_ key: String) throws(APIError) -> [String] { try structure(key)?.strings("member") ?? [] }

    func memberStructures(_ key: String) throws(APIError) -> [QueryInput] { try structure(key)?.structures("member") ?? [] }
}

extension XMLWriter {
    /// A list as this protocol has it.
    mutating func members<Items: Sequence>(
        _ name: String, _ items: Items, _ content: (Items.Element, inout XMLWriter) -> Void
    ) {
        open(name)
        for item in items { element("member") { content(item, &$0) } }
        close(name)
    }

    mutating func members(_ name: String, _ texts: [String]) {
        open(name)
        for text in texts { element("member", text) }
        close(name)
    }
}
