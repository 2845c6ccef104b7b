import Components
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import Stages
import TestSupport
import Testing

/// Components in recipes. The documents here have actions on files alone, so they run on any machine.
@Suite struct ComponentStageTests {
    private static let document = """
        name: page
        schemaVersion: 1.0
        parameters:
          - Title: {type: string}
        phases:
          - name: build
            steps:
              - name: Page
                action: CreateFile
                inputs: [{path: /srv/page, content: "{{ Title }}", permissions: "0640"}]
              - name: Read
                action: ReadFile
                inputs: [{path: /srv/page}]
          - name: validate
            steps:
              - name: Same
                action: Assert
                inputs: {stringEquals: "{{ build.Read.outputs.content }}", value: hello}
              - name: Litter
                action: CreateFile
                inputs: [{path: /srv/litter, content: x}]
          - name: test
            steps:
              - name: There
                action: Assert
                inputs: {fileExists: /srv/page}
        """

    private func fixture(_ body: (StageFixture) throws -> Void) throws {
        try StageFixture.with { fixture in
            try fixture.write("components/page.yaml", Self.document)
            try body(fixture)
        }
    }

    @Test("a component's build phase edits the tree, without any sandbox")
    func build() throws {
        try fixture { fixture in
            let tree = try fixture.tree("- component: {use: page, parameters: {Title: hello}}")
            #expect(try tree.text(try TreePath(parsing: "/srv/page")) == "hello")
            #expect(try tree.node(at: try TreePath(parsing: "/srv/page"))?.metadata.mode == 0o640)
        }
    }

    @Test("the stage validate runs the validate phase with the outputs of the build phase, and keeps none of its changes")
    func validate() throws {
        try fixture { fixture in
            let both = "- component: {use: page, parameters: {Title: hello}}\n- validate"
            let (root, reports) = try fixture.run(both)
            #expect(reports[1].summary.contains("1 component validated"))
            #expect(try !fixture.view(root).exists(try TreePath(parsing: "/srv/litter")))
            let failed = try failure { _ = try fixture.run("- component: {use: page, parameters: {Title: other}}\n- validate") }
            #expect(failed.message.contains("the step 'Same' (Assert) of the phase 'validate' of page failed"))
        }
    }

    @Test("the stage test runs the test phase of the named component, or of all components before it")
    func test() throws {
        try fixture { fixture in
            let built = "- component: {use: page, parameters: {Title: hello}}\n"
            #expect(try fixture.run(built + "- test").reports[1].summary == "page: 1 step")
            let missing = try failure { _ = try fixture.run("- test: {component: page, parameters: {Title: x}}") }
            #expect(missing.message.contains("the step 'There' (Assert) of the phase 'test' of page failed"))
        }
    }

    @Test("a component's key changes with its document and its parameters")
    func key() throws {
        try fixture { fixture in
            let stage = try #require(
                try fixture.decode("- component: {use: page, parameters: {Title: hello}}")[0].stage as? any Stage)
            let before = try stage.inputs(fixture.inputs)
            try fixture.write("components/page.yaml", Self.document + "\n# changed")
            #expect(try stage.inputs(fixture.inputs) != before)
        }
    }

    @Test("a parameter that the document does not have is refused, with the one that was meant")
    func unknownParameter() throws {
        try fixture { fixture in
            let failed = try failure { _ = try fixture.run("- component: {use: page, parameters: {Titel: x}}") }
            #expect(failed.message == "the component page has no parameter 'Titel'" && failed.hint == "did you mean 'Title'?")
        }
    }

    @Test("a document that needs programs is refused before anything runs where programs cannot be run")
    func requirements() throws {
        try fixture { fixture in
            let script = Self.document.replacing("action: ReadFile", with: "action: ExecuteBash").replacing(
                "inputs: [{path: /srv/page}]", with: "inputs: {commands: [cat /srv/page]}")
            try fixture.write("components/script.yaml", script)
            for (name, isRefused) in [("page", false), ("script", true)] {
                let entry = try fixture.decode("- component: {use: \(name), parameters: {Title: x}}")[0]
                let stage = try #require(entry.stage as? any Stage)
                if isRefused {
                    #expect(throws: Failure.self) { try stage.checkRequirements(fixture.inputs) }
                } else {
                    try stage.checkRequirements(fixture.inputs)
                }
            }
        }
    }

    // MARK: Secrets

    private static let secretDocument = """
        name: token
        schemaVersion: 1.0
        parameters:
          - Token: {type: string}
        phases:
          - name: build
            steps:
              - name: Write
                action: CreateFile
                inputs: [{path: /root/token, content: "x {{ Token }} y"}]
              - name: Remove
                action: DeleteFile
                inputs: [{path: /root/tok*}]
        """

    private static let secret = "correct-horse-battery"

    private func secretRun(_ document: String) throws -> Result<StageReport, Failure> {
        try StageFixture.with { fixture in
            try fixture.write("components/token.yaml", document)
            var fixture = fixture
            fixture.services.secret = { _ throws(Failure) in Self.secret }
            do throws(Failure) {
                return .success(try fixture.run("- component: {use: token, secrets: {Token: env:TOKEN}}").reports[0])
            } catch { return .failure(error) }
        }
    }

    @Test("a secret that a step leaves in a file fails the stage with path and step, and is told nowhere")
    func secretLeft() throws {
        let document = Self.secretDocument.replacing("/root/tok*", with: "/root/other")
        guard case .failure(let failed) = try secretRun(document) else {
            Issue.record("the secret was not found")
            return
        }
        #expect(failed.message == "/root/token holds the secret env:TOKEN, which the step 'Write' put there")
        #expect(!failed.chain.joined().contains(Self.secret))
    }

    @Test("a secret that a step uses and a later one removes does not, and the report has its reference alone")
    func secretRemoved() throws {
        let report = try secretRun(Self.secretDocument).get()
        #expect(report.secrets?.map(\.secret) == [.environment("TOKEN")])
        #expect(!report.detail.contains(Self.secret))
    }
}
