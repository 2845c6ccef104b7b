import HTTPServer
import Model

/// AWS Security Token Service: Query in its older frame.
enum STS {
    static let version = "2011-06-15"
    private static let namespace = "https://sts.amazonaws.com/doc/\(version)/"

    static let actions: [any QueryAction.Type] = [
        GetCallerIdentity.self,
        GetSessionToken.self,
        AssumeRole.self,
        GetAccessKeyInfo.self,
        DecodeAuthorizationMessage.self,
    ]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        try QueryProtocol.answer(request, call, version: version, namespace: namespace, actions: actions)
    }
}

/// Who asks.
struct GetCallerIdentity: QueryAction {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) {
        let role = call.sessions.session(call.keyID)?.role
        answer.element("Arn", role?.arn ?? Principal.account(call.account).description)
        answer.element("UserId", role?.id ?? call.account.description)
        answer.element("Account", call.account.description)
    }
}

/// Whose an access key is.
struct GetAccessKeyInfo: QueryAction {
    private let id: String

    init(_ input: QueryInput) throws(APIError) { id = try input.required("AccessKeyId") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        guard id == call.keyID else {
            throw APIError("ValidationError", "Only the account of the key that signs the request is told here.")
        }
        answer.element("Account", call.account.description)
    }
}

/// Refusals here carry no encoded messages, so that whatever is to be decoded is none.
struct DecodeAuthorizationMessage: QueryAction {
    init(_ input: QueryInput) throws(APIError) { _ = try input.required("EncodedMessage") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        throw APIError("InvalidAuthorizationMessageException", "Message is not valid")
    }
}
