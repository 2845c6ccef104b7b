import Components
import HTTP
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct `S3Download and S3Upload` {
    private static func listing(_ keys: [String], truncated: Bool = false) -> ScriptedHTTP.Answer {
        let contents = keys.map { "<Contents><Key>\($0)</Key></Contents>" }.joined()
        return .status(
            200, [:],
            "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>\(truncated)</IsTruncated>\(contents)</ListBucketResult>")
    }

    // MARK: Requests

    @Test func `ask the region's own address, signed, with the owner that is expected`() throws {
        let fixture = try TransferFixture(answers: .ok("1"))
        try fixture.run(
            S3Download.self,
            ["source": "s3://my-bucket/a b/ü+.txt", "destination": "/opt/", "expectedBucketOwner": "123456789012"])
        let request = try #require(fixture.requests.first)
        #expect(request.url.text == "https://my-bucket.s3.eu-west-1.amazonaws.com/a%20b/%C3%BC%2B.txt")
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(
            request.headers == [.init("x-amz-content-sha256", empty), .init("x-amz-expected-bucket-owner", "123456789012")])
        #expect(request.signing?.accessKeyID == "AKID" && request.signing?.sessionToken == "session")
        #expect(request.signing?.region == "eu-west-1" && !request.followsRedirects)
        #expect(try fixture.text("/opt/ü+.txt") == "1")
        #expect(!fixture.printed.joined().contains("secret"))
    }

    @Test func `put the bucket into the path for an endpoint, and for a bucket with a dot`() throws {
        let fixture = try TransferFixture(answers: .ok("1") + .ok("1"))
        try fixture.run(S3Download.self, ["source": "s3://a.bucket/k", "destination": "/opt/f"])
        fixture.storage.endpoint = "http://127.0.0.1:9000"
        try fixture.run(S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f"])
        #expect(
            fixture.requests.map(\.url.text) == [
                "https://s3.eu-west-1.amazonaws.com/a.bucket/k", "http://127.0.0.1:9000/bucket/k",
            ])
    }

    @Test func `go where the answer says that the bucket is`() throws {
        let elsewhere = ScriptedHTTP.Answer.status(301, ["x-amz-bucket-region": "ap-northeast-2"], "")
        let fixture = try TransferFixture(answers: [elsewhere] + .ok("1"))
        try fixture.run(S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f"])
        #expect(fixture.requests.last?.url.host == "bucket.s3.ap-northeast-2.amazonaws.com")
        #expect(fixture.requests.last?.signing?.region == "ap-northeast-2")
        let hostile = ScriptedHTTP.Answer.status(301, ["x-amz-bucket-region": "evil.example/"], "")
        let refused = try TransferFixture(answers: [hostile] + .ok("1"))
        _ = try refused.failure(S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f"])
        #expect(refused.requests.count == 1)
    }

    @Test func `say what the storage said`() throws {
        let answer = "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
        let fixture = try TransferFixture(answers: [.status(404, [:], answer)])
        let failure = try fixture.failure(S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f"])
        #expect(failure.code == .notFound)
        #expect(
            failure.message
                == "S3Download: cannot download s3://bucket/k: the server answered 404 Not Found (NoSuchKey: The specified key does not exist.)"
        )
    }

    @Test func `try five times`() throws {
        let fixture = try TransferFixture(answers: Array(repeating: .status(500, [:], ""), count: 4) + .ok("1"))
        try fixture.run(S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f"])
        #expect(fixture.waits.seconds == [1, 2, 4, 8])
    }

    @Test func `name what is missing where there are no credentials`() throws {
        let fixture = try TransferFixture(answers: [])
        fixture.storage = ObjectStorageSettings(variables: ["HOME": "/nonexistent"])
        let failure = try fixture.failure(S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f"])
        #expect(failure.code == .unavailable && failure.message.contains("[default] in /nonexistent/.aws/credentials"))
    }

    @Test(arguments: [
        "s3://", "s3:///key", "s3://UPPER/k", "s3://ab/k", "s3://a_b_c/k", "https://bucket/k", "s3://bucket", "s3://bucket/a/",
    ])
    func `refuse a source that names no object`(_ source: String) throws {
        let fixture = try TransferFixture(answers: [])
        #expect(try fixture.failure(S3Download.self, ["source": source, "destination": "/opt/f"]).code == .invalid)
        #expect(fixture.requests.isEmpty)
    }

    @Test func `refuse an owner that is no account`() throws {
        let fixture = try TransferFixture(answers: [])
        let fields = ["source": "s3://bucket/k", "destination": "/opt/f", "expectedBucketOwner": "me"]
        #expect(try fixture.failure(S3Download.self, fields).code == .invalid)
    }

    // MARK: Download

    @Test func `a destination folder must exist`() throws {
        let fixture = try TransferFixture(answers: [])
        for source in ["s3://bucket/k", "s3://bucket/p/*"] {
            #expect(try fixture.failure(S3Download.self, ["source": source, "destination": "/new/"]).code == .notFound)
        }
        #expect(fixture.requests.isEmpty)
    }

    @Test func `without overwrite a file that is there stays, with the reference's message`() throws {
        let fixture = try TransferFixture(answers: [])
        try fixture.editor.write("old", to: "/opt/f")
        let failure = try fixture.failure(
            S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f", "overwrite": "false"])
        #expect(
            failure.message
                == "S3Download: File already exists and \"overwrite\" property for \"destination\" file is set to false. Cannot download."
        )
        #expect(fixture.requests.isEmpty)
    }

    @Test func `a prefix brings all objects below it, and the folders between`() throws {
        let list = Self.listing(["p/a", "p/sub/", "p/sub/b &amp; c"])
        let fixture = try TransferFixture(answers: [list] + .ok("1") + .ok("2"))
        try fixture.run(S3Download.self, ["source": "s3://bucket/p/*", "destination": "/opt"])
        #expect(fixture.requests.first?.url.query == "list-type=2&max-keys=1000&prefix=p%2F")
        #expect(try fixture.text("/opt/a") == "1")
        #expect(try fixture.text("/opt/sub/b & c") == "2")
    }

    @Test func `what a prefix brought before a failure stays`() throws {
        let fixture = try TransferFixture(answers: [Self.listing(["p/a", "p/b"])] + .ok("1") + [.status(403, [:], "")])
        #expect(try fixture.failure(S3Download.self, ["source": "s3://bucket/p/*", "destination": "/opt"]).code == .denied)
        #expect(try fixture.text("/opt/a") == "1")
    }

    @Test(arguments: ["p/../../etc/passwd", "p/a//b", "p/./a", "q/a", "p/"])
    func `a key that is no path leads nowhere`(_ key: String) throws {
        let fixture = try TransferFixture(answers: [Self.listing([key])] + .ok("1"))
        _ = try fixture.failure(S3Download.self, ["source": "s3://bucket/p/*", "destination": "/opt"])
        #expect(fixture.requests.count == 1)
    }

    @Test func `more than a thousand objects are refused, and so is a prefix without a slash`() throws {
        let fixture = try TransferFixture(answers: [Self.listing(["p/a"], truncated: true)])
        #expect(try fixture.failure(S3Download.self, ["source": "s3://bucket/p/*", "destination": "/opt"]).code == .exhausted)
        for source in ["s3://bucket/p*", "s3://bucket/*/p/*"] {
            #expect(try fixture.failure(S3Download.self, ["source": source, "destination": "/opt"]).code == .invalid)
        }
    }

    @Test func `a listing that is no XML, or a trap, is refused`() throws {
        for body in ["<html>", "<!DOCTYPE a [<!ENTITY x \"y\">]><ListBucketResult/>"] {
            let fixture = try TransferFixture(answers: .ok(body))
            #expect(try fixture.failure(S3Download.self, ["source": "s3://bucket/p/*", "destination": "/opt"]).code == .failed)
        }
    }

    // MARK: Upload

    private func uploaded(_ source: String, _ destination: String, recurse: String? = nil) throws -> [String] {
        let fixture = try TransferFixture(answers: Array(repeating: .status(200, [:], ""), count: 9))
        try fixture.editor.makeDirectory("/var/log/sub/deep")
        for file in ["/var/log/a.log", "/var/log/b.log", "/var/log/c.txt", "/var/log/sub/d.log", "/var/log/sub/deep/e"] {
            try fixture.editor.write("text of \(file)", to: try TreePath(parsing: file))
        }
        try fixture.editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("c.txt".utf8))), at: "/var/log/link.log")
        try fixture.editor.put(Node(Metadata(mode: 0o777), .symlink(target: Array("/var".utf8))), at: "/var/log/sub/circle")
        var fields = ["source": source, "destination": destination]
        fields["recurse"] = recurse
        try fixture.run(S3Upload.self, fields)
        return zip(fixture.requests, fixture.bodies).map { "\($0.url.path): \($1)" }
    }

    @Test func `a file goes to an object, or below a prefix`() throws {
        #expect(try uploaded("/var/log/a.log", "s3://bucket/x/y") == ["/x/y: text of /var/log/a.log"])
        #expect(try uploaded("/var/log/a.log", "s3://bucket/x/") == ["/x/a.log: text of /var/log/a.log"])
        #expect(try uploaded("/var/log/a.log", "s3://bucket") == ["/a.log: text of /var/log/a.log"])
    }

    @Test func `a wildcard takes files, and with recurse what is in folders too`() throws {
        #expect(
            try uploaded("/var/log/*.log", "s3://bucket/x") == [
                "/x/a.log: text of /var/log/a.log", "/x/b.log: text of /var/log/b.log", "/x/link.log: text of /var/log/c.txt",
            ])
        #expect(try uploaded("/var/log/*", "s3://bucket/x/").count == 4)
        #expect(
            try uploaded("/var/log/s*", "s3://bucket/x/", recurse: "true") == [
                "/x/sub/d.log: text of /var/log/sub/d.log", "/x/sub/deep/e: text of /var/log/sub/deep/e",
            ])
        #expect(try uploaded("/var/log/sub", "s3://bucket/x/", recurse: "true").first?.hasPrefix("/x/d.log") == true)
    }

    @Test func `no file is a failure, and so is a folder without recurse`() throws {
        #expect(throws: Failure.self) { try uploaded("/var/log/nothing", "s3://bucket/x") }
        #expect(throws: Failure.self) { try uploaded("/var/log/n*", "s3://bucket/x") }
        #expect(throws: Failure.self) { try uploaded("/var/log", "s3://bucket/x") }
        #expect(throws: Failure.self) { try uploaded("/var/log/s*", "s3://bucket/x") }
        #expect(throws: Failure.self) { try uploaded("var/log/a.log", "s3://bucket/x") }
    }

    @Test func `an upload says its SHA-256, and a file with holes goes whole`() throws {
        let fixture = try TransferFixture(answers: .ok(""))
        try fixture.editor.write([UInt8](repeating: 0, count: 200_000) + [1], to: "/opt/f")
        try fixture.run(S3Upload.self, ["source": "/opt/f", "destination": "s3://bucket/k"])
        #expect(fixture.bodies.first?.utf8.count == 200_001)
        let expected = try Python.run("import hashlib; print(hashlib.sha256(bytes(200000) + b'\\x01').hexdigest(), end='')")
        #expect(fixture.requests.first?.headers == [.init("x-amz-content-sha256", expected)])
    }
}

