import Platform

/// The curl program, 7.76 or later.
package struct Curl: HTTPClient {
    package static let maximumRedirects = 10
    private static let maximumHeaders = 1 << 20

    /// The path of the program; nil looks it up when it is needed.
    private let program: String?
    private let lookup: @Sendable (_ host: String) throws(HTTPError) -> [HostAddress]

    package init(
        program: String? = nil,
        lookup: @escaping @Sendable (_ host: String) throws(HTTPError) -> [HostAddress] = AddressLookup.system
    ) {
        self.program = program
        self.lookup = lookup
    }

    package func send(_ request: HTTPRequest, in host: Environment) throws(HTTPError) -> HTTPResponse {
        try checkTexts(request)
        let start = host.uptime()
        var url = request.url
        for _ in 0...Self.maximumRedirects {
            var hop = request
            if let limit = request.timeLimit {
                let used = host.uptime() &- start
                guard used < limit else { throw HTTPError(.timeout, "\(request.url.origin) took too long") }
                hop.timeLimit = limit - used
            }
            let answer = try send(hop, to: url, in: host)
            guard request.followsRedirects, request.method == .get, let target = answer.redirect else { return answer.response }
            let next = try HTTPURL(parsing: target)
            guard url.scheme == .http || next.scheme == .https else {
                throw HTTPError(.redirects, "\(url.origin) redirects from https to http, to \(next.origin)")
            }
            url = next
        }
        throw HTTPError(.redirects, "\(request.url.origin) redirects more than \(Self.maximumRedirects) times")
    }

    /// A line end in a value would be an option of its own to curl, or a header of its own to the server.
    private func checkTexts(_ request: HTTPRequest) throws(HTTPError) {
        var texts = request.headers.flatMap { [$0.name, $0.value] } + [request.output, request.body ?? ""]
        if let signing = request.signing {
            texts += [
                signing.accessKeyID, signing.secretAccessKey, signing.sessionToken ?? "", signing.region, signing.service,
            ]
        }
        for text in texts where text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw HTTPError(
                .badAddress, "a header, a key or a path for the request to \(request.url.origin) has a control character")
        }
    }

    // MARK: One request

    private struct Answer {
        let response: HTTPResponse
        /// Where a redirect leads to, as a whole address.
        let redirect: String?
    }

    private func send(_ request: HTTPRequest, to url: HTTPURL, in host: Environment) throws(HTTPError) -> Answer {
        let addresses: [HostAddress]
        if let address = HostAddress(url.host) { addresses = [address] } else { addresses = try lookup(url.host) }
        guard !addresses.isEmpty else { throw HTTPError(.hostNotFound, "the host \(url.host) has no address") }
        try request.policy.check(addresses, of: url)
        let configuration = try CurlConfiguration(
            request, to: url, addresses: addresses, sendsSecrets: url.origin == request.url.origin)
        try empty(request.output)
        var headers: [String] = []
        var report: [String] = []
        let status = try run(configuration, request, url, in: host) { stream, line in
            let text = String(decoding: line, as: UTF8.self)
            if stream == .output { headers.append(text) } else { report.append(text) }
        }
        report += [String](repeating: "", count: max(0, CurlConfiguration.report.count - report.count))
        guard case .exited(let code) = status else { throw HTTPError(.other, "curl ended with \(status)") }
        guard code == 0 else { throw HTTPError(curl: Int(code), report[3...].joined(separator: " "), to: url) }
        guard let number = Int(report[1]), number > 0 else {
            throw HTTPError(.interrupted, "\(url.origin) answered without a status")
        }
        return Answer(
            response: HTTPResponse(status: number, headers: Self.parse(headers), url: url),
            redirect: report[2].isEmpty ? nil : report[2])
    }

    /// curl leaves the file alone where no body comes.
    private func empty(_ path: String) throws(HTTPError) {
        do throws(SystemError) {
            try FileDescriptor.open(path, .readWrite, permissions: 0o600).truncate(to: 0)
        } catch { throw HTTPError(.localFile, "\(error)") }
    }

    private func run(
        _ configuration: CurlConfiguration, _ request: HTTPRequest, _ url: HTTPURL, in host: Environment,
        onLine: (Subprocess.Stream, [UInt8]) -> Void
    ) throws(HTTPError) -> Subprocess.ExitStatus {
        guard let program = program ?? Programs.find("curl") else {
            throw HTTPError(.missingProgram, "the program curl is not there: apt-get install curl")
        }
        let process = Subprocess(
            program, ["--disable", "--config", "-"], environment: ["LC_ALL": "C"], input: Array(configuration.text.utf8),
            limits: .init(output: Self.maximumHeaders))
        let watch = TransferWatch(request, host)
        let ticker = Ticker(milliseconds: 100) { watch.look() }
        let status: Subprocess.ExitStatus
        do throws(SubprocessError) {
            defer { ticker.stop() }
            status = try process.run(in: watch.environment, onLine: onLine)
        } catch {
            switch error {
            case .cancelled where !host.cancellation.isCancelled: throw tooLarge(url)
            case .cancelled: throw HTTPError(.cancelled, "the request to \(url.origin) was cancelled")
            case .notStarted: throw HTTPError(.missingProgram, "\(error)")
            default: throw HTTPError(.other, "\(error)")
            }
        }
        // Small answers are whole before anybody looked.
        if watch.isOverLimit { throw tooLarge(url) }
        return status
    }

    private func tooLarge(_ url: HTTPURL) -> HTTPError { HTTPError(.tooLarge, "\(url) is larger than the limit") }

    /// The headers of the last answer: those of interim ones (`100 Continue`) stand before it. Of equal names the last one counts.
    private static func parse(_ lines: [String]) -> [String: String] {
        var headers: [String: String] = [:]
        for line in lines {
            if line.hasPrefix("HTTP/") {
                headers = [:]
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                let end = value.lastIndex { !$0.isWhitespace }.map { value.index(after: $0) } ?? value.startIndex
                headers[line[..<colon].lowercased()] = String(value[..<end])
            }
        }
        return headers
    }
}

/// Looks at a running transfer: tells how much has come, and ends it where that is too much. curl itself knows a limit only for
/// answers that say their length.
private struct TransferWatch: Sendable {
    /// The caller's, with a cancellation of its own.
    let environment: Environment
    private let outer: Cancellation
    private let output: String
    private let limit: UInt64?
    private let onProgress: (@Sendable (UInt64) -> Void)?

    init(_ request: HTTPRequest, _ host: Environment) {
        var environment = host
        environment.cancellation = Cancellation()
        self.environment = environment
        outer = host.cancellation
        output = request.output
        limit = request.sizeLimit
        onProgress = request.onProgress
    }

    private var size: UInt64 { (try? Files.status(output)).map { UInt64($0.size) } ?? 0 }

    var isOverLimit: Bool { limit.map { size > $0 } ?? false }

    func look() {
        if outer.isCancelled || isOverLimit { environment.cancellation.cancel() }
        onProgress?(size)
    }
}
