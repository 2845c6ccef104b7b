import Platform
import Synchronization
import Testing

/// A web server in Python on a port of 127.0.0.1, as long as a test runs.
///
///     /file            "hello\n"
///     /status/404      that status, with a body
///     /flaky/2         503 twice, then "hello\n"
///     /redirect?URL    302 to the URL;  /loop  302 to itself
///     /silent          takes the request and says nothing
///     /cut             promises 100 bytes and sends 10
///     /endless         sends until the client goes away, without a length
///     /headers         the request's headers, a line each
package struct WebServer: Sendable {
    package let port: Int
    package let scheme: String
    /// The server writes a line here before it answers.
    private let log: String

    package func url(_ path: String) -> String { "\(scheme)://127.0.0.1:\(port)\(path)" }

    /// Method and path of each request, in order.
    package var requests: [String] {
        get throws { String(decoding: try Files.read(log), as: UTF8.self).split(separator: "\n").map(String.init) }
    }

    /// With `certificate`, the paths of a PEM file with key and certificate, it speaks TLS.
    package static func run(certificate: String? = nil, _ body: @escaping @Sendable (WebServer) throws -> Void) throws {
        let scheme = certificate == nil ? "http" : "https"
        try withTemporaryFolder { folder in
            let log = folder + "/log"
            try FileDescriptor.open(log, .create).write([])
            try run(script, [log] + (certificate.map { [$0] } ?? [])) { port in
                try body(WebServer(port: port, scheme: scheme, log: log))
            }
        }
    }

    /// Runs a script of Python whose first line of output is the port it listens on. It is ended when `body` is done.
    package static func run(
        _ script: String, _ arguments: [String] = [], python: String = "python3",
        _ body: @escaping @Sendable (_ port: Int) throws -> Void
    ) throws {
        let port = Mutex<Int?>(nil)
        let ready = try Gate()
        let cancellation = Cancellation()
        let problem = Mutex<String>("")
        try together(
            {
                defer { cancellation.cancel() }
                ready.wait()
                guard let port = port.withLock({ $0 }) else { throw NotStarted(output: problem.withLock { $0 }) }
                try body(port)
            },
            {
                defer { ready.open() }
                guard let program = Programs.find(python) else { return }
                let process = Subprocess(
                    program, ["-u", "-c", script] + arguments,
                    environment: ["PATH": Programs.variable("PATH") ?? "/usr/bin:/bin", "HOME": "/nonexistent"],
                    limits: .init(grace: 200_000_000))
                _ = try? process.run(in: .system(cancellation: cancellation)) { stream, line in
                    let text = String(decoding: line, as: UTF8.self)
                    if stream == .error { problem.withLock { $0 += text + "\n" } }
                    if stream == .output, let number = Int(text) {
                        port.withLock { $0 = number }
                        ready.open()
                    }
                }
            })
    }

    package struct NotStarted: Error { package let output: String }

    private static let script = #"""
        import http.server, ssl, sys, threading
        counts = {}
        log = open(sys.argv[1], "a", buffering=1)
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def answer(self, status, body=b"", headers=()):
                self.send_response(status)
                for name, value in headers: self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_GET(self):
                print(self.command, self.path, file=log)
                path, _, query = self.path.partition("?")
                parts = path.split("/")
                if path == "/headers":
                    self.answer(200, "".join(f"{n}: {v}\n" for n, v in self.headers.items()).encode())
                elif parts[1] == "status": self.answer(int(parts[2]), b"a page that says what is wrong")
                elif parts[1] == "flaky":
                    counts[path] = counts.get(path, 0) + 1
                    if counts[path] <= int(parts[2]): self.answer(503, b"try again")
                    else: self.answer(200, b"hello\n")
                elif path == "/redirect": self.answer(302, headers=[("Location", query)])
                elif path == "/loop": self.answer(302, headers=[("Location", "/loop")])
                elif path == "/silent": threading.Event().wait()
                elif path == "/cut":
                    self.send_response(200); self.send_header("Content-Length", "100"); self.end_headers()
                    self.wfile.write(b"0123456789"); self.close_connection = True
                elif path == "/endless":
                    self.send_response(200); self.send_header("Connection", "close"); self.end_headers()
                    try:
                        while True: self.wfile.write(b"x" * 65536)
                    except OSError: self.close_connection = True
                else: self.answer(200, b"hello\n")
            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                print(self.command, self.path, len(body), self.headers.get("x-amz-content-sha256", "-"), file=log)
                self.answer(200)
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        if len(sys.argv) > 2:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[2])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port)
        server.serve_forever()
        """#
}
