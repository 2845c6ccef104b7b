import Cloud
import HTTPServer
import Model

/// Amazon Data Lifecycle Manager, over REST and JSON. Policies are rows of a region; `ingot schedule run` carries them out.
enum DLM {
    static let actions: [any DLMAction.Type] = [
        CreateLifecyclePolicy.self,
        GetLifecyclePolicies.self,
        GetLifecyclePolicy.self,
        UpdateLifecyclePolicy.self,
        DeleteLifecyclePolicy.self,
        TagPolicy.self,
        UntagPolicy.self,
        ListPolicyTags.self,
    ]

    /// Parameters of queries that are lists.
    private static let lists: Set<String> = ["policyIds", "resourceTypes", "targetTags", "tagsToAdd", "tagKeys"]

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        do throws(APIError) {
            let input = try RestInput(request, lists: lists)
            guard let action = actions.first(where: { $0.method == request.method && input.matches($0.path) }) else {
                throw APIError("UnknownOperationException", "There is no such operation.", status: 404)
            }
            let ready = try action.init(input)
            try input.checkAllRead()
            var json = JSONWriter()
            try json.object { (json) throws(APIError) in try ready.run(call, &json) }
            return Response(
                200, contentType: "application/json", fields: [.init("x-amzn-RequestId", call.requestID)], body: json.bytes)
        } catch { throw error.ofDLM }
    }
}

/// An action of Data Lifecycle Manager.
protocol DLMAction: Sendable {
    static var name: String { get }
    static var method: String { get }
    /// The parts of its path; nil for one that varies.
    static var path: [String?] { get }
    init(_ input: RestInput) throws(APIError)
    /// Writes the members of the answer.
    func run(_ call: Call, _ answer: inout JSONWriter) throws(APIError)
}

extension DLMAction {
    static var name: String { String(describing: Self.self) }
}

extension APIError {
    /// The errors of others as Data Lifecycle Manager has them.
    fileprivate var ofDLM: APIError {
        switch code {
        case "ValidationException", "SerializationException": APIError("InvalidRequestException", message)
        case _ where code.hasSuffix("Exception"): self
        case _ where status >= 500: renamed("InternalServerException", status: 500)
        default: APIError("InvalidRequestException", message)
        }
    }
}
