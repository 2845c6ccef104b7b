import Model
import Platform
import Secrets
import YAML

/// The file of `--allow`: a list of findings that somebody accepts.
///
///     - path: /etc/ssl/private/ssl-cert-snakeoil.key
///       rule: private-key
///       reason: made anew at the first start of each instance
struct SecretAllowList {
    let entries: [SecretAllowance]

    init(file: String) throws(Failure) {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(file, limit: 1 << 20) } catch {
            throw Failure(.notFound, "the list \(file) cannot be read", cause: error)
        }
        let root: Node
        do throws(YAMLError) { root = try YAMLParser.parse(bytes) } catch {
            throw Failure(.invalid, "the list \(file) is no YAML", cause: error)
        }
        guard let nodes = root.elements else {
            throw Failure(.invalid, "\(file) is no list", hint: "write entries with path, rule and reason")
        }
        var entries: [SecretAllowance] = []
        for (index, node) in nodes.enumerated() { entries.append(try Self.entry(node, "\(file): entry \(index + 1)")) }
        self.entries = entries
    }

    private static func entry(_ node: Node, _ place: String) throws(Failure) -> SecretAllowance {
        func text(_ key: String) throws(Failure) -> String {
            guard let text = node[key]?.text, !text.isEmpty else {
                throw Failure(.invalid, "\(place) has no \(key)", hint: "each entry needs path, rule and reason")
            }
            return text
        }
        if let other = node.pairs?.first(where: { !["path", "rule", "reason"].contains($0.key.text ?? "") }) {
            throw Failure(.invalid, "\(place) has the key '\(other.key.text ?? "")', which is none of path, rule and reason")
        }
        let rule = try text("rule")
        guard RuleSet.rules.contains(where: { $0.id == rule }) else {
            throw Failure(.invalid, "\(place) names the rule '\(rule)', which does not exist")
        }
        return SecretAllowance(path: try text("path"), rule: rule, reason: try text("reason"))
    }
}
