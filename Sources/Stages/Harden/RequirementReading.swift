import Guest
import Model
import Recipes
import Text
import YAML

/// Reads one requirement: `{sshd: {option: X11Forwarding, value: "no"}}`. A new kind of requirement is one line in `kinds`.
enum RequirementReading {
    typealias Reader = @Sendable (FieldReader) -> (any HardeningRequirement)?

    private static let kinds: [(name: String, read: Reader)] = [
        ("absentFile", { fields in fields.string("path").map { AbsentFile(path: $0) } }),
        ("accounts", { fields in fields.oneOf("property", AccountRequirement.Property.self).map { AccountRequirement($0) } }),
        ("anyOf", anyOf),
        ("appArmor", { fields in AppArmorProfiles(mayComplain: fields.boolean("mayComplain", default: false)) }),
        ("auditPrivileged", { _ in AuditRule.Privileged() }),
        ("auditRule", { fields in fields.string("line").map { AuditRule(line: $0) } }),
        ("banner", banner),
        ("emptyGroup", { fields in fields.string("name").map { EmptyGroup(name: $0) } }),
        ("fileLine", fileLine),
        ("filePermission", filePermission),
        ("filesBelow", filesBelow),
        ("fileSetting", fileSetting),
        ("fileText", fileText),
        ("kernelModule", { fields in fields.string("name").map { KernelModule(name: $0) } }),
        ("kernelOption", kernelOption),
        ("kernelParameter", kernelParameter),
        ("mountOption", mountOption),
        ("packages", packages),
        ("pamArgument", pamArgument),
        ("pamModule", pamModule),
        ("resourceLimit", resourceLimit),
        ("separateMount", separateMount),
        (
            "sshd",
            { fields in pair(fields.string("option"), accepted(fields)).map { SecureShellOption(option: $0, accepted: $1) } }
        ),
        ("sshdAccess", sshdAccess),
        ("sudo", sudo),
        ("sudoTag", { fields in fields.oneOf("absent", SudoTag.Word.self).map { SudoTag(absent: $0) } }),
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
}