@Suite struct `Settings of the object storage` {
    @Test func `variables win over files, and a profile is found in both files`() throws {
        try withTemporaryFolder { folder in
            try Files.makeFolders(folder + "/.aws")
            try Files.writeDurably(
                folder + "/.aws/credentials",
                Array(
                    "# keys\n[default]\naws_access_key_id = D\naws_secret_access_key=d=d/d\n\n[other]\naws_access_key_id=O\naws_secret_access_key=o\n"
                        .utf8))
            try Files.writeDurably(
                folder + "/.aws/config",
                Array(
                    "[default]\nregion = eu-north-1\ns3 =\n  endpoint_url = no\n[profile other]\nregion=us-west-2\nendpoint_url=http://10.0.0.1:9000\n"
                        .utf8))
            func request(_ variables: [String: String]) throws -> HTTPRequest {
                let fixture = try TransferFixture(answers: .ok("1"))
                fixture.storage = ObjectStorageSettings(variables: variables.merging(["HOME": folder]) { $1 })
                try fixture.run(S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f"])
                return try #require(fixture.requests.first)
            }
            let standard = try request([:])
            #expect(standard.signing?.accessKeyID == "D" && standard.signing?.secretAccessKey == "d=d/d")
            #expect(standard.url.host == "bucket.s3.eu-north-1.amazonaws.com")
            let other = try request(["AWS_PROFILE": "other"])
            #expect(other.signing?.accessKeyID == "O" && other.url.origin == "http://10.0.0.1:9000")
            let set = try request([
                "AWS_ACCESS_KEY_ID": "V", "AWS_SECRET_ACCESS_KEY": "v", "AWS_REGION": "sa-east-1",
                "AWS_ENDPOINT_URL": "http://a.example",
                "AWS_ENDPOINT_URL_S3": "http://s3.example:1",
            ])
            #expect(set.signing?.accessKeyID == "V" && set.signing?.region == "sa-east-1")
            #expect(set.url.text == "http://s3.example:1/bucket/k")
        }
    }

    @Test(arguments: ["ftp://a", "http://a/path", "http://user:secret@a/", "http://a/?x"])
    func `an endpoint that is none is refused`(_ endpoint: String) throws {
        let fixture = try TransferFixture(answers: .ok("1"))
        fixture.storage.endpoint = endpoint
        let failure = try fixture.failure(S3Download.self, ["source": "s3://bucket/k", "destination": "/opt/f"])
        #expect(failure.code == .invalid && !failure.chain.joined().contains("secret"))
        #expect(fixture.requests.isEmpty)
    }
}
