import Components
import HTTP
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct `Downloads from the web` {
    private static let source = "https://example.com/dir/tool.tar?token=secret"
    /// Of "hello\n".
    private static let sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

    @Test func `makes the file and the folders above it, and outputs its path`() throws {
        let fixture = try TransferFixture(answers: .ok("hello\n"))
        let outputs = try fixture.run(WebDownload.self, ["source": Self.source, "destination": "/a/b/c"])
        #expect(outputs == ["destination": "/a/b/c"])
        #expect(try fixture.text("/a/b/c") == "hello\n")
        #expect(try fixture.editor.node(at: "/a/b/c")?.metadata == Metadata(mode: 0o644, modified: fixture.editor.date))
        let request = try #require(fixture.requests.first)
        #expect(request.url.text == Self.source && request.followsRedirects && !request.ignoresCertificates)
        #expect(!fixture.printed.joined().contains("secret"))
    }

    @Test func `a destination with a slash at its end is a folder, and the address gives the name`() throws {
        let fixture = try TransferFixture(answers: .ok("1"))
        #expect(
            try fixture.run(WebDownload.self, ["source": Self.source, "destination": "/new/"]) == ["destination": "/new/tool.tar"]
        )
        let nameless = ["source": "https://example.com/dir/", "destination": "/new/"]
        #expect(try fixture.failure(WebDownload.self, nameless).code == .invalid)
        let dots = ["source": "https://example.com/..", "destination": "/new/"]
        #expect(try fixture.failure(WebDownload.self, dots).code == .invalid)
    }

    @Test func `a destination that is a folder is refused, and so is an empty one`() throws {
        let fixture = try TransferFixture(answers: [])
        #expect(try fixture.failure(WebDownload.self, ["source": Self.source, "destination": "/opt"]).code == .conflict)
        #expect(try fixture.failure(WebDownload.self, ["source": Self.source, "destination": ""]).code == .invalid)
        #expect(fixture.requests.isEmpty)
    }

    @Test func `replaces a file, which keeps its mode and loses its capabilities`() throws {
        let fixture = try TransferFixture(answers: .ok("new"))
        let capability = Metadata.Attribute(name: Array("security.capability".utf8), value: [1])
        try fixture.editor.write("old", to: "/opt/f", metadata: Metadata(mode: 0o755, attributes: [capability]))
        try fixture.run(WebDownload.self, ["source": Self.source, "destination": "/opt/f"])
        #expect(try fixture.text("/opt/f") == "new")
        let metadata = try #require(try fixture.editor.node(at: "/opt/f")?.metadata)
        #expect(metadata.mode == 0o755 && metadata.attributes.isEmpty)
    }

    @Test func `follows links in the image, and none out of it`() throws {
        let fixture = try TransferFixture(answers: .ok("1"))
        try fixture.editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("/opt".utf8))), at: "/link")
        try fixture.run(WebDownload.self, ["source": Self.source, "destination": "/link/f"])
        #expect(try fixture.text("/opt/f") == "1")
        try fixture.editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("../../etc".utf8))), at: "/out")
        #expect(try fixture.failure(WebDownload.self, ["source": Self.source, "destination": "/out/f"]).code == .invalid)
    }

    @Test func `without overwrite a file that is there stays`() throws {
        let fixture = try TransferFixture(answers: [])
        try fixture.editor.write("old", to: "/opt/f")
        let failure = try fixture.failure(
            WebDownload.self, ["source": Self.source, "destination": "/opt/f", "overwrite": "False"])
        #expect(failure.code == .conflict && failure.message.contains("\"overwrite\" property"))
        #expect(try fixture.text("/opt/f") == "old")
        #expect(fixture.requests.isEmpty)
    }

    @Test(
        arguments: [
            ("MD5", "b1946ac92492d2347c6235b4d2611184"), ("sha1", "f572d396fae9206628714fb2ce00f72e94f2258f"), ("SHA256", sha256),
            (
                "SHA512",
                "E7C22B994C59D9CF2B48E549B1E24666636045930D3DA7C1ACB299D1C3B7F931F94AAE41EDDA2C2B207A36E10F8BCB8D45223E54878F5B316E7CE3B6BC019629"
            ),
        ])
    func `checks what it got`(_ algorithm: String, _ checksum: String) throws {
        let fields = ["source": Self.source, "destination": "/opt/f", "algorithm": algorithm, "checksum": checksum]
        let good = try TransferFixture(answers: .ok("hello\n"))
        try good.run(WebDownload.self, fields)
        let bad = try TransferFixture(answers: .ok("hello!"))
        #expect(try bad.failure(WebDownload.self, fields).code == .failed)
        #expect(try bad.text("/opt/f") == nil)
        #expect(bad.requests.count == 1)
    }

    @Test func `a file that matches the checksum already is not fetched, one that does not is`() throws {
        let fixture = try TransferFixture(answers: .ok("hello\n"))
        try fixture.editor.write("other", to: "/opt/f")
        let fields = ["source": Self.source, "destination": "/opt/f", "algorithm": "SHA256", "checksum": Self.sha256]
        try fixture.run(WebDownload.self, fields)
        #expect(try fixture.run(WebDownload.self, fields) == ["destination": "/opt/f"])
        #expect(fixture.requests.count == 1)
    }

    @Test(arguments: [["algorithm": "SHA3", "checksum": sha256], ["algorithm": "MD5", "checksum": sha256]])
    func `a checksum that the algorithm cannot give is refused before anything is fetched`(_ more: [String: String]) throws {
        let fixture = try TransferFixture(answers: [])
        let fields = ["source": Self.source, "destination": "/opt/f"].merging(more) { $1 }
        #expect(try fixture.failure(WebDownload.self, fields).code == .invalid)
        #expect(fixture.requests.isEmpty)
        #expect(WebDownload.inputRules == [.together(["checksum", "algorithm"])])
    }

    // MARK: Attempts

    @Test func `tries five times, and waits twice as long each time`() throws {
        let busy = ScriptedHTTP.Answer.status(503, [:], "busy")
        let broken = ScriptedHTTP.Answer.error(HTTPError(.interrupted, "the connection broke"))
        let lucky = try TransferFixture(answers: [busy, broken, busy, broken] + .ok("1"))
        try lucky.run(WebDownload.self, ["source": Self.source, "destination": "/opt/f"])
        #expect(try lucky.text("/opt/f") == "1")
        #expect(lucky.waits.seconds == [1, 2, 4, 8])
        let unlucky = try TransferFixture(answers: [busy, broken, busy, broken, busy] + .ok("1"))
        let failure = try unlucky.failure(WebDownload.self, ["source": Self.source, "destination": "/opt/f"])
        #expect(failure.code == .unavailable)
        #expect(
            failure.message
                == "WebDownload: cannot download https://example.com/dir/tool.tar: the server answered 503 Service Unavailable, after 5 attempts"
        )
        #expect(try unlucky.text("/opt/f") == nil)
    }

    @Test(arguments: [
        (404, Failure.Code.notFound), (403, .denied), (204, .failed), (206, .failed), (304, .failed), (400, .failed),
    ])
    func `takes nothing but 200, and does not ask again where that is of no use`(_ status: Int, _ code: Failure.Code) throws {
        let fixture = try TransferFixture(answers: [.status(status, [:], "x")] + .ok("1"))
        #expect(try fixture.failure(WebDownload.self, ["source": Self.source, "destination": "/opt/f"]).code == code)
        #expect(fixture.requests.count == 1 && fixture.waits.seconds.isEmpty)
        #expect(try fixture.text("/opt/f") == nil)
    }

    @Test(arguments: [HTTPError.Kind.certificate, .refusedAddress, .missingProgram, .tooLarge])
    func `does not try again what cannot succeed`(_ kind: HTTPError.Kind) throws {
        let fixture = try TransferFixture(answers: [.error(HTTPError(kind, "no"))] + .ok("1"))
        _ = try fixture.failure(WebDownload.self, ["source": Self.source, "destination": "/opt/f"])
        #expect(fixture.requests.count == 1)
    }

    @Test func `does not wait longer than the step has time`() throws {
        let fixture = try TransferFixture(answers: [.status(503, [:], ""), .status(503, [:], "")] + .ok("1"))
        fixture.timeLeft = 1_500_000_000
        _ = try fixture.failure(WebDownload.self, ["source": Self.source, "destination": "/opt/f"])
        // The test's clock of durations does not go on while it waits: it is the second wait that is too long.
        #expect(fixture.waits.seconds == [1])
        #expect(fixture.requests.allSatisfy { ($0.timeLimit ?? .max) < 1_500_000_000 })
    }

    @Test func `ends when the run is cancelled`() throws {
        let fixture = try TransferFixture(answers: [.status(503, [:], "")] + .ok("1"))
        fixture.world.onWait { [world = fixture.world] _ in world.cancellation.cancel() }
        fixture.world.cancellation.cancel()
        #expect(try fixture.failure(WebDownload.self, ["source": Self.source, "destination": "/opt/f"]).code == .cancelled)
        #expect(fixture.requests.count == 1)
    }

    // MARK: A real server

    @Test(.enabled(if: Shell.has("curl") && Python.isAvailable, "needs curl and python3: apt-get install curl python3"))
    func `fetches through redirects and failures from a real server that the test allows`() throws {
        try WebServer.run { server in
            let fixture = try TransferFixture(Curl())
            fixture.policy = .outside.allowing(try HTTPURL(parsing: server.url("/")))
            try fixture.run(WebDownload.self, ["source": server.url("/redirect?/flaky/2"), "destination": "/opt/f"])
            #expect(try fixture.text("/opt/f") == "hello\n")
            #expect(fixture.waits.seconds == [1, 2])
        }
    }

    @Test(.enabled(if: Shell.has("curl") && Python.isAvailable, "needs curl and python3: apt-get install curl python3"))
    func `does not reach the services of this machine`() throws {
        try WebServer.run { server in
            let fixture = try TransferFixture(Curl())
            for source in [
                server.url("/file"), "http://localhost:\(server.port)/file", "http://169.254.169.254/latest/meta-data/",
            ] {
                let failure = try fixture.failure(WebDownload.self, ["source": source, "destination": "/opt/f"])
                #expect(failure.code == .denied)
            }
            #expect(try server.requests.isEmpty)
        }
    }
}
