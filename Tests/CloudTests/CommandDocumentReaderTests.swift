import Cloud
import Model
import TestSupport
import Testing

/// The reader of Systems Manager's documents.
@Suite struct `Documents of Systems Manager` {
    private static let text = """
        {"schemaVersion":"2.2","description":"d","parameters":{"who":{"type":"String","default":"you","allowedPattern":"^[a-z]+$"},\
        "lines":{"type":"StringList","minItems":1,"maxItems":9},"n":{"type":"Integer","default":3,"allowedValues":[3,4]}},\
        "mainSteps":[{"action":"aws:runShellScript","name":"greet","precondition":{"StringEquals":["platformType","Linux"]},\
        "inputs":{"runCommand":["echo {{ who }}","{{lines}}"],"timeoutSeconds":"{{ n }}","onFailure":"exit"}}]}
        """

    private func read(_ bytes: [UInt8]) throws(Failure) -> CommandDocument {
        try CommandDocumentReader.read(JSONReader.read(bytes, what: "the document"))
    }

    @Test func `are read whole, with parameters by name and steps in their order`() throws {
        let document = try read(Array(Self.text.utf8))
        #expect(document.parameters.map(\.name) == ["lines", "n", "who"] && document.steps.map(\.name) == ["greet"])
        #expect(document.parameters[0].items == 1...9 && document.parameters[1].usual == .number("3"))
        #expect(document.steps[0].isForLinux && document.steps[0].flow.onFailure == .exit)
    }

    @Test func `that are cut or changed anywhere are read or refused, and never more than that`() throws {
        let bytes = Array(Self.text.utf8)
        for length in bytes.indices {
            #expect(failure { _ = try read(Array(bytes[..<length])) }?.code == .invalid, "\(length) bytes")
        }
        var random = SeededRandom(7)
        var refused = 0
        for _ in 0..<3000 {
            var changed = bytes
            for _ in 0...random.below(3) {
                changed[random.below(changed.count)] = UInt8(random.below(256))
            }
            do throws(Failure) { _ = try read(changed) } catch {
                refused += 1
                #expect(error.code == .invalid)
            }
        }
        #expect(refused > 1000)
    }

    @Test func `of Amazon are documents like others`() throws {
        let shell = try #require(AmazonDocument.all.first { $0.name == AmazonDocument.runShellScript })
        #expect(try read(Array(shell.content.utf8)) == shell.document)
        #expect(shell.document.parameters.map(\.name) == ["commands", "executionTimeout", "workingDirectory"])
    }
}
