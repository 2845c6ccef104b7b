import HTTP
import Platform
import Synchronization
import TestSupport
import Testing

@Suite(.enabled(if: Shell.has("curl") && Python.isAvailable, "needs curl and python3: apt-get install curl python3"))
struct `Requests by curl` {
    /// Requests to the server of the test, which is on loopback.
    private static func request(_ server: WebServer, _ path: String, _ folder: String) throws -> HTTPRequest {
        let url = try HTTPURL(parsing: server.url(path))
        return HTTPRequest(.get, url, output: folder + "/output", policy: .outside.allowing(url))
    }

    private static func inServer(
        certificate: String? = nil, _ body: @escaping @Sendable (_ server: WebServer, _ folder: String) throws -> Void
    ) throws {
        try WebServer.run(certificate: certificate) { server in try withTemporaryFolder { try body(server, $0) } }
    }

    private static func text(_ folder: String) throws -> String {
        String(decoding: try Files.read(folder + "/output"), as: UTF8.self)
    }

    @Test func `put the body into a file, and give status and headers`() throws {
        try Self.inServer { server, folder in
            let request = try Self.request(server, "/file?token=secret", folder)
            try FileDescriptor.open(request.output, .create).write(Array("older and longer contents".utf8))
            let response = try Curl().send(request, in: .system())
            #expect(response.status == 200)
            #expect(response.headers["content-length"] == "6")
            #expect(try Self.text(folder) == "hello\n")
            #expect(try server.requests == ["GET /file?token=secret"])
        }
    }

    @Test func `take an error status for an answer`() throws {
        try Self.inServer { server, folder in
            let response = try Curl().send(try Self.request(server, "/status/404", folder), in: .system())
            #expect(response.statusText == "404 Not Found")
            #expect(!response.isTransient)
            #expect(try Self.text(folder).hasPrefix("a page"))
        }
    }

    @Test func `send a file`() throws {
        try Self.inServer { server, folder in
            var request = try Self.request(server, "/put", folder)
            request.method = .put
            request.body = folder + "/body"
            try FileDescriptor.open(folder + "/body", .create).write([UInt8](repeating: 7, count: 100_000))
            #expect(try Curl().send(request, in: .system()).status == 200)
            #expect(try server.requests == ["PUT /put 100000 -"])
        }
    }

    @Test func `keep headers and keys off the command line, and quote them`() throws {
        try Self.inServer { server, folder in
            // Stands in for curl: notes its command line and its environment, then is curl.
            let program = folder + "/curl"
            let script = "#!/bin/sh\n/usr/bin/env > \(folder)/env\necho \"$@\" > \(folder)/arguments\nexec curl \"$@\"\n"
            try FileDescriptor.open(program, .create, permissions: 0o755).write(Array(script.utf8))
            var request = try Self.request(server, "/headers", folder)
            request.headers = [.init("X-Secret", #"a "quoted" \ #secret"#)]
            request.signing = AWSSignature(
                accessKeyID: "AKID", secretAccessKey: "topsecret", sessionToken: "tokensecret", region: "eu-west-1", service: "s3"
            )
            #expect(try Curl(program: program).send(request, in: .system()).status == 200)
            let body = try Self.text(folder)
            #expect(body.contains(#"X-Secret: a "quoted" \ #secret"#))
            #expect(body.contains("Authorization: AWS4-HMAC-SHA256 Credential=AKID/"))
            #expect(!body.contains("topsecret"))
            let seen = try Files.read(folder + "/arguments") + Files.read(folder + "/env")
            #expect(!String(decoding: seen, as: UTF8.self).contains("secret"))
        }
    }

    @Test(arguments: ["a\nurl = \"http://evil.example/\"", "a\r\nX-Other: b", "a\0b"])
    func `refuse a header that would be more than one`(_ value: String) throws {
        var request = HTTPRequest(.get, try HTTPURL(parsing: "http://192.0.2.1/"), output: "/nowhere")
        request.headers = [.init("X-Name", value)]
        #expect { try Curl().send(request, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .badAddress }
    }

    // MARK: Redirects

    @Test func `follow redirects, and say where the answer came from`() throws {
        try Self.inServer { server, folder in
            var request = try Self.request(server, "/redirect?/redirect?/file", folder)
            #expect(try Curl().send(request, in: .system()).status == 302)
            request.followsRedirects = true
            let response = try Curl().send(request, in: .system())
            #expect(response.status == 200)
            #expect(response.url.path == "/file")
            #expect(try Self.text(folder) == "hello\n")
        }
    }

    @Test func `end a circle of redirects`() throws {
        try Self.inServer { server, folder in
            var request = try Self.request(server, "/loop", folder)
            request.followsRedirects = true
            #expect { try Curl().send(request, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .redirects }
            #expect(try server.requests.count == Curl.maximumRedirects + 1)
        }
    }

    @Test(arguments: ["http://169.254.169.254/latest/meta-data/", "http://[::1]:1/", "http://localhost:1/", "http://0x7f.1:1/"])
    func `do not follow a redirect to where requests may not go`(_ target: String) throws {
        try Self.inServer { server, folder in
            var request = try Self.request(server, "/redirect?\(target)", folder)
            request.followsRedirects = true
            #expect { try Curl().send(request, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .refusedAddress }
        }
    }

    @Test func `do not follow a redirect to a file`() throws {
        try Self.inServer { server, folder in
            var request = try Self.request(server, "/redirect?file:///etc/passwd", folder)
            request.followsRedirects = true
            #expect { try Curl().send(request, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .badAddress }
        }
    }

    @Test func `send headers and keys to the first origin only`() throws {
        try Self.inServer { server, folder in
            let other = try HTTPURL(parsing: "http://other.example:\(server.port)/headers")
            var request = try Self.request(server, "/redirect?\(other.text)", folder)
            request.policy = request.policy.allowing(other)
            request.headers = [.init("Authorization", "secret")]
            request.followsRedirects = true
            let curl = Curl(lookup: { _ in [.v4([127, 0, 0, 1])] })
            #expect(try curl.send(request, in: .system()).url == other)
            #expect(try !Self.text(folder).contains("secret"))
            request.url = try HTTPURL(parsing: server.url("/headers"))
            _ = try curl.send(request, in: .system())
            #expect(try Self.text(folder).contains("secret"))
        }
    }

    // MARK: Addresses

    @Test func `go to the address that was checked, whatever the name means a moment later`() throws {
        try Self.inServer { server, folder in
            let url = try HTTPURL(parsing: "http://rebound.example:\(server.port)/headers")
            let lookups = Mutex(0)
            let curl = Curl(lookup: { _ in
                lookups.withLock { $0 += 1 }
                return [.v4([127, 0, 0, 1])]
            })
            let request = HTTPRequest(.get, url, output: folder + "/output", policy: .outside.allowing(url))
            #expect(try curl.send(request, in: .system()).status == 200)
            #expect(lookups.withLock { $0 } == 1)
            #expect(try Self.text(folder).contains("Host: rebound.example:\(server.port)"))
        }
    }

    @Test func `refuse a name with one good and one bad address, and nothing is sent`() throws {
        try Self.inServer { server, folder in
            let url = try HTTPURL(parsing: "http://two.example:\(server.port)/file")
            let curl = Curl(lookup: { _ in [.v4([192, 0, 2, 1]), .v4([127, 0, 0, 1])] })
            #expect { try curl.send(HTTPRequest(.get, url, output: folder + "/output"), in: .system()) } throws: { error in
                "\(error)".contains("two.example (127.0.0.1) is a loopback address")
            }
            #expect(try server.requests.isEmpty)
        }
    }

    // MARK: What goes wrong

    @Test func `name a host that is not found, and a server that takes no connection`() throws {
        try withTemporaryFolder { folder in
            let unknown = HTTPRequest(.get, try HTTPURL(parsing: "http://nobody.invalid/"), output: folder + "/output")
            #expect { try Curl().send(unknown, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .hostNotFound }
            let url = try HTTPURL(parsing: "http://127.0.0.1:1/")
            let closed = HTTPRequest(.get, url, output: folder + "/output", policy: .outside.allowing(url))
            #expect { try Curl().send(closed, in: .system()) } throws: { error in
                "\(error)" == "http://127.0.0.1:1 takes no connection"
            }
        }
    }

