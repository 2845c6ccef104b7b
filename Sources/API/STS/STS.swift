import HTTPServer
import Model

/// AWS Security Token Service: Query in its older frame.
enum STS {
    static let version = "2011-06-15"
    private static let namespace = "https://sts.amazonaws.com/doc/\(version)/"

    static let actions: [any QueryAction.Type] = [GetCallerIdentity.self]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
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
        return Response(200, contentType: "text/xml", body: xml.bytes)
    }
}

/// An action of STS.
protocol QueryAction: Sendable {
    static var name: String { get }
    init(_ input: QueryInput) throws(APIError)
    /// Writes the members of the result.
    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError)
}

extension QueryAction {
    static var name: String { String(describing: Self.self) }
}

/// Who asks.
struct GetCallerIdentity: QueryAction {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) {
        answer.element("Arn", "arn:aws:iam::\(call.account):root")
        answer.element("UserId", call.account.description)
        answer.element("Account", call.account.description)
    }
}
