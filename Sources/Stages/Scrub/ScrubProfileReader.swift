import Guest
import Model
import Platform
import Recipes
import Text

/// Reads a scrub profile, which is a YAML document: `profiles/scrub-<name>.yaml`.
package struct ScrubProfileReader {
    /// Decodes a profile; all errors of the document are reported at once.
    package static func decode(_ bytes: [UInt8], file: String) throws(Failure) -> ScrubProfile {
        try DocumentDecoder.decode(bytes, file: file, as: "the scrub profile") { fields in
            let name = fields.string("name")
            if let name, Files.name(of: file) != "scrub-\(name).yaml" {
                fields.report("the profile '\(name)' must be in a file named scrub-\(name).yaml", at: "name")
            }
            let operations = operations(fields.required("operations")?.list() ?? [])
            return name.map { ScrubProfile(name: $0, operations: operations) }
        }
    }

    /// Reads a list of operations. Those of a recipe need no group.
    static func operations(_ entries: [ValueReader], group: ScrubOperation.Group? = nil) -> [ScrubOperation] {
        let operations = entries.compactMap { entry in
            entry.fields().flatMap { ScrubProfileReader(fields: $0, group: group).operation() }
        }
        reportDuplicates(operations, entries)
        return operations
    }

    private enum Default: String, CaseIterable {
        case on, optional
    }

    private let fields: FieldReader
    /// The group of operations that name none; nil where they must.
    private let group: ScrubOperation.Group?

    private static func reportDuplicates(_ operations: [ScrubOperation], _ entries: [ValueReader]) {
        var seen: Set<String> = []
        // An entry with an error is missing from the operations, and then the positions say nothing.
        guard operations.count == entries.count else { return }
        for (operation, entry) in zip(operations, entries) where !seen.insert(operation.id).inserted {
            entry.report("the operation '\(operation.id)' is there twice")
        }
    }

    private func operation() -> ScrubOperation? {
        let id = fields.string("id")
        let title = fields.string("title")
        let group = group.map { fields.oneOf("group", default: $0) } ?? fields.oneOf("group", ScrubOperation.Group.self)
        let action = fields.oneOf("action", ScrubOperation.Action.self)
        let reason = fields.string("reason")
        let patterns = patterns(fields.required("paths"))
        let keep = self.patterns(fields.optional("keep"))
        let containing = lines(fields.optional("containing"), keys: nil)
        let drop = lines(fields.optional("dropLines"), keys: fields.optional("dropKeys"))
        let content = fields.optional("content")?.string()
        let handler = handler()
        let isDefault = fields.oneOf("default", default: Default.on) == .on
        let onlyFiles = fields.boolean("onlyFiles", default: false)
        let keepPackaged = fields.boolean("keepPackaged", default: false)
        let everyName = fields.boolean("everyName", default: false)
        let values = fields.strings("values")
        let sources = fields.strings("sources")
        fields.finish()
        guard let id, let title, let group, let action, let reason, let containing, let drop else { return nil }
        let operation = ScrubOperation(
            id: id, title: title, group: group, action: action, handler: handler, patterns: patterns, keep: keep,
            isDefault: isDefault,
            onlyFiles: onlyFiles, keepPackaged: keepPackaged, containing: containing, drop: drop, content: content,
            everyName: everyName, values: values,
            reason: reason, sources: sources)
        checkAction(operation)
        return operation
    }

    /// An action without a handler needs to be told what to do, and one that does not use a field must not have it.
    private func checkAction(_ operation: ScrubOperation) {
        let action = operation.action
        let isGeneric = operation.handler == nil
        if action == .reset && isGeneric && operation.content == nil {
            fields.report("'reset' needs the 'content' that files get, or a 'handler'", at: "action")
        }
        if action == .edit && isGeneric && operation.drop.isEmpty {
            fields.report("'edit' needs 'dropLines' or 'dropKeys', or a 'handler'", at: "action")
        }
        if operation.content != nil && !(action == .reset && isGeneric) {
            fields.report("'content' is for 'reset' only", at: "content")
        }
        if !operation.drop.isEmpty && !(action == .edit && isGeneric) {
            fields.report(
                "'dropLines' and 'dropKeys' are for 'edit' only",
                at: fields.optional("dropLines") == nil ? "dropKeys" : "dropLines")
        }
        if operation.everyName && action != .delete { fields.report("'everyName' is for 'delete' only", at: "everyName") }
    }

    private func handler() -> String? {
        guard let value = fields.optional("handler"), let name = value.string() else { return nil }
        let known = Scrubber.kinds.map { type(of: $0).name }.filter { ScrubOperation.Action(rawValue: $0) == nil }
        if !known.contains(name) {
            value.report(
                "there is no handler '\(name)'",
                hint: Suggestion.hint(for: name, among: known) ?? "handlers are \(known.joined(separator: ", "))")
        }
        return name
    }

    private func patterns(_ value: ValueReader?) -> [GlobPattern] {
        var patterns: [GlobPattern] = []
        for entry in value?.list() ?? [] {
            patterns += entry.parsed { (text) throws(Failure) in try GlobPattern.expand(text) } ?? []
        }
        return patterns
    }

    private func lines(_ patterns: ValueReader?, keys: ValueReader?) -> LineRule? {
        let texts = patterns?.strings() ?? []
        let names = keys?.strings() ?? []
        do throws(Failure) { return try LineRule(patterns: texts, keys: names) } catch { return patterns?.fail(error.message) }
    }
}
