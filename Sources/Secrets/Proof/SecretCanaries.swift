import Crypto
import ImageStore
import Model
import Platform

/// A made-up credential in a made-up file, which a scan must find: the control that says a silent scanner is not a blind one.
package struct SecretCanary: Hashable, Sendable {
    /// The rule that must find it.
    package let rule: SecretRule
    /// Where the file would be.
    package let path: String
    package let content: [UInt8]
}

/// What a scan found of the canaries.
package struct CanaryRecall: Hashable, Sendable, Codable {
    package let planted: Int
    package let found: Int
    /// The rules whose canary was not found.
    package let missed: [String]

    package var isComplete: Bool { missed.isEmpty }
}

/// One canary for each rule of the scanner.
package struct SecretCanaries: Sendable {
    package let canaries: [SecretCanary]

    /// Canaries with values from the environment's randomness, so that no scanner can know them. Some draws are too plain for a rule's
    /// entropy test; a rule that finds a third of them is missed once in 10^17 with as many tries.
    package init(_ environment: Environment, tries: Int = 100) throws(Failure) {
        var random = try CanaryRandom(environment)
        let tokens = RuleTable.all.map { token in
            SecretCanary(
                rule: token.rule, path: "/srv/canary/\(token.rule.id).conf",
                content: Array("# settings\n".utf8) + token.example(&random, tries: tries) + [0x0A])
        }
        var values = CanaryValues(random)
        let files = FileParsers.all.map { parser in
            let file = parser.canary(&values)
            return SecretCanary(rule: parser.rules[0], path: file.path, content: file.bytes)
        }
        canaries = tokens + files
    }
}

extension SecretScanner {
    /// Searches the canaries with the same engine as everything else.
    package func recall(on canaries: SecretCanaries) throws(Failure) -> CanaryRecall {
        var items: [ScanItem] = []
        for canary in canaries.canaries { items.append(ScanItem(try TreePath(parsing: canary.path), canary.content)) }
        // All in one scan: a scanner for each would cost more than its search.
        let scan = FileScan(self, vendor: nil, cache: nil)
        try scan.scan(items)
        let found = Set(scan.result.findings.map { "\($0.rule) \($0.path)" })
        let missed = canaries.canaries.filter { !found.contains("\($0.rule.id) \($0.path)") }.map(\.rule.id)
        let count = canaries.canaries.count
        return CanaryRecall(planted: count, found: count - missed.count, missed: missed)
    }
}

/// SHA-256 in counter mode over a seed from the system: many random numbers from one call.
struct CanaryRandom: RandomNumberGenerator {
    private let seed: [UInt8]
    private var counter: UInt64 = 0

    init(_ environment: Environment) throws(Failure) {
        do throws(SystemError) { seed = try environment.random(32) } catch {
            throw Failure(.io, "the system gives no randomness", cause: error)
        }
    }

    mutating func next() -> UInt64 {
        counter += 1
        return HMACSHA256.digest(of: (0..<8).map { UInt8(truncatingIfNeeded: counter >> (8 * $0)) }, key: seed).words.0
    }
}
