import Model
import Text
import YAML

/// Reads a recipe's stage list.
struct StageListReader {
    private let known: [String: any StageDefinition.Type]
    private let names: [String]
    private let baseFolder: String
    private let diagnostics: Diagnostics

    init(known: [any StageDefinition.Type], baseFolder: String, _ diagnostics: Diagnostics) {
        self.known = Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        names = known.map { $0.name }
        self.baseFolder = baseFolder
        self.diagnostics = diagnostics
    }

    func read(_ list: [ValueReader]) -> [StageEntry] {
        var counts: [String: Int] = [:]
        var test: String?
        return list.enumerated().compactMap { position, entry in
            guard let (key, value) = split(entry), let name = key.text, let type = type(named: name, at: key.mark) else {
                return nil
            }
            counts[name, default: 0] += 1
            if type.subject == .sealedImage {
                test = name
            } else if let test {
                diagnostics.report(
                    "'\(name)' comes after '\(test)', which runs on the sealed image", at: key.mark,
                    hint: "move '\(test)' to the end of the stages")
            }
            let reader = StageReader(name: name, at: key.mark, value: value, baseFolder: baseFolder, diagnostics)
            guard let stage = type.init(from: reader) else { return nil }
            let count = counts[name, default: 1]
            let definition = value.map { CanonicalValue($0) } ?? .null
            return StageEntry(
                name: count == 1 ? name : "\(name)-\(count)", position: position, stage: stage, definition: definition)
        }
    }

    /// The name of an entry and its value, if it has one.
    private func split(_ entry: ValueReader) -> (Node, Node?)? {
        if entry.node.text != nil && !entry.node.isNull { return (entry.node, nil) }
        if let pairs = entry.node.pairs, let first = pairs.first {
            if pairs.count == 1 { return (first.key, first.value) }
            let name = first.key.text ?? ""
            return entry.fail(
                "a stage has one name, this entry has \(pairs.count) keys", hint: "indent the options of '\(name)' further")
        }
        return entry.fail(
            "a stage is a name or a name with options, this is \(entry.node.kind)", hint: "write it like '- validate'")
    }

    private func type(named name: String, at mark: Mark) -> (any StageDefinition.Type)? {
        if let type = known[name] { return type }
        let hint = Suggestion.hint(for: name, among: names) ?? "stages are \(names.joined(separator: ", "))"
        diagnostics.report("there is no stage '\(name)'", at: mark, hint: hint)
        return nil
    }
}
