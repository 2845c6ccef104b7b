import Components
import HTTP
import ImageStore
import Model
import TestSupport
import Testing
import YAML

@Suite struct `Documents and what they must do` {
    @Test func `the suite is found`() { #expect(!DocumentCase.all.isEmpty) }

    @Test(arguments: DocumentCase.all) func `a document does what stands beside it`(_ test: DocumentCase) throws {
        try withTemporaryFolder { try run(test, temporaryFolder: $0) }
    }

    /// Every action of the registry has a step somewhere in the suite.
    @Test func `no action is left out`() throws {
        let texts = try DocumentCase.all.map { String(decoding: try $0.document, as: UTF8.self) }
        for action in ActionRegistry.all {
            #expect(texts.contains { $0.contains("action: \(action.name)\n") }, "no document has a step of \(action.name)")
        }
    }

    private func run(_ test: DocumentCase, temporaryFolder: String) throws {
        let expected = try test.expected
        checkFields(of: expected)
        let fixture = try EngineFixture(
            Dictionary(expected.entries("files").map { ($0.0, $0.1.text ?? "") }) { $1 },
            programs: expected["programs"]?.elements?.map { ScriptedPrograms.Script($0) } ?? [])
        fixture.temporaryFolder = temporaryFolder
        let servers = ScriptedHTTP((expected["http"]?.elements ?? []).map { ScriptedHTTP.Answer($0) })
        fixture.transfers = Transfers(http: servers, storage: ObjectStorageSettings(credentials: TransferFixture.keys))
        for (name, value) in expected.entries("stored") { fixture.parameters.values[name] = StoredParameter(value) }
        for (name, value) in expected.entries("documents") { fixture.documents.texts[name] = value.text }
        let parameters = Dictionary(expected.entries("parameters").map { ($0.0, ParameterValue($0.1.text ?? "")) }) { $1 }
        do throws(Failure) {
            let document = try ComponentDocument(parsing: try bytes(of: test), file: "\(test.name).yaml")
            let phases = expected["phases"] == nil ? nil : expected.texts("phases")
            let report = try fixture.run(
                [ComponentInvocation(document, parameters: parameters)], order: .byDocument(phases: phases))
            #expect(expected["errors"] == nil, "the document must be refused")
            check(report, expected)
        } catch {
            let errors = expected.texts("errors")
            if errors.isEmpty { Issue.record("\(error.chain.joined(separator: "\n"))") }
            for piece in errors where !error.message.contains(piece) { Issue.record("'\(piece)' is not in:\n\(error.message)") }
        }
        if expected["requests"] != nil { #expect(servers.requests.map(\.url.text) == expected.texts("requests")) }
        if expected["sent"] != nil { #expect(servers.bodies == expected.texts("sent")) }
        try checkTree(fixture, expected)
        checkConsole(fixture, expected)
        #expect(fixture.programs.left == 0, "\(fixture.programs.left) programs were not started")
    }

    private func bytes(of test: DocumentCase) throws(Failure) -> [UInt8] {
        do { return try test.document } catch { throw Failure(.io, "\(error)") }
    }

    private func checkFields(of expected: YAML.Node) {
        let known: Set<String> = [
            "parameters", "stored", "phases", "files", "programs", "documents", "errors", "status", "steps", "executed", "tree",
            "console", "http", "requests", "sent",
        ]
        for (key, _) in expected.pairs ?? [] { #expect(known.contains(key.text ?? ""), "unknown field \(key.text ?? "")") }
    }

    private func check(_ report: ExecutionReport, _ expected: YAML.Node) {
        #expect(report.status.rawValue == expected.text("status") ?? "Success", "\(report.failureMessage)")
        if expected["executed"] != nil { #expect(report.stepNames == expected.texts("executed")) }
        for (path, wanted) in expected.entries("steps") {
            guard let step = report.step(path) else {
                Issue.record("the step \(path) did not run")
                continue
            }
            if let status = wanted.text("status") { #expect(step.status.rawValue == status, "\(path): \(step.failureMessage)") }
            if let outputs = wanted.text("outputs") { #expect(step.outputs == outputs, "\(path)") }
            if let inputs = wanted.text("inputs") { #expect(step.inputs.contains(inputs), "\(path): \(step.inputs)") }
            if let message = wanted.text("failureMessage") {
                #expect(step.failureMessage.contains(message), "\(path): \(step.failureMessage)")
            }
        }
    }

    private func checkTree(_ fixture: EngineFixture, _ expected: YAML.Node) throws {
        for (text, wanted) in expected.entries("tree") {
            let path = try TreePath(parsing: text)
            let node = try fixture.editor.node(at: path)
            if wanted["absent"]?.boolean == true {
                #expect(node == nil, "\(path) is there")
                continue
            }
            guard let node else {
                Issue.record("\(path) is not there")
                continue
            }
            if let text = wanted.text("text") { #expect(try fixture.text(path) == text, "\(path)") }
            if let mode = wanted.text("mode") { #expect(node.metadata.mode == UInt16(mode, radix: 8), "\(path)") }
            if let owner = wanted.text("owner") { #expect("\(node.metadata.uid):\(node.metadata.gid)" == owner, "\(path)") }
            if let target = wanted.text("target") { #expect(node.kind == .symlink(target: Array(target.utf8)), "\(path)") }
        }
    }

    private func checkConsole(_ fixture: EngineFixture, _ expected: YAML.Node) {
        var lines = fixture.console[...]
        for piece in expected.texts("console") {
            guard let place = lines.firstIndex(where: { $0.contains(piece) }) else {
                Issue.record("'\(piece)' is not printed, or not in this order: \(fixture.console)")
                return
            }
            lines = lines[(place + 1)...]
        }
    }
}
