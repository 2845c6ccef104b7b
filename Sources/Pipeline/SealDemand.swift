import ImageStore
import Model

/// What a stage wants to be proven of the tree that is sealed, by other code than its own. An image is available only where it holds.
package struct SealDemand: Sendable {
    /// A finding that the recipe accepts: all three parts must be given.
    package struct Allowance: Hashable, Sendable, Codable {
        /// The file's path; `*` stands for any bytes without `/`, `**` for any bytes.
        package let path: String
        /// What finds it.
        package let rule: String
        package let reason: String

        package init(path: String, rule: String, reason: String) {
            self.path = path
            self.rule = rule
            self.reason = reason
        }

        /// Whether the path, in the form of `TreePath.escaped`, is meant.
        package func covers(_ path: String) -> Bool { Self.fits(Array(self.path.utf8)[...], Array(path.utf8)[...]) }

        private static func fits(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
            guard let first = pattern.first else { return path.isEmpty }
            guard first == UInt8(ascii: "*") else { return path.first == first && fits(pattern.dropFirst(), path.dropFirst()) }
            let stars = pattern.prefix { $0 == first }.count
            let rest = pattern.dropFirst(stars)
            var end = path.startIndex
            while true {
                if fits(rest, path[end...]) { return true }
                if end == path.endIndex || (stars == 1 && path[end] == UInt8(ascii: "/")) { return false }
                end += 1
            }
        }
    }

    package let allowances: [Allowance]
    /// How many states `findings` asserts.
    package let assertions: Int
    /// What of the tree is not in the state that the stage should have left, each as one sentence that names the path.
    package let findings: @Sendable (_ tree: any TreeView) throws(Failure) -> [String]

    package init(
        allowances: [Allowance], assertions: Int,
        findings: @escaping @Sendable (_ tree: any TreeView) throws(Failure) -> [String]
    ) {
        self.allowances = allowances
        self.assertions = assertions
        self.findings = findings
    }
}
