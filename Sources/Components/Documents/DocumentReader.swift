import Crypto
import Model
import Platform
import Recipes
import Text
import YAML

extension ComponentDocument {
    /// Reads a document and checks it whole; all its errors come as one `Failure(.invalid)`, each with file, line, column and a caret.
    ///
    /// `file` is what messages call it.
    package init(parsing bytes: [UInt8], file: String) throws(Failure) {
        guard bytes.count <= Limits.bytes else {
            throw Failure(
                .invalid, "\(file) has \(bytes.count) bytes; a component document has at most \(Limits.bytes)",
                hint: "move scripts out of the document, or split it")
        }
        self = try DocumentDecoder.decode(bytes, file: file, as: "the component document") { fields in
            DocumentReader(fields: fields).read(file: file, digest: SHA256.digest(of: bytes))
        }
    }
}

/// Reads the fields of one document.
struct DocumentReader {
    let fields: FieldReader

    private var diagnostics: Diagnostics { fields.diagnostics }

    func read(file: String, digest: Digest) -> ComponentDocument? {
        let texts = TextReader(diagnostics: diagnostics)
        let name = fields.optional("name").flatMap { $0.node.isNull ? nil : texts.fixed($0) }
        let description = fields.optional("description").flatMap { $0.node.isNull ? nil : $0.node.text ?? texts.fixed($0) }
        readSchemaVersion()
        let variables = VariableReader(diagnostics: diagnostics)
        let parameters = variables.parameters(fields.optional("parameters"))
        let constants = variables.constants(fields.optional("constants"))
        variables.checkUnique()
        guard let phases = readPhases() else { return nil }
        let document = ComponentDocument(
            name: name ?? Self.stem(of: file), description: description ?? "", file: file, digest: digest, parameters: parameters,
            constants: constants, phases: phases)
        ReferenceCheck(document: document, diagnostics: diagnostics).check()
        return document
    }

    private static func stem(of file: String) -> String {
        let name = Files.name(of: file)
        for ending in [".yaml", ".yml"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
        return name
    }

    private func readSchemaVersion() {
        guard let value = fields.required("schemaVersion") else { return }
        if let text = value.node.text, ["1.0", "1"].contains(text) { return }
        value.report("'schemaVersion' must be 1.0, this is \(value.node.text.map { "'\($0)'" } ?? value.node.kind)")
    }

    // MARK: Phases

    private static let standardPhases = ["build", "validate", "test", "container-host-test"]

    private func readPhases() -> [ComponentPhase]? {
        guard let list = fields.required("phases"), let entries = list.list() else { return nil }
        if entries.isEmpty { return list.fail("'phases' is empty; a document has at least one phase") }
        var names = UniqueNames(what: "phase", diagnostics: diagnostics)
        let phases = entries.compactMap { readPhase($0, &names) }
        if phases.count == entries.count, !phases.contains(where: { Self.standardPhases.contains($0.name) }) {
            list.report(
                "none of the phases is build, validate or test",
                hint: Suggestion.hint(for: phases[0].name, among: Self.standardPhases))
        }
        return phases
    }

    private func readPhase(_ entry: ValueReader, _ names: inout UniqueNames) -> ComponentPhase? {
        guard let fields = entry.named("a phase").fields() else { return nil }
        defer { fields.finish() }
        let name = fields.required("name").flatMap { TextReader(diagnostics: diagnostics).fixed($0) }
        if let name, let value = fields.optional("name") { names.add(name, at: value.mark) }
        guard let list = fields.required("steps"), let entries = list.list() else { return nil }
        if entries.isEmpty { return list.fail("the phase '\(name ?? "")' has no steps") }
        let reader = StepReader(diagnostics: diagnostics)
        var steps = UniqueNames(what: "step", within: "its phase", diagnostics: diagnostics)
        var loops = UniqueNames(what: "loop", within: "its phase", diagnostics: diagnostics)
        let read = entries.compactMap { reader.read($0, steps: &steps, loops: &loops) }
        return name.map { ComponentPhase(name: $0, steps: read) }
    }
}

/// Reports names that stand twice.
struct UniqueNames {
    private let what: String
    private let place: String
    private let diagnostics: Diagnostics
    private var seen: [String: Mark] = [:]

    init(what: String, within place: String = "the document", diagnostics: Diagnostics) {
        self.what = what
        self.place = place
        self.diagnostics = diagnostics
    }

    mutating func add(_ name: String, at mark: Mark) {
        if let first = seen[name] {
            diagnostics.report(
                "the \(what) '\(name)' stands twice in \(place), first at line \(first.line)", at: mark,
                hint: "give it another name")
        } else {
            seen[name] = mark
        }
    }
}
