import Model

extension LifecycleRule {
    /// Reads the `lifecycle` field, which may be missing.
    ///
    ///     lifecycle: [{deprecate: {olderThan: 30d}}, {delete: {olderThan: 90d, retainAtLeast: 3}}, {disable: {keep: 5}}]
    static func read(_ fields: FieldReader) -> [LifecycleRule] {
        var rules: [LifecycleRule] = []
        for entry in fields.list("lifecycle") {
            guard let rule = rule(entry) else { continue }
            if rules.contains(where: { $0.action == rule.action }) {
                entry.report("there are two rules to \(rule.action.rawValue) images", hint: "keep one of them")
            }
            rules.append(rule)
        }
        return rules
    }

    /// A mapping of one key, the action, to its condition.
    private static func rule(_ entry: ValueReader) -> LifecycleRule? {
        guard let pair = entry.entries() else { return nil }
        guard pair.count == 1, let (key, value) = pair.first else {
            return entry.fail(
                "\(entry.name) has \(pair.count) actions",
                hint: "each rule is an entry of its own, such as {delete: {olderThan: 90d}}")
        }
        guard let action = key.oneOf(Action.self), let fields = value.fields() else { return nil }
        defer { fields.finish() }
        return condition(fields, action).map { LifecycleRule(action, $0) }
    }

    private static func condition(_ fields: FieldReader, _ action: Action) -> Condition? {
        let counts = 1...10_000
        switch (fields.has("olderThan"), fields.has("keep")) {
        case (true, false):
            let least = fields.optionalInteger("retainAtLeast", in: counts)
            return fields.value("olderThan", TimeSpan.self).map { .olderThan($0, retainAtLeast: least ?? 1) }
        case (false, true): return fields.integer("keep", in: counts).map { .keep($0) }
        case (true, true):
            fields.report("'\(action.rawValue)' has both 'olderThan' and 'keep'", at: "keep", hint: "keep one of them")
        case (false, false):
            fields.diagnostics.report("'\(action.rawValue)' has neither 'olderThan' nor 'keep'", at: fields.mark)
        }
        return nil
    }
}
