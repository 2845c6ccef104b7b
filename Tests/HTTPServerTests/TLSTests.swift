import HTTPServer
import Platform
import Synchronization
import TLS
import TestSupport
import Testing

@Suite(
    .enabled(if: Python.isAvailable, Python.missing), .enabled(if: Shell.has("openssl"), "needs openssl: make setup"),
    .enabled(if: Shell.has("curl"), "needs curl: make setup"))
struct TLSTests {
    /// A server for localhost, with `cert.pem` and `key.pem` in the folder that it is given.
    private static func run(
        _ limits: ServerLimits = ServerLimits(), handler: @escaping Server.Handler = { echo($0) },
        _ body: @escaping @Sendable (_ port: UInt16, _ folder: String) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            try certificate(in: folder)
            let files = try IdentityFiles(certificate: "\(folder)/cert.pem", key: "\(folder)/key.pem")
            try withServer(limits, identity: { files.current }, handler: handler) { port, _ in try body(port, folder) }
        }
    }

    private static func certificate(in folder: String, name: String = "localhost") throws {
        try Shell.run(
            """
            umask 077
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout new.key -out new.pem -days 2 \
              -subj "/CN=\(name)" -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" 2>&1
            mv new.pem cert.pem; mv new.key key.pem
            """, in: folder)
    }

    @Test("curl and openssl are answered under TLS 1.2 and 1.3 alone, after they checked the certificate")
    func versions() throws {
        try Self.run { port, folder in
            let output = try Shell.run(
                """
                url=https://localhost:\(port)
                for v in 1.2 1.3; do curl -sS --cacert cert.pem --tlsv$v --tls-max $v -d body "$url/a?b=c"; echo; done
                curl -s "$url/" || echo "unknown authority $?"
                try() {
                  printf 'GET /x HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' |
                    timeout 20 openssl s_client -connect localhost:\(port) -CAfile cert.pem -ign_eof "$@" 2>&1 |
                    grep -aE 'GET /x|Verify return code|alert|no protocols|Renegotiation IS|Session-ID: .|NULL' | sort -u
                }
                for v in tls1_2 tls1_3; do echo "$v:"; try -$v; done
                for v in tls1 tls1_1; do echo "$v:"; try -$v -cipher 'ALL:@SECLEVEL=0' | grep -c 'GET /x' || true; done
                echo cbc:; try -tls1_2 -cipher 'ECDHE-ECDSA-AES128-SHA' | grep -o 'handshake failure'
                """, in: folder)
            #expect(output.hasPrefix("POST /a [b=c] body\nPOST /a [b=c] body\nunknown authority 60\n"))
            #expect(output.split(separator: "\n").count { $0.hasPrefix("GET /x []") } == 2)
            #expect(output.contains("tls1:\n0\ntls1_1:\n0\ncbc:\nhandshake failure"))
        }
    }

    @Test("large bodies go both ways, requests come in any pieces, and connections stay open")
    func bodies() throws {
        let answer = [UInt8](repeating: 0x61, count: 5 << 20)
        try Self.run(handler: { request in
            var response = Response(200, body: request.body.isEmpty ? answer : request.body)
            if request.path == "/pieces" { response.pieces = [Response.Piece(count: answer.count) { answer }] }
            return response
        }) { port, folder in
            let output = try Self.client(
                port, folder,
                """
                s = secure(); s.sendall(GET); print(len(one(s)) > 5 << 20)
                body = bytes(range(256)) * 8192
                s.sendall(b"POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
                print(one(s).endswith(body))
                for n in range(len(GET)): s.sendall(GET[n:n + 1])
                print(one(s).startswith(b"HTTP/1.1 200"))
                s.sendall(GET); s.sendall(GET); print(len(one(s)) == len(one(s)) > 5 << 20)
                s.sendall(GET.replace(b"/a", b"/pieces")); print(len(one(s)) > 10 << 20)
                t = secure(); t.sendall(LAST); data, closed = rest(t); print(data.startswith(b"HTTP/1.1 200"), closed)
                """)
            #expect(output == "True\nTrue\nTrue\nTrue\nTrue\nTrue True\n")
        }
    }

    @Test(
        "connections together hold so much of handshakes and records that are not whole and no more, and others are served all the while"
    )
    func pending() throws {
        var limits = ServerLimits()
        limits.pending = 100_000
        limits.uncounted = 4_000
        try Self.run(limits) { port, folder in
            let output = try Self.client(
                port, folder,
                """
                import select
                def cut(held):
                    gone = 0
                    for s in select.select(held, [], [], 10)[0]:
                        try: gone += s.recv(1) == b""
                        except ConnectionError: gone += 1
                    return gone
                # A record of a ClientHello of 16 KiB, of which the end never comes.
                hello = b"\\x16\\x03\\x01\\x40\\x00\\x01\\x00\\x3f\\xfc" + b"\\x03\\x03" + b"a" * 14000
                held = [dial() for _ in range(12)]
                for s in held: s.sendall(hello)
                gone = cut(held); print(0 < gone <= 4)
                t = secure(); t.sendall(GET); print(b"200 OK" in one(t))
                for s in held: s.close()
                # After the handshake: a record of application data of which the end never comes.
                held = [secure() for _ in range(12)]
                raw = [s.detach() for s in held]; held = [socket.socket(fileno=n) for n in raw]
                for s in held: s.sendall(b"\\x17\\x03\\x03\\x40\\x00" + b"a" * 14000)
                ready = select.select(held, [], [], 10)[0]; print(0 < len(ready) <= 6)
                for s in held: s.close()
                print(any(b"200 OK" in one(u) for u in (secure() for _ in range(200)) if not u.sendall(b"POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 60000\\r\\n\\r\\n" + b"b" * 60000)))
                """)
            #expect(output == "True\nTrue\nTrue\nTrue\n")
        }
    }

    @Test("what is no TLS is told so or cut off, at every length and with every bit changed, and the server goes on")
    func garbage() throws {
        try Self.run { port, folder in
            let output = try Self.client(
                port, folder,
                """
                import random
                data, closed = ask(GET); print(data.split(b"\\r\\n")[0].decode(), b"https" in data, closed)
                print(ask(b"\\x00" * 5000)[1], ask(b"\\x16\\x03\\x01\\xff\\xff" + b"\\x00" * 20000)[1], ask(b"\\x80\\x2e\\x01\\x00\\x02" + b"a" * 200)[1])
                memory = ssl.MemoryBIO(); out = ssl.MemoryBIO()
                half = context.wrap_bio(memory, out, server_hostname="localhost")
                try: half.do_handshake()
                except ssl.SSLWantReadError: pass
                hello = out.read()
                random.seed(7)
                for n in range(300):
                    changed = bytearray(hello)
                    if n % 3: changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
                    else: del changed[random.randrange(len(changed)):]
                    s = dial(); s.sendall(bytes(changed)); s.shutdown(socket.SHUT_WR); rest(s, 5); s.close()
                # Within a session: records that nobody encrypted.
                s = secure(); s.sendall(GET); one(s); raw = s.detach(); r = socket.socket(fileno=raw)
                r.sendall(b"\\x17\\x03\\x03\\x00\\x20" + b"x" * 32); print(rest(r)[1])
                s = secure(); s.sendall(GET); print(b"200 OK" in one(s))
                """)
            #expect(output == "HTTP/1.1 400 Bad Request True True\nTrue True True\nTrue\nTrue\n")
        }
    }

    @Test("handshakes that do not go on cost no thread, are cut off in time, and keep no honest request waiting")
    func slow() throws {
        var limits = ServerLimits()
        limits.threads = 2
        limits.headTime = 1_500_000_000
        try Self.run(limits) { port, folder in
            let output = try Self.client(
                port, folder,
                """
                def median():
                    times = []
                    for n in range(21):
                        start = time.perf_counter(); s = secure(); s.sendall(GET); one(s); s.close()
                        times.append(time.perf_counter() - start)
                    return sorted(times)[10]
                alone = median(); start = time.perf_counter()
                waiting = [dial() for _ in range(200)]
                for s in waiting[:100]: s.sendall(b"\\x16\\x03\\x01")
                print(median() < 20 * alone + 0.2)
                print(all(rest(s)[1] for s in waiting), time.perf_counter() - start < 15)
                """)
            #expect(output == "True\nTrue True\n")
        }
    }

    @Test("a new certificate is shown as soon as its files are there, and half of one is not")
    func reload() throws {
        try Self.run { port, folder in
            let subject = "openssl s_client -connect localhost:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject"
            #expect(try Shell.run(subject, in: folder) == "subject=CN = localhost\n")
            try Shell.run("cp key.pem old.key", in: folder)
            try Self.certificate(in: folder, name: "renewed")
            #expect(try Shell.run(subject, in: folder) == "subject=CN = renewed\n")
            try Shell.run("mv old.key key.pem", in: folder)
            #expect(try Shell.run(subject, in: folder) == "subject=CN = renewed\n")
        }
    }

    @Test("keys that others may read, of other certificates or behind a password, and weak ones, are not taken")
    func identities() throws {
        try withTemporaryFolder { folder in
            try Self.certificate(in: folder)
            try Shell.run(
                """
                umask 077
                cp key.pem open.key; chmod 0644 open.key
                openssl genpkey -algorithm ed25519 -out other.key
                openssl pkey -in key.pem -aes256 -passout pass:x -out locked.key
                openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.pem -days 2 -subj /CN=x 2>/dev/null
                : > empty.pem
                """, in: folder)
            func problem(_ certificate: String, _ key: String) -> String {
                do throws(IdentityFiles.Problem) {
                    _ = try IdentityFiles(certificate: "\(folder)/\(certificate)", key: "\(folder)/\(key)")
                    return "none"
                } catch {
                    switch error {
                    case .certificate: return "certificate"
                    case .key(.exposed): return "exposed"
                    case .key: return "key"
                    case .identity(let problem): return "\(problem)"
                    }
                }
            }
            #expect(problem("cert.pem", "key.pem") == "none")
            #expect(problem("cert.pem", "open.key") == "exposed")
            #expect(problem("cert.pem", "other.key") == "mismatch")
            #expect(problem("cert.pem", "locked.key") == "key")
            #expect(problem("cert.pem", "none.key") == "key")
            #expect(problem("none.pem", "key.pem") == "certificate")
            #expect(problem("empty.pem", "key.pem") == "chain")
            #expect(problem("weak.pem", "weak.key") == "weak")
        }
    }

    private static func client(_ port: UInt16, _ folder: String, _ script: String) throws -> String {
        try HTTPServerTests.client(
            port,
            """
            import ssl
            context = ssl.create_default_context(cafile="\(folder)/cert.pem")
            def secure(): return context.wrap_socket(dial(), server_hostname="localhost")
            \(script)
            """)
    }
}
