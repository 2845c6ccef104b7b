import Guest
import ImageStore
import Model
import Recipes
import Text
import YAML

/// A profile document by itself: its own rules, and the name of the profile whose rules it has too.
struct HardeningDocument {
    let name: String
    let title: String
    let extends: String?
    let rules: [HardeningRule]

    /// `Failure(.invalid)` with all that is wrong in the document.
    init(_ bytes: [UInt8], file: String) throws(Failure) {
        self = try DocumentDecoder.decode(bytes, file: file, as: "the hardening profile") { Self($0) }
    }

    private init?(_ fields: FieldReader) {
        let name = fields.value("name", ResourceName.self)
        let title = fields.string("title")
        extends = fields.optionalValue("extends", ResourceName.self)?.description
        var known: Set<String> = []
        rules = (fields.required("rules")?.list() ?? []).compactMap { value -> HardeningRule? in
            guard let fields = value.fields() else { return nil }
            defer { fields.finish() }
            guard let rule = Self.rule(fields) else { return nil }
            if !known.insert(rule.id).inserted { fields.report("there are two rules '\(rule.id)'", at: "id") }
            return rule
        }
        if rules.isEmpty { fields.report("a profile needs at least one rule", at: "rules") }
        guard let name, let title else { return nil }
        self.name = name.description
        self.title = title
    }

    private static func rule(_ fields: FieldReader) -> HardeningRule? {
        let id = fields.value("id", ResourceName.self)
        let title = fields.string("title")
        let reference = fields.string("reference")
        let severity = fields.oneOf("severity", HardeningRule.Severity.self)
        let notDecidable = fields.optionalString("notDecidable")
        let values = notDecidable == nil ? fields.required("require")?.list() ?? [] : []
        let requirements = values.compactMap { RequirementReading.requirement($0) }
        if values.isEmpty && notDecidable == nil { fields.report("a rule needs at least one requirement", at: "require") }
        guard let id, let title, let reference, let severity else { return nil }
        return HardeningRule(
            id: id.description, title: title, reference: reference, severity: severity, requirements: requirements,
            notDecidable: notDecidable)
    }
}

/// Reads one requirement: `{sshd: {option: X11Forwarding, value: "no"}}`. A new kind of requirement is one line in `kinds`.
enum RequirementReading {
    private typealias Reader = @Sendable (FieldReader) -> (any HardeningRequirement)?

    private static let kinds: [(name: String, read: Reader)] = [
        ("absentFile", { fields in fields.string("path").map { AbsentFile(path: $0) } }),
        ("accounts", { fields in fields.oneOf("property", AccountRequirement.Property.self).map { AccountRequirement($0) } }),
        ("banner", banner),
        ("filePermission", filePermission),
        ("fileSetting", fileSetting),
        ("fileText", fileText),
        ("kernelModule", { fields in fields.string("name").map { KernelModule(name: $0) } }),
        ("kernelParameter", kernelParameter),
        ("mountOption", mountOption),
        ("packages", packages),
        ("pamArgument", pamArgument),
        ("resourceLimit", resourceLimit),
        (
            "sshd",
            { fields in pair(fields.string("option"), accepted(fields)).map { SecureShellOption(option: $0, accepted: $1) } }
        ),
        ("sudo", sudo),
        ("systemd", systemd),
        ("tree", { fields in fields.oneOf("property", TreeSweep.Property.self).map { TreeSweep($0) } }),
        ("unit", unit),
    ]

    static func requirement(_ value: ValueReader) -> (any HardeningRequirement)? {
        guard let entries = value.entries() else { return nil }
        guard let (key, content) = entries.first, entries.count == 1, let name = key.node.text else {
            return value.fail("a requirement has one key, which says its kind")
        }
        guard let kind = kinds.first(where: { $0.name == name }) else {
            return key.fail("there is no requirement '\(name)'", hint: hint(name))
        }
        guard let fields = content.fields() else { return nil }
        defer { fields.finish() }
        return kind.read(fields)
    }

    private static func hint(_ name: String) -> String {
        let known = kinds.map(\.name)
        return Suggestion.hint(for: name, among: known) ?? "requirements are \(known.joined(separator: ", "))"
    }

    // MARK: Kinds

    private static func banner(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let mayBeEmpty = fields.boolean("mayBeEmpty", default: false)
        return pair(path(fields), fields.string("text")).map { Banner(file: $0, text: $1, mayBeEmpty: mayBeEmpty) }
    }

    private static func filePermission(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let owners = fields.optional("owner")?.strings() ?? ["root"]
        let groups = fields.optional("group")?.strings() ?? ["root"]
        let mustExist = fields.boolean("mustExist", default: false)
        return pair(fields.string("path"), mode(fields)).map {
            FilePermission(path: $0, mode: $1, owners: owners, groups: groups, mustExist: mustExist)
        }
    }

