import FoundationEssentials
import HTTPServer

/// AWS Systems Manager, Parameter Store: JSON 1.1.
enum SSM {
    private static let target = "AmazonSSM."

    static let actions: [any JSONAction.Type] = []

    static func answer(_ request: Request, _ call: Call) throws(APIError) -> Response {
        try JSONProtocol.answer(request, call, target: target, actions: actions)
    }
}
