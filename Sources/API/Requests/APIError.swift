import Model
import Platform

/// An error as a client of AWS sees it.
struct APIError: Error, Hashable {
    private(set) var code: String
    let message: String
    private(set) var status: Int
    /// What some services say beside the code, as a word.
    var reason: String?
    /// Of what is nobody's fault at the other end: what happened, for whoever runs the endpoint. It names paths and statements.
    private(set) var detail: [String] = []

    init(_ code: String, _ message: String, status: Int = 400, reason: String? = nil) {
        self.code = code
        self.message = message
        self.status = status
        self.reason = reason
    }

    /// A refusal that the plane has a name for.
    init(_ code: PlaneError.Code, _ message: String) {
        let error = PlaneError(code, message)
        self.init(error.code.rawValue, error.message, status: error.httpStatus)
    }

    static let dryRun = APIError(
        "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", status: 412)

    static func missing(_ parameter: String) -> APIError {
        APIError("MissingParameter", "The request must contain the parameter \(parameter)")
    }

    static func invalid(_ value: String, of parameter: String) -> APIError {
        APIError("InvalidParameterValue", "Value (\(value.prefix(200))) for parameter \(parameter) is invalid.")
    }

    /// What failed below. Causes stay here, and of failures of this end the message too: they name paths and statements, which are nobody's
    /// business at the other end.
    init(_ failure: Failure) {
        if let error = failure.planeError {
            self.init(error.code.rawValue, error.message, status: error.httpStatus)
            return
        }
        let text = failure.message
        // What the operating system refused is nothing that the caller may or may not do.
        let isOurs = failure.cause is SystemError
        switch failure.code {
        case .denied where isOurs: self.init("InternalError", Self.internalError, status: 500, of: failure)
        case .usage, .invalid: self.init("InvalidParameterValue", text)
        case .notFound: self.init("InvalidParameterValue", text)
        case .conflict, .failed: self.init("IncorrectState", text)
        case .denied: self.init("OperationNotPermitted", text)
        case .exhausted where isOurs:
            self.init("InsufficientCapacity", "There is not enough capacity for the request now.", status: 500, of: failure)
        case .exhausted: self.init("InsufficientCapacity", text, status: 500)
        case .busy, .unavailable, .cancelled: self.init("Unavailable", text, status: 503)
        case .io, .corrupt, .bug: self.init("InternalError", Self.internalError, status: 500, of: failure)
        }
    }

    private static let internalError = "An internal error has occurred."

    /// The same in the words of another service.
    func renamed(_ code: String, status: Int) -> APIError {
        var error = self
        error.code = code
        error.status = status
        return error
    }

    /// An answer that says nothing of what failed.
    init(_ code: String, _ message: String, status: Int, of failure: Failure) {
        self.init(code, message, status: status)
        detail = failure.chain
    }
}

/// Lets what fails below go up as an answer.
func asking<Result>(_ body: () throws(Failure) -> Result) throws(APIError) -> Result {
    do throws(Failure) { return try body() } catch { throw APIError(error) }
}

extension Sequence {
    /// The elements that a condition lets through which can fail.
    func kept(_ condition: (Element) throws(APIError) -> Bool) throws(APIError) -> [Element] {
        var result: [Element] = []
        for element in self where try condition(element) { result.append(element) }
        return result
    }
}
