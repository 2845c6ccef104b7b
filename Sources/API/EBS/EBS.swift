import HTTPServer
import Model

/// Amazon EBS direct: snapshots by their blocks, over REST and JSON.
enum EBS {
    static let actions: [any EBSAction.Type] = [
        ListSnapshotBlocks.self,
        ListChangedBlocks.self,
        GetSnapshotBlock.self,
        StartSnapshot.self,
        PutSnapshotBlock.self,
        CompleteSnapshot.self,
    ]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        let input = try RestInput(request)
        guard let action = actions.first(where: { $0.method == request.method && input.matches($0.path) }) else {
            throw APIError("UnknownOperationException", "There is no such operation.", status: 404)
        }
        do throws(APIError) {
            let ready = try action.init(input)
            try input.checkAllRead()
            var response = try ready.run(call)
            response.fields.append(.init("x-amzn-RequestId", call.requestID))
            return response
        } catch { throw error.ofEBS }
    }

    /// An answer in JSON.
    static func json(_ status: Int = 200, _ content: (inout JSONWriter) -> Void) -> Response {
        var json = JSONWriter()
        json.object(content)
        return Response(status, contentType: "application/json", body: json.bytes)
    }
}

/// An action of EBS direct.
protocol EBSAction: Sendable {
    static var name: String { get }
    static var method: String { get }
    /// The parts of its path; nil for one that varies.
    static var path: [String?] { get }
    init(_ input: RestInput) throws(APIError)
    func run(_ call: Call) throws(APIError) -> Response
}

extension EBSAction {
    static var name: String { String(describing: Self.self) }
}

extension APIError {
    /// The errors of EC2's plane as EBS direct has them: few codes, with reasons.
    fileprivate var ofEBS: APIError {
        if reason == nil, ["ValidationException", "SerializationException"].contains(code) { return .ebs(message) }
        if reason != nil || code.hasSuffix("Exception") { return self }
        if status >= 500 { return renamed("InternalServerException", status: 500) }
        switch code {
        case "InvalidSnapshot.NotFound":
            return APIError("ResourceNotFoundException", message, status: 404, reason: "SNAPSHOT_NOT_FOUND")
        case "AuthFailure", "OperationNotPermitted", "UnauthorizedOperation":
            return APIError("AccessDeniedException", message, status: 403, reason: "UNAUTHORIZED_ACCOUNT")
        case "IdempotentParameterMismatch": return APIError("ConflictException", message, status: 503)
        case "SnapshotLimitExceeded":
            return APIError("ServiceQuotaExceededException", message, status: 402, reason: "DEPENDENCY_SERVICE_QUOTA_EXCEEDED")
        case _ where code == code.uppercased(): return APIError("ValidationException", message, reason: code)
        default: return APIError("ValidationException", message, reason: "INVALID_PARAMETER_VALUE")
        }
    }

    static func ebs(_ message: String, _ reason: String = "INVALID_PARAMETER_VALUE") -> APIError {
        APIError("ValidationException", message, reason: reason)
    }
}

extension RestInput {
    func snapshotID(_ text: String) throws(APIError) -> SnapshotID {
        guard let id = try? SnapshotID(parsing: text) else {
            throw .ebs("The snapshot id \(text.prefix(60)) is not valid", "INVALID_SNAPSHOT_ID")
        }
        return id
    }

    func number(_ text: String?, _ name: String) throws(APIError) -> Int? {
        guard let text else { return nil }
        guard text.utf8.count <= 9, let number = Int(text), number >= 0 else {
            throw .ebs("\(name) must be a number, not \(text.prefix(40))")
        }
        return number
    }
}
