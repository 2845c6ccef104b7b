import FoundationEssentials
import HTTPServer

/// An action of a service that speaks JSON 1.1.
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
        let action = try decoded(type, body)
        try json.object { (json) throws(APIError) in try action.run(call, &json) }
    }

    /// An input.
    static func decoded<Input: Decodable>(_ type: Input.Type, _ body: [UInt8]) throws(APIError) -> Input {
        do { return try JSONDecoder().decode(type, from: Data(body)) } catch { throw reading(error) }
    }

    /// What is wrong with an input, without its values.
    private static func reading(_ error: any Error) -> APIError {
        switch error {
        case let error as APIError: error
        case DecodingError.keyNotFound(let key, _):
            APIError(
                "ValidationException",
                "1 validation error detected: Value null at '\(path([key]))' failed to satisfy constraint: Member must not be null"
            )
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            APIError("SerializationException", "The member \(path(context.codingPath)) has another type than it must")
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            APIError("ValidationException", "The value of \(path(context.codingPath)) is not one that it may have")
        default: APIError("SerializationException", "The body is no JSON object")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        String(keys.map(\.stringValue).joined(separator: ".").prefix(200))
    }
}
