import HTTPServer

/// An action of a service that speaks JSON 1.1. It reads its members by being decoded; what it does not read is refused.
protocol JSONAction: Decodable, Sendable {
    static var name: String { get }
    /// Writes the members of the answer.
    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError)
}

extension JSONAction {
    static var name: String { String(describing: Self.self) }
}

/// JSON 1.1: X-Amz-Target names the action, the body is its input.
enum JSONProtocol {
    static let contentType = "application/x-amz-json-1.1"

    static func answer(
        _ request: Request, _ call: Call, target prefix: String, actions: [any JSONAction.Type]
    ) throws(APIError) -> Response {
        let target = request[field: "x-amz-target"] ?? ""
        guard target.hasPrefix(prefix), let action = actions.first(where: { $0.name == target.dropFirst(prefix.count) }) else {
            throw APIError("UnknownOperationException", "There is no operation \(target.prefix(100)).")
        }
        var json = JSONWriter()
        try answer(action, request.body, call, &json)
        return Response(
            200, contentType: contentType, fields: [.init("x-amzn-RequestId", call.requestID)], body: json.bytes)
    }

    private static func answer<Action: JSONAction>(
        _ type: Action.Type, _ body: [UInt8], _ call: Call, _ json: inout JSONWriter
    ) throws(APIError) {
        let input = try JSONInput(body)
        let action = try input.read(type)
        try input.checkAllRead()
        try json.object { (json) throws(APIError) in try action.run(call, &json) }
    }
}
