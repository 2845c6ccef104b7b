/// What curl is told, in the syntax of its configuration files (curl(1), `--config`).
struct CurlConfiguration {
    private(set) var text = ""

    mutating func set(_ option: String) { text += option + "\n" }

    /// Quoted. A line end would begin another option, and a NUL would end the value: the caller has refused those.
    mutating func set(_ option: String, _ value: String) {
        let escaped = value.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        text += "\(option) = \"\(escaped)\"\n"
    }

    init(_ request: HTTPRequest, to url: HTTPURL, addresses: [HostAddress], sendsSecrets: Bool) throws(HTTPError) {
        set("silent")
        // Brackets, braces and `..` mean nothing special in an address.
        set("globoff")
        set("path-as-is")
        set("noproxy", "*")
        set("proto", "=http,https")
        set("url", url.text)
        // Whatever host curl sees in the address, it connects to what was checked.
        set("connect-to", "::\(Self.pinned):\(url.port)")
        let targets = addresses.map { if case .v6 = $0 { "[\($0)]" } else { "\($0)" } }
        set("resolve", "\(Self.pinned):\(url.port):\(targets.joined(separator: ","))")
        set("user-agent", "ingot")
        try setMethod(request)
        if request.ignoresCertificates { set("insecure") }
        try setHeaders(request, sendsSecrets)
        setLimits(request)
        set("output", request.output)
        set("dump-header", "-")
        set("write-out", "%{stderr}" + Self.report.map { "%{\($0)}\\n" }.joined())
    }

    /// A name that nobody has (RFC 2606).
    private static let pinned = "checked.invalid"

    /// What curl says at the end, a line each, on standard error.
    static let report = ["exitcode", "http_code", "redirect_url", "errormsg"]

    private mutating func setMethod(_ request: HTTPRequest) throws(HTTPError) {
        switch request.method {
        case .get: break
        case .put:
            guard let body = request.body else { throw HTTPError(.localFile, "a PUT needs a file to send") }
            set("upload-file", body)
        }
    }

    private mutating func setHeaders(_ request: HTTPRequest, _ sendsSecrets: Bool) throws(HTTPError) {
        guard sendsSecrets else { return }
        var headers = request.headers
        if let signing = request.signing {
            set("aws-sigv4", "aws:amz:\(signing.region):\(signing.service)")
            set("user", "\(signing.accessKeyID):\(signing.secretAccessKey)")
            if let token = signing.sessionToken { headers.append(.init("x-amz-security-token", token)) }
        }
        for header in headers { set("header", "\(header.name): \(header.value)") }
    }

    private mutating func setLimits(_ request: HTTPRequest) {
        set("connect-timeout", "30")
        set("speed-limit", "1")
        set("speed-time", "60")
        if let time = request.timeLimit {
            let milliseconds = max(1, time / 1_000_000)
            let fraction = String(1000 + milliseconds % 1000).dropFirst()
            set("max-time", "\(milliseconds / 1000).\(fraction)")
        }
        if let size = request.sizeLimit { set("max-filesize", String(size)) }
    }
}
