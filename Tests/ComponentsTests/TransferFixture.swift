import Components
import HTTP
import ImageStore
import Model
import Platform
import Sandbox
import Synchronization
import TestSupport
import Testing

/// A server that answers as the test says, and notes what it was asked.
final class ScriptedHTTP: HTTPClient {
    enum Answer: Sendable {
        case status(Int, [String: String], String)
        case error(HTTPError)
    }

    private let state: Mutex<(answers: [Answer], requests: [HTTPRequest], bodies: [String])>

    init(_ answers: [Answer]) { state = Mutex((answers, [], [])) }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    /// What was sent, of each request with a body.
    var bodies: [String] { state.withLock { $0.bodies } }

    func send(_ request: HTTPRequest, in host: Environment) throws(HTTPError) -> HTTPResponse {
        let sent = request.body.flatMap { try? Files.read($0) }.map { String(decoding: $0, as: UTF8.self) }
        let answer: Answer = state.withLock { state in
            state.requests.append(request)
            if let sent { state.bodies.append(sent) }
            return state.answers.isEmpty ? .error(HTTPError(.other, "the test has no answer left")) : state.answers.removeFirst()
        }
        switch answer {
        case .error(let error): throw error
        case .status(let status, let headers, let body):
            do { try Files.writeDurably(request.output, Array(body.utf8)) } catch { throw HTTPError(.localFile, "\(error)") }
            return HTTPResponse(status: status, headers: headers, url: request.url)
        }
    }
}

extension [ScriptedHTTP.Answer] {
    static func ok(_ body: String) -> [ScriptedHTTP.Answer] { [.status(200, [:], body)] }
}

/// A tree, and transfer actions run on it with a server of the test's.
final class TransferFixture {
    static let keys = AWSCredentials(accessKeyID: "AKID", secretAccessKey: "topsecret", sessionToken: "session")

    let editor: TreeEditor
    let world = TestEnvironment()
    let http: any HTTPClient
    var policy = AddressPolicy.outside
    var storage = ObjectStorageSettings(region: "eu-west-1", credentials: keys)
    var timeLeft: UInt64?
    /// The real clock and waits, where a real program is run.
    var isReal = false
    private(set) var printed: [String] = []
    /// Nanoseconds of each wait.
    private(set) var waits = Waits()

    final class Waits: Sendable {
        private let list = Mutex<[UInt64]>([])
        func add(_ time: UInt64) { list.withLock { $0.append(time) } }
        var seconds: [UInt64] { list.withLock { $0.map { $0 / 1_000_000_000 } } }
    }

    init(_ http: any HTTPClient) throws {
        self.http = http
        editor = try TreeEditor(root: nil, in: MemoryObjects(), date: 1_700_000_000_000_000_000)
        try editor.makeDirectory("/opt")
        world.onWait { [waits] in waits.add($0) }
    }

    convenience init(answers: [ScriptedHTTP.Answer]) throws { try self.init(ScriptedHTTP(answers)) }

    var requests: [HTTPRequest] { (http as? ScriptedHTTP)?.requests ?? [] }
    var bodies: [String] { (http as? ScriptedHTTP)?.bodies ?? [] }

    @discardableResult
    func run(_ action: any Action.Type, _ fields: [String: String]) throws -> [String: String] {
        try withTemporaryFolder { folder in
            let context = ActionContext(
                editor: editor, programs: NoPrograms(), timeLeft: timeLeft, network: .none,
                environment: isReal ? .system() : world.environment,
                transfers: Transfers(http: http, policy: policy, storage: storage), temporaryFolder: folder,
                print: { self.printed.append($0) })
            defer { #expect(Files.names(in: folder).isEmpty, "temporary files are left") }
            return try action.run(ActionInputs(fields.mapValues { .text($0) }), context).outputs
        }
    }

    func failure(
        _ action: any Action.Type, _ fields: [String: String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Failure {
        try #require(throws: Failure.self, sourceLocation: sourceLocation) { try self.run(action, fields) }
    }

    func text(_ path: TreePath) throws -> String? { try editor.text(path) }
}
