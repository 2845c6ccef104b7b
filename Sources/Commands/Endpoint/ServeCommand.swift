import API
import Cloud
import CommandLineKit
import HTTPServer
import Machines
import Model
import Orchestration
import Platform
import Stages
import TLS

enum ServeCommand: Command {
    static let port = Option<UInt16>("port", short: "p", value: "number", "Where to listen; 0 takes any free port", default: 8000)
    static let address = Option<String>(
        "address", value: "address", "The address to listen at, as a number", default: "127.0.0.1")
    static let unprotected = Flag(
        "unprotected", "Listen at an address that other machines reach: they see every request and answer in the clear")

    static let certificate = Option<String?>(
        "tls-certificate", value: "file", "Speak TLS, and show this chain of certificates in PEM, the server's own first")
    static let key = Option<String?>(
        "tls-key", value: "file", "The private key of the certificate, in PEM, which nobody else may read")

    static let testReset = Flag(
        "test-reset",
        "For test suites: POST /_ingot/reset forgets all images, parameters and instances, and asks nobody; on this machine alone"
    )

    static let publicImages = Flag(
        "public-images",
        "For test suites: every region has a few images of Amazon's, whose ids moto's suite launches; they hold nothing")

    static let sshPort = Option<UInt16>(
        "ssh-port", value: "number", "Where instances are reached by ssh, each at an address 127.x.y.z of its own; 0 for nowhere",
        default: 22)

    static let buckets = Option<String?>(
        "buckets", value: "folder",
        "What stands for Amazon S3 in imports and exports: each folder in it is a bucket, and its files are objects",
        values: .file)

    static let noSchedules = Flag(
        "no-schedules", "Leave the schedules of pipelines and the lifecycle policies to `ingot schedule run`")

    static var specification: Specification {
        Specification(
            "serve", "Answer AWS clients: the AWS CLI, boto3, Packer",
            discussion: """
                Speaks the protocols of EC2, EBS direct, Auto Scaling, KMS, IAM, STS, Systems Manager, Image Builder and Data Lifecycle Manager over the images, instances, \
                keys, parameters and documents of the workspace, and carries out schedules and lifecycle policies, until Ctrl-C. Every request must be signed with an access key of `ingot credentials`; the region is that of the signature. \
                Without --tls-certificate there is no TLS, and it listens on this machine alone unless --unprotected says otherwise. \
                Certificates are read anew when their files change. docs/api.md lists the actions.
                """,
            examples: [
                Example("ingot serve", "Serves at http://127.0.0.1:8000"),
                Example("ingot serve --port 0 --quiet", "Takes any free port, and prints the URL alone"),
                Example(
                    "ingot serve --address 0.0.0.0 --port 8443 --tls-certificate server.pem --tls-key server.key",
                    "Serves other machines under TLS"),
            ],
            parameters: [port, address, certificate, key, unprotected, testReset, publicImages, sshPort, buckets, noSchedules],
            exitStatuses: [ExitMeaning(0, "Stopped by Ctrl-C or SIGTERM"), ExitMeaning(74, "The address cannot be listened at")],
            heading: Heading.endpoint)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let address = arguments[address]
        let identity = try ServerIdentity.files(certificate: arguments[certificate], key: arguments[key])
        try checkReach(address, isSecure: identity != nil, arguments)
        let workspace = try context.recoveredWriter()
        if arguments[publicImages] { try embedded(workspace.plane).offerPublicImages() }
        if let folder = arguments[buckets] { try embedded(workspace.plane).buckets = Buckets(try existing(folder)) }
        let credentials = CredentialFile(folder: workspace.home, environment: workspace.environment)
        let workshop = Workshop(workspace, documents: context.documents, stages: StageRegistry.standard)
        let endpoint = Endpoint(
            plane: workspace.plane, credentials: credentials, environment: workspace.environment,
            resetHook: arguments[testReset] ? try hook(workspace.plane) : nil, workshop: workshop,
            // Who asks is not told what failed, so --quiet silences nothing of it; and keys of objects that clients chose may stand in it.
            report: { try? context.console.error.writeLine(PlainText.oneLine($0)) })
        var shown: Server.Identity?
        if let identity { shown = { identity.current } }
        let server: Server
        do throws(SystemError) {
            server = try Server(
                address: address, port: arguments[port], environment: workspace.environment,
                identity: shown, handler: { endpoint.respond(to: $0) })
        } catch {
            throw Failure(
                .io, "cannot listen at \(address), port \(arguments[port])",
                hint: error.isAddressInUse ? "another program does: choose another --port" : nil, cause: error)
        }
        let port = arguments[sshPort]
        let host = try (workspace.plane as? EmbeddedPlane).map { (plane) throws(Failure) in
            let host = try MachineHost(workspace, plane, sshPort: port == 0 ? nil : port)
            plane.host = host
            plane.roleKeys = endpoint.roleKeys
            return host
        }
        let worker = try (workspace.plane as? EmbeddedPlane).map { (plane) throws(Failure) in
            let worker = try ConversionWorker(plane, environment: workspace.environment)
            plane.converter = worker
            return worker
        }
        try greet(server.port, address, isSecure: identity != nil, try credentials.all().first, context)
        let schedules = arguments[noSchedules] ? nil : ServerSchedules(workspace, context)
        // Programs of instances, builds that clients of Image Builder start, imports and exports, and what is due have threads of their own.
        Threads.concurrently(5) { thread in
            switch thread {
            case 0: server.run()
            case 1: workshop.run()
            case 2: worker?.run()
            case 3: schedules?.run()
            default: host?.run()
            }
        }
        context.note("stopped")
        return .success
    }

