import Recipes
import YAML

/// Reads `parameters` and `constants`: lists of mappings with one key each.
final class VariableReader {
    private let diagnostics: Diagnostics
    private var names: [(name: String, mark: Mark)] = []

    init(diagnostics: Diagnostics) { self.diagnostics = diagnostics }

    func parameters(_ list: ValueReader?) -> [ComponentParameter] {
        entries(list, "a parameter").compactMap { name, fields in
            readType(fields)
            let value = fields.optional("default").flatMap(text)
            let description = fields.optional("description").flatMap(text)
            fields.finish()
            return ComponentParameter(name: name, defaultValue: value, description: description ?? "")
        }
    }

    func constants(_ list: ValueReader?) -> [ComponentConstant] {
        entries(list, "a constant").compactMap { name, fields in
            readType(fields)
            let value = fields.required("value").flatMap(text)
            fields.finish()
            return value.map { ComponentConstant(name: name, value: $0) }
        }
    }

    /// A name stands for one parameter or one constant.
    func checkUnique() {
        var unique = UniqueNames(what: "name", within: "'parameters' and 'constants'", diagnostics: diagnostics)
        for (name, mark) in names { unique.add(name, at: mark) }
    }

    private func entries(_ list: ValueReader?, _ what: String) -> [(String, FieldReader)] {
        guard let list, !list.node.isNull, let entries = list.list() else { return [] }
        return entries.compactMap { entry in
            guard let pairs = entry.node.pairs else {
                entry.report("\(what) must be a mapping of its name to its fields, this is \(entry.node.kind)")
                return nil
            }
            guard pairs.count == 1, let name = pairs[0].key.text else {
                entry.report(
                    "\(what) must be a mapping with one key, its name; this one has \(pairs.count)",
                    hint: pairs.first?.value.isNull == true ? "indent the fields below the name" : "begin each with '- '")
                return nil
            }
            check(name, at: pairs[0].key.mark)
            guard let fields = ValueReader(pairs[0].value, "'\(name)'", diagnostics).fields() else { return nil }
            return (name, fields)
        }
    }

    private func check(_ name: String, at mark: Mark) {
        names.append((name, mark))
        guard (3...128).contains(name.utf8.count), Reference.isName(name) else {
            diagnostics.report(
                "the name '\(name)' is not allowed", at: mark, hint: "names have 3 to 128 letters, digits, '-' and '_'")
            return
        }
    }

    private func readType(_ fields: FieldReader) {
        guard let value = fields.required("type") else { return }
        if value.node.text != "string" {
            value.report("'type' must be string, this is \(value.node.text.map { "'\($0)'" } ?? value.node.kind)")
        }
    }

    /// Any scalar, an empty one too.
    private func text(_ value: ValueReader) -> String? {
        value.node.text ?? value.fail("\(value.name) must be text, this is \(value.node.kind)")
    }
}
