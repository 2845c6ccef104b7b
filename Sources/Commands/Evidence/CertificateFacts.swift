import Model
import Text

/// What a scrub certificate says, read from its JSON: it may be one of an earlier version.
struct CertificateFacts {
    private let predicate: JSONValue
    private let proof: JSONValue

    init(_ predicate: JSONValue) {
        self.predicate = predicate
        proof = predicate["proof"] ?? .null
    }

    var facts: [FactList.Fact] {
        var facts = [
            FactList.Fact("built", "\(text("startedOn")) to \(text("finishedOn"))"),
            FactList.Fact("files", files), FactList.Fact("raw image", rawImage), FactList.Fact("canaries", canaries),
            FactList.Fact("states", "\(number(proof["assertedStates"])) asserted, \(count(proof["brokenStates"])) broken"),
            FactList.Fact("findings", findings), FactList.Fact("allowed", allowed), FactList.Fact("scrubbed", scrubbed),
            FactList.Fact("skipped", skipped), FactList.Fact("hardened", hardened),
        ]
        if let patches = predicate["patches"]?.array, !patches.isEmpty {
            facts.append(.init("patched", patches.compactMap(\.string)))
        }
        facts.append(.init("packages", packages))
        return facts.filter { !$0.values.isEmpty }
    }

    // MARK: What was searched

    private var files: [String] {
        let coverage = proof["coverage"] ?? .null
        let skips = coverage["skipped"]?.array ?? []
        let seen =
            "\(number(coverage["files"])) with \(bytes(coverage["bytes"])) searched by \(number(coverage["ruleCount"])) rules"
        return [seen] + skips.prefix(10).map { "not looked into: \($0["place"]?.string ?? ""), \($0["reason"]?.string ?? "")" }
    }

    private var rawImage: [String] {
        let known = proof["knownValues"] ?? .null
        let raw = proof["rawImage"] ?? .null
        let values = known["searched"]?.array?.compactMap(\.string) ?? []
        let left = known["notSearched"]?.array?.compactMap(\.string) ?? []
        let line =
            "\(bytes(raw["bytes"])), \(bytes(raw["searchedBytes"])) of it no holes, searched for \(Amount.count(values.count, "value")) that must not be there"
        return [line] + values.prefix(10).map { "the " + $0 } + (values.count > 10 ? ["and \(values.count - 10) more"] : [])
            + left.prefix(10).map { "not searched: \($0)" }
    }

    private var canaries: String {
        let canaries = proof["canaries"] ?? .null
        return "\(number(canaries["found"])) of \(number(canaries["planted"])) found"
    }

    private var findings: String { "\(count(proof["findings"]) + count(proof["knownValues"]?["hits"]))" }

    private var allowed: [String] {
        let files = proof["allowed"]?.array ?? []
        let values = proof["knownValues"]?["allowed"]?.array ?? []
        return files.map { entry in
            let finding = entry["finding"] ?? .null
            return "\(finding["path"]?.string ?? "") (\(finding["rule"]?.string ?? "")): \(entry["reason"]?.string ?? "")"
        } + values.map { "\($0["path"]?.string ?? "") (\($0["value"]?.string ?? "")): \($0["reason"]?.string ?? "")" }
    }

    // MARK: What stages did

    private var operations: [JSONValue] { (predicate["scrub"]?.array ?? []).flatMap { $0["operations"]?.array ?? [] } }

    private var scrubbed: [String] {
        let done = operations.filter { $0["status"]?.string == "done" }
        return ["\(done.count) of \(operations.count) operations found something"]
    }

    private var skipped: [String] {
        operations.filter { $0["status"]?.string == "skipped" }.map {
            "\($0["id"]?.string ?? ""): \($0["reason"]?.string ?? "")"
        }
    }

    private var hardened: [String] {
        (predicate["hardening"]?.array ?? []).flatMap { entry -> [String] in
            let counts = (entry["counts"]?.object ?? [:]).sorted { $0.key < $1.key }
            let line = counts.map { "\($0.key) \(number($0.value))" }.joined(separator: ", ")
            let exceptions = (entry["exceptions"]?.array ?? []).map {
                "except \($0["rule"]?.string ?? ""): \($0["because"]?.string ?? "")"
            }
            return ["\(entry["profile"]?.string ?? ""): \(line)"] + exceptions
        }
    }

    private var packages: [String] {
        guard let packages = predicate["packages"] else { return [] }
        let verdicts = packages["verdicts"]?.array ?? []
        if verdicts.isEmpty { return ["not assessed: \(packages["because"]?.string ?? "")"] }
        return verdicts.flatMap(Self.lines)
    }

    /// What one gate said, and on what it stands.
    private static func lines(_ verdict: JSONValue) -> [String] {
        var lines = ["\(verdict["gate"]?.string ?? "") lets them pass: \(verdict["summary"]?.string ?? "")"]
        for index in verdict["indexes"]?.array ?? [] {
            lines.append("by \(index["suite"]?.string ?? ""), of \(index["date"]?.string ?? "no date")")
        }
        for feed in verdict["feeds"]?.array ?? [] {
            lines.append("by \(feed["file"]?.string ?? ""), of \(feed["date"]?.string ?? "no date")")
        }
        for finding in verdict["ignored"]?.array ?? [] {
            let (id, package) = (finding["id"]?.string ?? "", finding["package"]?.string ?? "")
            lines.append("ignored \(id) of \(package): \(finding["reason"]?.string ?? "")")
        }
        return lines
    }

    // MARK: Values

    private func text(_ name: String) -> String { predicate[name]?.string ?? "" }

    private func number(_ value: JSONValue?) -> Int { if case .number(let text)? = value { Int(text) ?? 0 } else { 0 } }

    private func count(_ value: JSONValue?) -> Int { value?.array?.count ?? 0 }

    private func bytes(_ value: JSONValue?) -> String { Amount.bytes(UInt64(number(value))) }
}
