import Platform

/// What is asked of a server. Bodies are files, so that memory does not grow with them.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
    }

    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var method: Method
    package var url: HTTPURL
    /// May be secrets. Sent to the first origin only, where redirects lead to others.
    package var headers: [Header] = []
    /// The path of a file to send.
    package var body: String?
    /// The path of the file that takes the body of the answer; what was in it is gone, whatever comes.
    package var output: String
    /// Nanoseconds for all of it; nil for no limit. A connection that stands still for a minute is given up in any case.
    package var timeLimit: UInt64?
    /// Bytes of the answer.
    package var sizeLimit: UInt64?
    /// Of GET, up to `Curl.maximumRedirects`. One from https to http is refused.
    package var followsRedirects = false
    package var ignoresCertificates = false
    package var signing: AWSSignature?
    package var policy: AddressPolicy
    /// Called a few times a second, on another thread, with the bytes that have come.
    package var onProgress: (@Sendable (_ received: UInt64) -> Void)?

    package init(_ method: Method, _ url: HTTPURL, output: String, policy: AddressPolicy = .outside) {
        self.method = method
        self.url = url
        self.output = output
        self.policy = policy
    }
}

/// The signing of a request by AWS Signature Version 4.
package struct AWSSignature: Sendable {
    package var accessKeyID: String
    package var secretAccessKey: String
    /// Of temporary credentials.
    package var sessionToken: String?
    package var region: String
    /// `s3`.
    package var service: String

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String?, region: String, service: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.region = region
        self.service = service
    }
}

/// An answer. Its body is in the request's output file.
package struct HTTPResponse: Hashable, Sendable {
    package var status: Int
    package var headers: [String: String]
    /// Where the answer came from, after redirects.
    package var url: HTTPURL

    /// Header names in lower case.
    package init(status: Int, headers: [String: String] = [:], url: HTTPURL) {
        self.status = status
        self.headers = headers
        self.url = url
    }

    /// The status with its name (RFC 9110, 15), as `404 Not Found`.
    package var statusText: String { Self.phrases[status].map { "\(status) \($0)" } ?? "\(status)" }

    /// Whether the same request may well succeed a moment later.
    package var isTransient: Bool { status >= 500 && status != 501 || [408, 425, 429].contains(status) }

    private static let phrases = [
        200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently", 302: "Found",
        303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
        401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
        409: "Conflict",
        410: "Gone", 412: "Precondition Failed", 416: "Range Not Satisfiable", 429: "Too Many Requests",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout",
    ]
}

/// Sends requests. `Curl` is the real one.
package protocol HTTPClient: Sendable {
    /// Any status is an answer. Throws where none came, or not the whole of it.
    func send(_ request: HTTPRequest, in host: Environment) throws(HTTPError) -> HTTPResponse
}