    private static func fileSetting(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let style = fields.oneOf("style", FileSetting.Style.self)
        let key = fields.string("key")
        let creates = fields.boolean("creates", default: false)
        let accepted = accepted(fields)
        guard let path = path(fields), let style, let key, let accepted else { return nil }
        return FileSetting(file: path, style: style, key: key, accepted: accepted, creates: creates)
    }

    private static func fileText(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let text = fields.string("text")
        guard let path = path(fields), let text, let mode = mode(fields) else { return nil }
        return FileText(file: path, text: text, mode: mode)
    }

    private static func kernelParameter(_ fields: FieldReader) -> (any HardeningRequirement)? {
        pair(fields.string("name"), fields.string("value")).map { KernelParameter(name: $0, value: $1) }
    }

    private static func mountOption(_ fields: FieldReader) -> (any HardeningRequirement)? {
        pair(fields.string("mountPoint"), fields.string("option")).map { MountOption(mountPoint: $0, option: $1) }
    }

    private static func packages(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let absent = fields.optional("absent")?.strings()
        let present = fields.optional("present")?.strings()
        guard (absent == nil) != (present == nil), let names = absent ?? present else {
            fields.report("say which packages are 'absent' or which are 'present'", at: "absent")
            return nil
        }
        return PackageState(names: names, isPresent: present != nil)
    }

    private static func pamArgument(_ fields: FieldReader) -> (any HardeningRequirement)? {
        pair(fields.string("module"), fields.string("absent")).map { AuthenticationArgument(module: $0, argument: $1) }
    }

    private static func resourceLimit(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let (domain, type) = (fields.string("domain"), fields.string("type"))
        let (item, value) = (fields.string("item"), fields.string("value"))
        guard let domain, let type, let item, let value else { return nil }
        return ResourceLimit(domain: domain, type: type, item: item, value: value)
    }

    private static func sudo(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let isFlag = fields.boolean("flag", default: false)
        guard let name = fields.string("name") else { return nil }
        return SudoDefault(name: name, accepted: isFlag ? nil : accepted(fields))
    }

    private static func systemd(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let (configuration, section, key) = (fields.string("configuration"), fields.string("section"), fields.string("key"))
        guard let accepted = accepted(fields), let configuration, let section, let key else { return nil }
        return SystemdSetting(configuration: configuration, section: section, key: key, accepted: accepted)
    }

    private static func unit(_ fields: FieldReader) -> (any HardeningRequirement)? {
        let state = fields.oneOf("state", UnitState.State.self)
        return pair(fields.string("name"), state).map { UnitState(unit: $0, state: $1) }
    }

    // MARK: Values

    /// What is right: `value`, `oneOf`, `between`, `subset`, `eachAtMost`; `set` says what the remedy writes if not the first.
    private static func accepted(_ fields: FieldReader) -> AcceptedValue? {
        let set = fields.optionalString("set")
        if let value = fields.optional("value") { return value.string().map { AcceptedValue(.oneOf([$0]), remedy: $0) } }
        if let words = fields.optional("oneOf")?.strings() { return AcceptedValue(.oneOf(words), remedy: set ?? words.first) }
        if let words = fields.optional("subset")?.strings() {
            return AcceptedValue(.subset(words), remedy: set ?? words.joined(separator: ","))
        }
        if let bounds = fields.optional("between") {
            let numbers = bounds.list()?.compactMap { $0.integer(in: -1...Int(Int32.max)) } ?? []
            guard numbers.count == 2, numbers[0] <= numbers[1] else {
                return bounds.fail("'between' is a list of two numbers, the lower first")
            }
            return AcceptedValue(.between(numbers[0], numbers[1]), remedy: set ?? String(numbers[1]))
        }
        if let limits = fields.optional("eachAtMost") {
            let numbers = limits.list()?.compactMap { $0.integer(in: 0...Int(Int32.max)) } ?? []
            return AcceptedValue(.eachAtMost(numbers), remedy: set ?? numbers.map { String($0) }.joined(separator: ":"))
        }
        fields.report("nothing says which value is right", at: "value", hint: "write value, oneOf, between, subset or eachAtMost")
        return nil
    }

    private static func path(_ fields: FieldReader) -> TreePath? {
        fields.required("path")?.parsed { (text) throws(Failure) in try TreePath(parsing: text) }
    }

    private static func mode(_ fields: FieldReader) -> UInt16? {
        guard let value = fields.required("mode"), let text = value.string() else { return nil }
        guard let mode = UInt16(text, radix: 8), mode <= 0o7777 else {
            return value.fail("'\(text)' is no file mode", hint: "write it like \"0640\"")
        }
        return mode
    }

    private static func pair<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
        guard let a, let b else { return nil }
        return (a, b)
    }
}
