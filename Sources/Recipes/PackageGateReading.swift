import Model

/// The fields of `scan`, the same in a recipe's stage and in a pipeline.
///
///     scan:
///       packages:
///         feeds: [feeds/tracker.json]
///         indexes: [lists]
///         maximumSeverity: medium
///         fixAvailable: true
///         maximumAge: 7d
///         ignore: [{id: CVE-2023-4039, package: gcc-12, reason: only for arm64, until: 2027-01-01}]
extension PackageGate {
    /// Reads `packages`. Relative paths start at `folder`.
    package init?(_ scan: FieldReader, folder: String) {
        guard let fields = scan.mapping("packages") else { return nil }
        func sources(_ key: String) -> [Source] {
            fields.strings(key).map { Source(name: $0, path: $0.hasPrefix("/") ? $0 : folder + "/" + $0) }
        }
        self.init(
            feeds: sources("feeds"), indexes: sources("indexes"),
            policy: VulnerabilityPolicy(
                maximumSeverity: fields.oneOf("maximumSeverity", default: MaximumSeverity.high).severity,
                onlyFixable: fields.boolean("fixAvailable", default: false),
                maximumAge: fields.optionalValue("maximumAge", TimeSpan.self),
                ignored: fields.list("ignore").compactMap { VulnerabilityPolicy.Exception($0) }))
        fields.finish()
        if feeds.isEmpty && indexes.isEmpty {
            scan.report("'packages' has neither 'feeds' nor 'indexes' to judge packages by", at: "packages")
        }
    }

    /// What may be allowed.
    private enum MaximumSeverity: String, CaseIterable {
        case none, low, medium, high, critical

        var severity: Severity { Severity(rawValue: rawValue) ?? .critical }
    }
}

extension VulnerabilityPolicy.Exception {
    fileprivate init?(_ value: ValueReader) {
        guard let fields = value.fields() else { return nil }
        defer { fields.finish() }
        guard let id = fields.string("id"), let reason = fields.string("reason") else { return nil }
        self.init(
            id: id, package: fields.optionalString("package"), reason: reason, until: fields.optionalValue("until", Instant.self))
    }
}