    @Test func `end at their time limit`() throws {
        try Self.inServer { server, folder in
            var request = try Self.request(server, "/silent", folder)
            request.timeLimit = 300_000_000
            #expect { try Curl().send(request, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .timeout }
        }
    }

    @Test func `see that an answer is cut off`() throws {
        try Self.inServer { server, folder in
            let request = try Self.request(server, "/cut", folder)
            #expect { try Curl().send(request, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .interrupted }
        }
    }

    @Test func `end an answer that is larger than the limit, whether it says its length or not`() throws {
        try Self.inServer { server, folder in
            for path in ["/file", "/endless"] {
                var request = try Self.request(server, path, folder)
                request.sizeLimit = 5
                #expect { try Curl().send(request, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .tooLarge }
            }
        }
    }

    @Test func `tell how much has come, and end when the run is cancelled`() throws {
        try Self.inServer { server, folder in
            let cancellation = Cancellation()
            var request = try Self.request(server, "/endless", folder)
            request.onProgress = { if $0 > 0 { cancellation.cancel() } }
            #expect { try Curl().send(request, in: .system(cancellation: cancellation)) } throws: { error in
                (error as? HTTPError)?.kind == .cancelled
            }
        }
    }

    @Test func `say that curl is missing`() throws {
        try withTemporaryFolder { folder in
            let request = HTTPRequest(.get, try HTTPURL(parsing: "http://192.0.2.1/"), output: folder + "/output")
            #expect { try Curl(program: folder + "/curl").send(request, in: .system()) } throws: { error in
                (error as? HTTPError)?.kind == .missingProgram
            }
        }
    }

    @Test(.enabled(if: Shell.has("openssl"), "needs openssl: apt-get install openssl"))
    func `refuse a certificate that nobody signed, unless it is to be ignored`() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout key -out cert 2>&1 && cat key cert > both",
                in: folder)
            try Self.inServer(certificate: folder + "/both") { server, folder in
                var request = try Self.request(server, "/file", folder)
                #expect { try Curl().send(request, in: .system()) } throws: { error in
                    (error as? HTTPError)?.kind == .certificate && "\(error)".contains("self-signed certificate")
                }
                request.ignoresCertificates = true
                #expect(try Curl().send(request, in: .system()).status == 200)
                #expect(try Self.text(folder) == "hello\n")
            }
        }
    }

    @Test func `do not go from https back to http`() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout key -out cert 2>&1 && cat key cert > both",
                in: folder)
            try Self.inServer(certificate: folder + "/both") { server, folder in
                var request = try Self.request(server, "/redirect?http://192.0.2.1/", folder)
                request.ignoresCertificates = true
                request.followsRedirects = true
                #expect { try Curl().send(request, in: .system()) } throws: { ($0 as? HTTPError)?.kind == .redirects }
            }
        }
    }
}
