import Guest
import Model
import Recipes

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
        let conditions = conditions(fields)
        let requirements = values.compactMap { RequirementReading.requirement($0) }.map { requirement in
            conditions.reduce(requirement) { PackageCondition(names: $1.names, areInstalled: $1.areInstalled, $0) }
        }
        if values.isEmpty && notDecidable == nil { fields.report("a rule needs at least one requirement", at: "require") }
        guard let id, let title, let reference, let severity else { return nil }
        return HardeningRule(
            id: id.description, title: title, reference: reference, severity: severity, requirements: requirements,
            notDecidable: notDecidable)
    }

    /// `whenInstalled` and `unlessInstalled`: packages without which, or with which, the rule does not count.
    private static func conditions(_ fields: FieldReader) -> [(names: [String], areInstalled: Bool)] {
        [("whenInstalled", true), ("unlessInstalled", false)].compactMap { key, areInstalled in
            let names = fields.strings(key)
            return names.isEmpty ? nil : (names, areInstalled)
        }
    }
}
