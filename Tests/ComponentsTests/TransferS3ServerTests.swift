import Components
import HTTP
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// Against moto, which keeps objects as S3 does. It checks signatures where that is asked for, but refuses those of keys and
/// queries with %XX: those are tried without.
@Suite(.enabled(if: ObjectServer.python != nil, ObjectServer.missing))
struct `S3 actions and a real object server` {
    @Test func `upload and download keys of all kinds`() throws {
        try ObjectServer.run { server in
            let fixture = try server.fixture()
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            try fixture.editor.makeDirectory("/src/sub")
            try fixture.editor.write(bytes, to: "/src/sub/large file+ü~(1).bin")
            try fixture.editor.write("", to: "/src/empty")
            try fixture.run(S3Upload.self, ["source": "/src/*", "destination": "s3://bucket/up/", "recurse": "true"])
            try fixture.run(S3Download.self, ["source": "s3://bucket/up/*", "destination": "/opt"])
            #expect(try fixture.editor.read("/opt/sub/large file+ü~(1).bin") == bytes)
            #expect(try fixture.editor.read("/opt/empty") == [])
            let single = "s3://bucket/up/sub/large file+ü~(1).bin"
            try fixture.run(S3Download.self, ["source": single, "destination": "/opt/one"])
            #expect(try fixture.editor.read("/opt/one") == bytes)
        }
    }

    @Test func `tell a missing key and a missing bucket`() throws {
        try ObjectServer.run { server in
            let fixture = try server.fixture()
            let key = try fixture.failure(S3Download.self, ["source": "s3://bucket/nothing", "destination": "/opt/f"])
            #expect(key.code == .notFound && key.message.contains("NoSuchKey"))
            let bucket = try fixture.failure(S3Download.self, ["source": "s3://nobucket/a/*", "destination": "/opt"])
            #expect(bucket.code == .notFound)
        }
    }

    @Test func `sign so that the server accepts it, and tell when it does not`() throws {
        try ObjectServer.run(checksSignatures: true) { server in
            let fixture = try server.fixture()
            try fixture.editor.write("hello", to: "/opt/a")
            try fixture.run(S3Upload.self, ["source": "/opt/a", "destination": "s3://bucket/up/a"])
            try fixture.run(S3Download.self, ["source": "s3://bucket/up/a", "destination": "/opt/b"])
            #expect(try fixture.text("/opt/b") == "hello")
            let keys = AWSCredentials(accessKeyID: server.keys.accessKeyID, secretAccessKey: "wrongsecret")
            fixture.storage.credentials = keys
            let denied = try fixture.failure(S3Download.self, ["source": "s3://bucket/nothing", "destination": "/opt/f"])
            #expect(denied.code == .denied && denied.message.contains("SignatureDoesNotMatch"))
            #expect(!denied.chain.joined().contains("wrongsecret"))
        }
    }
}

/// moto's server with a bucket `bucket`, an account whose keys are checked, and the keys.
struct ObjectServer: Sendable {
    let port: Int
    let keys: AWSCredentials

    /// A Python that has moto.
    static let python: String? = ["python3", "/usr/bin/python3"].first { python in
        guard let program = Programs.find(python) else { return false }
        let process = Subprocess(
            program, ["-c", "import importlib.util, sys; sys.exit(0 if importlib.util.find_spec('moto.server') else 1)"],
            environment: ["PATH": Programs.variable("PATH") ?? "/usr/bin:/bin"])
        return (try? process.run(in: .system()).isSuccess) == true
    }

    static let missing: Comment = "needs the moto server: pip install 'moto[s3,iam,server]'"

    static func run(checksSignatures: Bool = false, _ body: @escaping @Sendable (ObjectServer) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try WebServer.run(script, [folder + "/keys", checksSignatures ? "1" : "0"], python: python ?? "python3") { port in
                let lines = String(decoding: try Files.read(folder + "/keys"), as: UTF8.self).split(separator: "\n")
                try body(
                    ObjectServer(
                        port: port, keys: AWSCredentials(accessKeyID: String(lines[0]), secretAccessKey: String(lines[1]))))
            }
        }
    }

    func fixture() throws -> TransferFixture {
        let fixture = try TransferFixture(Curl())
        fixture.isReal = true
        fixture.storage = ObjectStorageSettings(endpoint: "http://127.0.0.1:\(port)", region: "us-east-1", credentials: keys)
        return fixture
    }

    private static let script = """
        import json, logging, os, sys, threading, urllib.request
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        os.environ.update(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_DEFAULT_REGION="us-east-1")
        import boto3
        from moto.server import ThreadedMotoServer
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        url = f"http://127.0.0.1:{port}"
        boto3.client("s3", endpoint_url=url).create_bucket(Bucket="bucket")
        iam = boto3.client("iam", endpoint_url=url)
        iam.create_user(UserName="u")
        allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
        iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=json.dumps(allow))
        key = iam.create_access_key(UserName="u")["AccessKey"]
        open(sys.argv[1], "w").write(key["AccessKeyId"] + "\\n" + key["SecretAccessKey"] + "\\n")
        if sys.argv[2] == "1": urllib.request.urlopen(
            urllib.request.Request(url + "/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"}, method="POST"))
        print(port)
        threading.Event().wait()
        """
}
