import API
import Cloud
import Crypto
import HTTPServer
import Model
import Platform
import SigV4
import TestSupport
import Testing

/// An endpoint on a free port over a plane of its own, with two accounts.
struct EndpointFixture: Sendable {
    let plane: any Plane
    let endpoint: Endpoint
    let port: UInt16
    let owner: Credential
    let other: Credential
    /// The folder of the buckets, of which there is one, `bucket`; empty where there is none.
    var buckets = ""

    static let ownerID = "111111111111"
    static let otherID = "222222222222"

    /// The first two accounts are the owner and the other.
    static func run(
        identity: Server.Identity? = nil, accounts given: [Account]? = nil,
        _ body: @escaping @Sendable (EndpointFixture) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let cancellation = Cancellation()
            let environment = Environment.system(cancellation: cancellation)
            let accounts =
                try given
                ?? [(ownerID, "owner"), (otherID, "other")].map { id, name in
                    Account(id: try AccountID(parsing: id), name: name)
                }
            let plane = EmbeddedPlane(
                folder: folder + "/regions", environment: environment,
                settings: PlaneSettings(directory: AccountDirectory(accounts: accounts)))
            try Files.makeFolders(folder + "/buckets/bucket")
            plane.buckets = Buckets(folder + "/buckets")
            let worker = try ConversionWorker(plane, environment: environment)
            plane.converter = worker
            let file = CredentialFile(folder: folder, environment: environment)
            let endpoint = Endpoint(
                plane: plane, credentials: file, environment: environment,
                resetHook: ResetHook { () throws(Failure) in try plane.reset() })
            let server = try Server(
                port: 0, environment: environment, identity: identity, handler: { endpoint.respond(to: $0) })
            let fixture = EndpointFixture(
                plane: plane, endpoint: endpoint, port: server.port, owner: try file.make(for: accounts[0].id),
                other: try file.make(for: accounts[1].id), buckets: folder + "/buckets")
            try together(
                {
                    defer { cancellation.cancel() }
                    try body(fixture)
                },
                { server.run() }, { worker.run() })
        }
    }

    /// Seconds since 1970.
    static func clock() -> Int64 { Environment.system().seconds }

    /// Runs a shell's script with the aws command, as the owner.
    func aws(_ script: String) throws -> String {
        try AWSClients.shell(script, port: port, key: owner.key.id, secret: owner.key.secret)
    }

    /// Runs a script that has `client(service)` and `other(service)`, clients of the two accounts in us-east-1, and `fails(call)`, which
    /// gives code and status of the error that a call ends with.
    func boto3(_ script: String) throws -> String {
        try AWSClients.python(
            """
            import boto3, botocore, json
            from botocore.config import Config
            from botocore.exceptions import ClientError
            def session(key, secret):
                def client(service, region="us-east-1"):
                    return boto3.client(service, region_name=region, endpoint_url="http://127.0.0.1:\(port)",
                        aws_access_key_id=key, aws_secret_access_key=secret, config=Config(retries={"total_max_attempts": 1}))
                return client
            client = session("\(owner.key.id)", "\(owner.key.secret)")
            other = session("\(other.key.id)", "\(other.key.secret)")
            def fails(call):
                try: call(); return "no error"
                except ClientError as e: return e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"]
            def says(call):
                try: call(); return "no error"
                except ClientError as e: return e.response["Error"]["Message"]
            ec2 = client("ec2")

            """ + script)
    }

    /// An available image of the owner's.
    @discardableResult
    func image(_ name: String, in region: String = "us-east-1", tags: [(String, String)] = []) throws -> ImageRecord {
        let region = try plane.makeRegion(RegionName(parsing: region))
        let pending = try region.registerPending(
            NewImage(
                name: AMIName(parsing: name), description: "a test image", architecture: .x86,
                created: Instant(seconds: 1_795_000_000),
                volumes: [VolumeMapping(deviceName: "/dev/xvda", volume: Volume(size: 8))],
                tags: TagSet(try tags.map { try Tag(key: $0.0, value: $0.1) }), token: name))
        return try region.markAvailable(
            pending.id, root: SHA256.digest(of: name), logicalSize: 1000, at: Instant(seconds: 1_795_000_000))
    }
}

typealias Tag = Model.Tag
