import HTTPServer
import Model

/// AWS Security Token Service: Query in its older frame.
enum STS {
    static let version = "2011-06-15"
    private static let namespace = "https://sts.amazonaws.com/doc/\(version)/"

    static let actions: [any QueryAction.Type] = [GetCallerIdentity.self]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        try QueryProtocol.answer(request, call, version: version, namespace: namespace, actions: actions)
    }
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
