import HTTPServer
import SigV4

/// How a request is written, seen from its shape alone, so that also a request that is not accepted is answered in its own form.
enum WireForm: Hashable {
    /// EC2's Query: parameters in, XML out.
    case ec2
    /// Query as STS and IAM have it: another frame around answers and errors.
    case query
    /// JSON 1.1 with X-Amz-Target.
    case json
    /// JSON with paths.
    case rest

    init(of request: Request) {
        if request[field: "x-amz-target"] != nil {
            self = .json
        } else if request.path != "/" {
            self = .rest
        } else {
            let body =
                request.method == "POST" ? Substring(decoding: request.body.prefix(4096), as: UTF8.self) : request.query[...]
            let isOther = body.split(separator: "&").contains { $0.hasPrefix("Version=") && !$0.hasSuffix("=\(EC2.version)") }
            self = isOther ? .query : .ec2
        }
    }

    // MARK: Signatures

    var unknownKey: APIError {
        switch self {
        case .ec2: Self.notValidated
        case .query: APIError("InvalidClientTokenId", Self.invalidToken, status: 403)
        case .json, .rest: APIError("UnrecognizedClientException", Self.invalidToken, status: self == .rest ? 403 : 400)
        }
    }

    private static let notValidated = APIError(
        "AuthFailure", "AWS was not able to validate the provided access credentials", status: 401)
    private static let invalidToken = "The security token included in the request is invalid."

    func error(for error: SignatureError) -> APIError {
        let suffix = self == .json || self == .rest ? "Exception" : ""
        let status = self == .json ? 400 : 403
        switch error.kind {
        case .missing:
            return APIError("MissingAuthenticationToken\(suffix)", "Request is missing Authentication Token", status: status)
        case .incomplete: return APIError("IncompleteSignature\(suffix)", error.description, status: 400)
        case .unknownKey: return unknownKey
        case .expired where self == .ec2: return APIError("RequestExpired", "Request has expired: \(error)")
        case .mismatch where self == .ec2: return Self.notValidated
        case .expired, .mismatch:
            let code = self == .query ? "SignatureDoesNotMatch" : "InvalidSignatureException"
            let text = error.kind == .expired ? "Signature expired: \(error)" : Self.mismatch
            return APIError(code, text, status: status)
        }
    }

    private static let mismatch =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method."

    // MARK: Errors

    func response(to error: APIError, requestID: String) -> Response {
        switch self {
        case .ec2, .query:
            var xml = XMLWriter()
            if self == .ec2 { writeEC2(error, requestID, &xml) } else { writeQuery(error, requestID, &xml) }
            return xml.response(error.status, contentType: "text/xml;charset=UTF-8")
        case .json, .rest:
            var json = JSONWriter()
            json.object { json in
                if self == .json { json.field("__type", error.code) }
                json.field(self == .json ? "message" : "Message", error.message)
                json.field("Reason", ifPresent: error.reason)
            }
            return Response(
                error.status, contentType: self == .json ? "application/x-amz-json-1.1" : "application/json",
                fields: [.init("x-amzn-ErrorType", error.code), .init("x-amzn-RequestId", requestID)], body: json.bytes)
        }
    }

    private func writeEC2(_ error: APIError, _ requestID: String, _ xml: inout XMLWriter) {
        xml.element("Response") { xml in
            xml.element("Errors") { xml in
                xml.element("Error") { xml in
                    xml.element("Code", error.code)
                    xml.element("Message", error.message)
                }
            }
            xml.element("RequestID", requestID)
        }
    }

    private func writeQuery(_ error: APIError, _ requestID: String, _ xml: inout XMLWriter) {
        xml.element("ErrorResponse") { xml in
            xml.element("Error") { xml in
                xml.element("Type", error.status < 500 ? "Sender" : "Receiver")
                xml.element("Code", error.code)
                xml.element("Message", error.message)
            }
            xml.element("RequestId", requestID)
        }
    }
}
