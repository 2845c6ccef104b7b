import Components
import FoundationEssentials
import Model
import Platform
import Recipes
import Sandbox
import Testing
import YAML

/// One case of the conformance suite: a document in `Documents`, and beside it what running it must do.
///
/// The expectation of `loop.yaml` is `loop.expected.yaml`. All its fields may be left out:
///
///     parameters: {Name: value}             values for the document
///     stored: {/name: value}                parameters of Systems Manager; `{list: [a, b]}` and `{secure: x}` are the other types
///     phases: [build]                       which phases are run; all where it is left out
///     files: {/etc/x: text}                 what the tree holds at first, besides /etc, /tmp and /usr/bin
///     programs:                             what programs do, in the order in which they are started
///       - {expects: piece of the script, stdout: text, stderr: text, status: 0, seconds: 1, writes: {/path: text}}
///     documents: {"s3://b/k": text}         what ExecuteDocument finds outside of the image
///     errors: ["12:9: error: there is"]     the document is refused, with these pieces in the message
///     http: [{status: 200, body: text}]     what servers answer, in order
///     requests: [https://example.com/x]     what they must be asked
///     sent: [text]                          what they must be sent
///     status: Success                       of the run
///     steps:                                of single steps, by phase.step
///       build.A: {status: Failed, outputs: '{"stdout":"x"}', failureMessage: piece, inputs: piece}
///     executed: [build.A, build.B]          all steps that ran or were skipped, in order
///     tree:                                 what the tree holds afterwards
///       /etc/x: {text: "…", mode: "0644", owner: "0:0", target: /link, absent: true}
///     console: [piece]                      of what is printed, in order
struct DocumentCase: CustomTestStringConvertible {
    let name: String

    static let folder = "\(Files.parent(of: #filePath))/Documents"

    static let all: [DocumentCase] = {
        let files = Files.names(in: folder)
        return files.filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".expected.yaml") }.sorted()
            .map { DocumentCase(name: String($0.dropLast(".yaml".count))) }
    }()

    var testDescription: String { name }

    var document: [UInt8] { get throws { try Files.read("\(Self.folder)/\(name).yaml", limit: 1 << 20) } }

    var expected: Node {
        get throws { try YAMLParser.parse(try Files.read("\(Self.folder)/\(name).expected.yaml", limit: 1 << 20)) }
    }
}

extension Node {
    /// The entries of a mapping that may be missing.
    func entries(_ key: String) -> [(String, Node)] { self[key]?.pairs?.map { ($0.key.text ?? "", $0.value) } ?? [] }

    func texts(_ key: String) -> [String] { self[key]?.elements?.compactMap(\.text) ?? [] }

    func text(_ key: String) -> String? { self[key]?.text }

    /// The lines of a text, without its last line end.
    func lines(_ key: String) -> [String] {
        guard let text = text(key) else { return [] }
        return (text.hasSuffix("\n") ? String(text.dropLast()) : text).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }
}

extension ScriptedPrograms.Script {
    init(_ node: Node) {
        self.init(
            expects: node.text("expects") ?? "", output: node.lines("stdout"), errors: node.lines("stderr"),
            end: .exited(node["status"]?.integer.map { Int32($0) } ?? 0),
            writes: Dictionary(node.entries("writes").map { ($0.0, $0.1.text ?? "") }) { $1 },
            seconds: node["seconds"]?.integer.map { UInt64($0) } ?? 0)
    }
}

extension StoredParameter {
    init(_ node: Node) {
        if let list = node["list"] {
            self.init(.list(list.elements?.compactMap(\.text) ?? []))
        } else if let secure = node.text("secure") {
            self.init(.secure(secure))
        } else {
            self.init(.string(node.text ?? ""))
        }
    }
}

extension ScriptedHTTP.Answer {
    init(_ node: Node) { self = .status(node["status"]?.integer.map { Int($0) } ?? 200, [:], node.text("body") ?? "") }
}
