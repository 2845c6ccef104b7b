import HTTPServer
import Synchronization
import TestSupport
import Testing

@Suite(.enabled(if: Python.isAvailable, Python.missing)) struct RequestTests {
    @Test("several requests on one connection are answered in turn, however they are cut into pieces")
    func pieces() throws {
        try withServer { port, _ in
            let output = try client(
                port,
                """
                raw = GET + b"POST /p HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 5\\r\\n\\r\\nhello" + LAST
                for size in (1, 2, 3, 7, 50, len(raw)):
                    s = dial()
                    for i in range(0, len(raw), size): s.sendall(raw[i:i + size])
                    data, closed = rest(s)
                    print(data.count(b"200 OK"), b"GET /a [b=c] " in data, b"POST /p [] hello" in data, data.endswith(b"GET /last [] "), closed)
                """)
            #expect(output == String(repeating: "3 True True True True\n", count: 6))
        }
    }

    /// What a proxy in front might read in another way, and what is no HTTP at all.
    static let refused: [(name: String, raw: String, status: Int)] = [
        (
            "length and chunks",
            #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n""#, 411
        ),
        ("chunks", #"b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n""#, 411),
        ("unknown coding", #"b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n""#, 411),
        ("two lengths", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!""#, 400),
        ("two equal lengths", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello""#, 400),
        ("list of lengths", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello""#, 400),
        ("signed length", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello""#, 400),
        ("negative length", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nhello""#, 400),
        ("hexadecimal length", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\nhello""#, 400),
        ("endless length", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nhello""#, 400),
        ("bare LF", #"b"POST / HTTP/1.1\nHost: x\nContent-Length: 0\n\n""#, 400),
        ("one bare LF", #"b"POST / HTTP/1.1\r\nHost: x\nContent-Length: 0\r\n\r\n""#, 400),
        ("bare CR", #"b"POST / HTTP/1.1\r\nHost: x\rContent-Length: 5\r\n\r\n""#, 400),
        ("folded field", #"b"POST / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n""#, 400),
        ("folded first field", #"b"POST / HTTP/1.1\r\n Host: x\r\n\r\n""#, 400),
        ("blank before a colon", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello""#, 400),
        ("no name", #"b"POST / HTTP/1.1\r\nHost: x\r\n: 5\r\n\r\n""#, 400),
        ("NUL in a value", #"b"POST / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n""#, 400),
        ("no Host", #"b"GET / HTTP/1.1\r\n\r\n""#, 400),
        ("two Hosts", #"b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n""#, 400),
        ("whole URL", #"b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n""#, 400),
        ("blank in the target", #"b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n""#, 400),
        ("control in the target", #"b"GET /a\x01 HTTP/1.1\r\nHost: x\r\n\r\n""#, 400),
        ("small method", #"b"get / HTTP/1.1\r\nHost: x\r\n\r\n""#, 400),
        ("HTTP/1.0", #"b"GET / HTTP/1.0\r\nHost: x\r\n\r\n""#, 505),
        ("HTTP/0.9", #"b"GET /\r\n\r\n""#, 400),
        ("TLS", #"bytes([22, 3, 1, 2, 0, 1, 0, 1, 252])"#, 400),
        ("long target", #"b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n""#, 414),
        ("long target without end", #"b"GET /" + b"a" * 20000"#, 414),
        ("many fields", #"b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200 + b"\r\n""#, 431),
        ("large head", #"b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 70000"#, 431),
        ("large body", #"b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4194305\r\n\r\n""#, 413),
        ("unknown expectation", #"b"POST / HTTP/1.1\r\nHost: x\r\nExpect: coffee\r\n\r\n""#, 400),
    ]

    @Test("what two readers could understand in two ways is refused, and the connection closed")
    func refusals() throws {
        try withServer { port, _ in
            let lines = Self.refused.map {
                "print(*(lambda r: (r[0].count(b'HTTP/1.1 '), r[0][9:12].decode(), r[1]))(ask(\($0.raw) + LAST)))"
            }
            let output = try client(port, lines.joined(separator: "\n")).split(separator: "\n")
            for (line, request) in zip(output, Self.refused) {
                #expect(line == "1 \(request.status) True", "\(request.name)")
            }
            #expect(output.count == Self.refused.count)
        }
    }

    @Test("a client that waits to be asked for its body is asked")
    func expectation() throws {
        try withServer { port, _ in
            let output = try client(
                port,
                """
                s = dial(); s.sendall(b"POST /p HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 5\\r\\nExpect: 100-continue\\r\\n\\r\\n")
                print(s.recv(100)); s.sendall(b"hello"); print(b"POST /p [] hello" in one(s))
                """)
            #expect(output == "b'HTTP/1.1 100 Continue\\r\\n\\r\\n'\nTrue\n")
        }
    }

    @Test("a body in pieces is sent in their order under one length, and each is made only when it is its turn")
    func bodyInPieces() throws {
        let made = Mutex<[Int]>([])
        try withServer(handler: { request in
            if request.path == "/made" { return Response(200, body: Array("\(made.withLock { $0 })".utf8)) }
            var response = Response(200, body: Array("end".utf8))
            response.pieces = (0..<3).map { number in
                Response.Piece(count: 100_000) {
                    made.withLock { $0.append(number) }
                    return [UInt8](repeating: UInt8(ascii: "0") + UInt8(number), count: 100_000)
                }
            }
            return response
        }) { port, _ in
            let output = try client(
                port,
                """
                s = dial()
                s.sendall(GET.replace(b"GET", b"HEAD")); head = s.recv(65536)
                print(b"Content-Length: 300003" in head, head.endswith(b"\\r\\n\\r\\n"))
                s.sendall(b"GET /made HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"); print(one(s).endswith(b"[]"))
                s.sendall(GET + b"GET /made HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n" + LAST)
                data, closed = rest(s)
                body = b"0" * 100000 + b"1" * 100000 + b"2" * 100000 + b"end"
                head, _, tail = data.partition(b"\\r\\n\\r\\n")
                print(tail.startswith(body + b"HTTP/1.1 200"), b"[0, 1, 2]HTTP/1.1 200" in tail, tail.endswith(body), closed)
                """)
            #expect(output == "True True\nTrue\nTrue True True True\n")
        }
    }

    @Test(
        "a piece that cannot be made, or is not as long as was promised, ends the connection before the answer is whole",
        arguments: [nil, 99, 101])
    func brokenPiece(count: Int?) throws {
        try withServer(handler: { _ in
            var response = Response(200, body: Array("end".utf8))
            response.pieces = [
                Response.Piece(count: 100) { [UInt8](repeating: 0x61, count: 100) },
                Response.Piece(count: 100) { count.map { [UInt8](repeating: 0x62, count: $0) } },
            ]
            return response
        }) { port, _ in
            let output = try client(
                port,
                """
                data, closed = ask(GET + GET)
                print(data.count(b"HTTP/1.1 200"), data.endswith(b"a" * 100), b"b" * 9 in data, closed)
                """)
            #expect(output == "1 True False True\n")
        }
    }

    @Test("changed bytes never stop the server")
    func mutations() throws {
        try withServer { port, _ in
            let output = try client(
                port,
                """
                import random
                random.seed(11)
                base = b"POST /p?q=1 HTTP/1.1\\r\\nHost: x\\r\\nContent-Type: text/plain\\r\\nContent-Length: 5\\r\\n\\r\\nhello"
                odd = 0
                for n in range(1500):
                    raw = bytearray(base)
                    for _ in range(random.randrange(1, 4)):
                        i = random.randrange(len(raw)); raw[i] = random.choice([random.randrange(256), 10, 13, 32, 58, 48])
                    s = dial(); s.sendall(bytes(raw)); s.shutdown(socket.SHUT_WR)
                    data, closed = rest(s)
                    if not closed or (data and not data.startswith(b"HTTP/1.1 ")): odd += 1
                print(odd, ask(LAST)[0].endswith(b"GET /last [] "))
                """)
            #expect(output == "0 True\n")
        }
    }
}
