import HTTPServer
import Platform
import TestSupport

/// Runs a server on a free port while `body` works, and waits for its end. It answers with what was asked: method, path, query and body.
func withServer(
    _ limits: ServerLimits = ServerLimits(), identity: Server.Identity? = nil, handler: @escaping Server.Handler = { echo($0) },
    _ body: @escaping @Sendable (_ port: UInt16, _ stop: @escaping @Sendable () -> Void) throws -> Void
) throws {
    let cancellation = Cancellation()
    var limits = limits
    limits.sweepInterval = 20_000_000
    let server = try Server(
        port: 0, limits: limits, environment: .system(cancellation: cancellation), identity: identity, handler: handler)
    try together(
        {
            defer { cancellation.cancel() }
            try body(server.port) { cancellation.cancel() }
        },
        { server.run() })
}

@Sendable func echo(_ request: Request) -> Response {
    let text = "\(request.method) \(request.path) [\(request.query)] " + String(decoding: request.body, as: UTF8.self)
    return Response(200, body: Array(text.utf8))
}

/// Runs a script that knows `port` and a few words for raw connections: `ask(bytes)` sends and reads until the server closes or is silent.
func client(_ port: UInt16, _ script: String) throws -> String {
    try Python.run(
        """
        import socket, time, threading, sys
        port = \(port)
        def dial(): return socket.create_connection(("127.0.0.1", port), 10)
        def rest(s, quiet=10):
            s.settimeout(quiet); data = b""
            try:
                while True:
                    piece = s.recv(65536)
                    if not piece: return data, True
                    data += piece
            except TimeoutError: return data, False
            except ConnectionError: return data, True
        def ask(raw, quiet=10):
            s = dial(); s.sendall(raw); return rest(s, quiet)
        def one(s):
            data = b""
            while b"\\r\\n\\r\\n" not in data:
                piece = s.recv(65536)
                if not piece: return data
                data += piece
            head, _, body = data.partition(b"\\r\\n\\r\\n")
            length = int([l for l in head.lower().split(b"\\r\\n") if l.startswith(b"content-length:")][0].split(b":")[1])
            while len(body) < length: body += s.recv(65536)
            return head + b"\\r\\n\\r\\n" + body
        GET = b"GET /a?b=c HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
        LAST = b"GET /last HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n"
        \(script.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n"))
        """)
}