    /// What other machines reach is under TLS, or in the clear because somebody said so.
    private static func checkReach(_ address: String, isSecure: Bool, _ arguments: ParsedArguments) throws {
        guard isLoopback(address) || isSecure || arguments[unprotected] else {
            throw Failure(
                .usage, "other machines reach the address \(address), and see every request and answer in the clear",
                hint: "say --tls-certificate and --tls-key, listen at 127.0.0.1, or say --unprotected")
        }
        guard !(isSecure && arguments[unprotected]) else {
            throw Failure(.usage, "under TLS nobody sees anything in the clear", hint: "leave --unprotected out")
        }
        guard !arguments[testReset] || isLoopback(address) && !arguments[unprotected] else {
            throw Failure(
                .usage,
                "with --test-reset whoever reaches the address can remove all images, so other machines must not reach it",
                hint: "leave --test-reset out, or listen at 127.0.0.1 without --unprotected")
        }
    }

    private static func existing(_ folder: String) throws(Failure) -> String {
        let path = Files.absolute(folder)
        guard (try? Files.status(path).isDirectory) ?? false else {
            throw Failure(.notFound, "there is no folder \(folder)", hint: "make it, and a folder in it for each bucket")
        }
        return path
    }

    private static func hook(_ plane: any Plane) throws(Failure) -> ResetHook {
        let plane = try embedded(plane)
        return ResetHook { () throws(Failure) in try plane.reset() }
    }

    private static func embedded(_ plane: any Plane) throws(Failure) -> EmbeddedPlane {
        guard let plane = plane as? EmbeddedPlane else {
            throw Failure(.usage, "only the embedded plane is there for test suites", hint: "leave the flags for them out")
        }
        return plane
    }

    private static func isLoopback(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }

    private static func greet(
        _ port: UInt16, _ address: String, isSecure: Bool, _ credential: Credential?, _ context: CommandContext
    ) throws {
        // All addresses of the machine are none that a client can ask; this machine's own clients reach the loopback one.
        let reached = ["0.0.0.0": "127.0.0.1", "::": "::1"][address] ?? address
        let host = reached.contains(":") ? "[\(reached)]" : reached
        let url = "\(isSecure ? "https" : "http")://\(host):\(port)"
        if context.isQuiet {
            try context.printLine(url)
            return
        }
        try context.printLine("export AWS_ENDPOINT_URL=\(url)")
        if let credential {
            try context.printLine("export AWS_ACCESS_KEY_ID=\(credential.id)")
            context.note("the secret of the key: \(context.commandLine("credentials list --show-secrets"))")
        } else {
            context.note("there is no access key yet: \(context.commandLine("credentials create"))")
        }
        if reached != address {
            context.note("other machines reach it by this machine's name or addresses, at port \(port)")
        }
        context.note("serving; Ctrl-C ends")
    }
}
