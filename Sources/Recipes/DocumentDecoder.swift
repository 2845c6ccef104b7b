import Model
import Platform
import YAML

/// Decodes one document from its bytes.
package enum DocumentDecoder {
    /// Parses the document and lets `read` take its fields; throws all errors at once as `Failure(.invalid)`.
    ///
    /// `file` is the path for messages, `what` names the document in them: `the recipe`. `read` returns nil only after it reported.
    package static func decode<Value>(
        _ bytes: [UInt8],
        file: String,
        as what: String,
        read: (FieldReader) -> Value?
    ) throws(Failure) -> Value {
        let diagnostics = Diagnostics(file: file, source: SourceText(bytes))
        var value: Value?
        do throws(YAMLError) {
            let root = try YAMLParser.parse(bytes) { diagnostics.report($0) }
            if let fields = fields(of: root, what, diagnostics) {
                value = read(fields)
                fields.finish()
            }
        } catch {
            diagnostics.report(error)
        }
        try diagnostics.check()
        guard let value else { throw Failure(.bug, "\(file) could not be read, and no error was found in it") }
        return value
    }

    private static func fields(of root: Node, _ what: String, _ diagnostics: Diagnostics) -> FieldReader? {
        if let pairs = root.pairs { return FieldReader(pairs, of: what, at: root.mark, diagnostics) }
        diagnostics.report("\(what) must be a mapping of fields, this is \(root.kind)", at: root.mark)
        return nil
    }

    /// The name that a document must have: its file's name without `.yaml` or `.yml`.
    static func stem(of file: String) -> String {
        let name = Files.name(of: file)
        for ending in [".yaml", ".yml"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
        return name
    }
}

extension FieldReader {
    /// The field `name`, which must be the name of the file. With a `version` the file may also be `<name>@<version>`.
    func documentName(version: VersionPattern? = nil) -> ResourceName? {
        guard let value = required("name"), let name = value.value(ResourceName.self) else { return nil }
        let stem = DocumentDecoder.stem(of: diagnostics.file)
        if name.description != stem, version.map({ stem != DocumentLibrary.reference(name, $0) }) ?? true {
            value.report(
                "the name '\(name)' is not the file's, which is '\(stem)'", hint: "write 'name: \(stem)' or rename the file")
        }
        return name
    }

    /// The field `description`, 1 to 1024 characters, which may be missing.
    func documentDescription() -> String? {
        guard let value = optional("description"), let text = value.string() else { return nil }
        guard (1...1024).contains(text.unicodeScalars.count) else {
            return value.fail("'description' has \(text.unicodeScalars.count) characters; 1 to 1024 are allowed")
        }
        return text
    }
}
