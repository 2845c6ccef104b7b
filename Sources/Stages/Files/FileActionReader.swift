import FoundationEssentials
import Guest
import ImageStore
import Model
import Recipes
import Text

/// Reads the list of a `files` stage: entries with one key each, which is the action's name.
struct FileActionReader {
    let reader: StageReader

    private static let names = ["write", "copy", "append", "mkdir", "symlink", "remove", "permissions", "owner"]

    func read() -> [FileAction]? {
        guard let value = reader.value else {
            reader.report(
                "the stage 'files' has no actions", hint: "write a list such as '- write: {path: /etc/motd, text: hello}'")
            return nil
        }
        return value.list()?.enumerated().compactMap { index, entry in action(entry, position: index + 1) }
    }

    private func action(_ entry: ValueReader, position: Int) -> FileAction? {
        guard let pairs = entry.entries() else { return nil }
        guard let (key, value) = pairs.first, pairs.count == 1 else {
            return entry.fail(
                "an action has one key, its name; this entry has \(pairs.count)", hint: "begin a new entry with '- '")
        }
        guard let name = key.string() else { return nil }
        guard Self.names.contains(name) else {
            let hint = Suggestion.hint(for: name, among: Self.names) ?? "actions are \(Self.names.joined(separator: ", "))"
            return key.fail("there is no action '\(name)'", hint: hint)
        }
        guard let fields = value.fields() else { return nil }
        let path = (name == "copy" ? fields.required("to") : fields.required("path"))?.parsed(Self.path)
        let kind = kind(name, fields)
        fields.finish()
        guard let path, let kind else { return nil }
        return FileAction(position: position, path: path, kind: kind)
    }

    private func kind(_ name: String, _ fields: FieldReader) -> FileAction.Kind? {
        switch name {
        case "write": Self.write(fields)
        case "copy": copy(fields)
        case "append": fields.required("text").flatMap(Self.text).map { .append($0) }
        case "mkdir": .makeDirectory(Self.attributes(fields))
        case "symlink": fields.required("target").flatMap(Self.target).map { .symlink(target: $0) }
        case "remove": Self.remove(fields)
        case "permissions": Self.permissions(fields)
        default: Self.owner(fields)
        }
    }

    // MARK: The actions

    private static func write(_ fields: FieldReader) -> FileAction.Kind? {
        let attributes = attributes(fields)
        switch (fields.optional("text"), fields.optional("base64")) {
        case (let value?, nil): return text(value).map { .write($0, attributes) }
        case (nil, let value?): return base64(value).map { .write($0, attributes) }
        case (nil, nil): fields.diagnostics.report("'write' has neither 'text' nor 'base64'", at: fields.mark)
        case (_?, _?): fields.report("'write' has both 'text' and 'base64'", at: "base64", hint: "keep one of them")
        }
        return nil
    }

    private func copy(_ fields: FieldReader) -> FileAction.Kind? {
        let attributes = Self.attributes(fields)
        let directoryMode = Self.mode("directoryMode", fields)
        guard let from = fields.string("from") else { return nil }
        return .copy(HostSource(name: from, path: reader.path(from)), attributes, directoryMode: directoryMode)
    }

    private enum Missing: String, CaseIterable {
        case ok, error
    }

    private static func remove(_ fields: FieldReader) -> FileAction.Kind? {
        .remove(missingIsFine: fields.oneOf("missing", default: Missing.error) == .ok)
    }

    private static func permissions(_ fields: FieldReader) -> FileAction.Kind? {
        let mode = fields.required("mode")?.parsed(FileMode.init(parsing:))
        let isRecursive = fields.boolean("recursive", default: false)
        let directoryMode = Self.mode("directoryMode", fields)
        if directoryMode != nil && !isRecursive {
            fields.report("'directoryMode' is for 'recursive: true'", at: "directoryMode")
        }
        return mode.map { .permissions($0, directoryMode: directoryMode, isRecursive: isRecursive) }
    }

    private static func owner(_ fields: FieldReader) -> FileAction.Kind? {
        let attributes = FileAttributes(owner: owner("owner", fields), group: owner("group", fields))
        let isRecursive = fields.boolean("recursive", default: false)
        if fields.optional("owner") == nil && fields.optional("group") == nil {
            fields.diagnostics.report("'owner' has neither 'owner' nor 'group'", at: fields.mark)
        }
        return .owner(attributes, isRecursive: isRecursive)
    }

    // MARK: Values

    private static func attributes(_ fields: FieldReader) -> FileAttributes {
        FileAttributes(
            mode: mode("mode", fields), owner: owner("owner", fields), group: owner("group", fields))
    }

    private static func owner(_ key: String, _ fields: FieldReader) -> FileOwner? {
        guard let value = fields.optional(key), let text = value.string() else { return nil }
        return FileOwner(text)
            ?? value.fail("\"\(text)\" is neither a name nor a number", hint: "write one of them, like root or 0")
    }

    private static func mode(_ key: String, _ fields: FieldReader) -> FileMode? {
        fields.optional(key)?.parsed(FileMode.init(parsing:))
    }

    private static func path(_ text: String) throws(Failure) -> TreePath {
        guard text.hasPrefix("/") else {
            throw Failure(.invalid, "the path \"\(text)\" does not start at the image's root", hint: "write it with a leading /")
        }
        return try TreePath(parsing: text)
    }

    private static func text(_ value: ValueReader) -> [UInt8]? { value.string().map { Array($0.utf8) } }

    private static func base64(_ value: ValueReader) -> [UInt8]? {
        guard let text = value.string() else { return nil }
        let digits = String(text.filter { !$0.isWhitespace })
        guard let data = Data(base64Encoded: digits) else { return value.fail("\(value.name) is not base64") }
        return Array(data)
    }

    private static func target(_ value: ValueReader) -> [UInt8]? {
        guard let text = value.string() else { return nil }
        guard !text.utf8.contains(0), text.utf8.count <= TreePath.maximumLength else {
            return value.fail("\(value.name) is no target of a symbolic link")
        }
        return Array(text.utf8)
    }
}
