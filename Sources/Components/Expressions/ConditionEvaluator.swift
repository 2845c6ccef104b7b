import Crypto
import ImageStore
import Model
import PCRE2
import Sandbox

/// Decides conditions on a tree.
struct ConditionEvaluator {
    let editor: TreeEditor
    let programs: any ProgramRunner
    /// Nanoseconds for a program that is asked; nil for no limit.
    var timeLeft: UInt64?

    /// `and` stops at the first part that is false, `or` at the first that is true. `text` gives the operands as they are needed.
    func holds<Operand>(
        _ condition: ConditionTree<Operand>, _ text: (Operand) throws(Failure) -> String
    ) throws(Failure) -> Bool {
        switch condition {
        case .and(let parts):
            for part in parts where try !holds(part, text) { return false }
            return true
        case .or(let parts):
            for part in parts where try holds(part, text) { return true }
            return false
        case .not(let part): return try !holds(part, text)
        case .comparison(let comparison):
            let operand = try text(comparison.operand)
            let other = try comparison.other.map { (other) throws(Failure) in try text(other) }
            return try compare(comparison.comparator, operand, other ?? "")
        }
    }

    func holds(_ condition: Condition) throws(Failure) -> Bool {
        try holds(condition) { (text) throws(Failure) in text }
    }

    /// `operand` stands at the operator's key, `other` at `value` or `path`; an order is that of `other` to `operand`.
    private func compare(_ comparator: ComparisonOperator, _ operand: String, _ other: String) throws(Failure) -> Bool {
        switch comparator {
        case .stringIsEmpty: operand.isEmpty
        case .stringIsWhitespace: !operand.isEmpty && operand.allSatisfy(\.isWhitespace)
        case .stringEquals: operand.utf8.elementsEqual(other.utf8)
        case .stringLessThan: order(other, operand) < 0
        case .stringLessThanEquals: order(other, operand) <= 0
        case .stringGreaterThan: order(other, operand) > 0
        case .stringGreaterThanEquals: order(other, operand) >= 0
        case .patternMatches: try matches(other, operand)
        case .numberEquals: number(other, operand) { $0 == $1 }
        case .numberLessThan: number(other, operand) { $0 < $1 }
        case .numberLessThanEquals: number(other, operand) { $0 <= $1 }
        case .numberGreaterThan: number(other, operand) { $0 > $1 }
        case .numberGreaterThanEquals: number(other, operand) { $0 >= $1 }
        case .binaryExists: try hasProgram(operand)
        case .fileExists: try node(at: operand)?.content != nil
        case .folderExists: try node(at: operand)?.isDirectory ?? false
        case .fileMD5Equals: try checksum(of: other, .md5) == operand.lowercased()
        case .fileSHA1Equals: try checksum(of: other, .sha1) == operand.lowercased()
        case .fileSHA256Equals: try checksum(of: other, .sha256) == operand.lowercased()
        case .fileSHA512Equals: try checksum(of: other, .sha512) == operand.lowercased()
        }
    }

    // MARK: Texts and numbers

    /// Case does not count; by code points, so that digits come before letters.
    private func order(_ a: String, _ b: String) -> Int {
        let (a, b) = (a.lowercased().unicodeScalars, b.lowercased().unicodeScalars)
        if a.elementsEqual(b) { return 0 }
        return a.lexicographicallyPrecedes(b) ? -1 : 1
    }

    private func number(_ a: String, _ b: String, _ holds: (DecimalNumber, DecimalNumber) -> Bool) -> Bool {
        guard let a = DecimalNumber(a), let b = DecimalNumber(b) else { return false }
        return holds(a, b)
    }

    private func matches(_ text: String, _ pattern: String) throws(Failure) -> Bool {
        do throws(PatternError) {
            return try Pattern(pattern).matches(text)
        } catch {
            throw Failure(
                .invalid, "the pattern '\(pattern)' cannot be used: \(error)", hint: "patterns are written as RE2 has them")
        }
    }

    // MARK: The tree

    private func node(at path: String) throws(Failure) -> Node? { try editor.resolvedNode(try TreePath(parsing: path)) }

    private func checksum(of path: String, _ algorithm: FileDigest.Algorithm) throws(Failure) -> String {
        guard let content = try node(at: path)?.content else {
            throw Failure(
                .notFound, "the \(algorithm.rawValue) of \(path) cannot be compared: there is no such file in the image")
        }
        var hasher = FileDigest(algorithm)
        for extent in try content.extents(from: editor.objects) {
            if let bytes = try extent.data(from: editor.objects) {
                hasher.update(bytes)
            } else {
                Self.hash(zeros: extent.length, &hasher)
            }
        }
        return hasher.finish()
    }

    private static func hash(zeros count: UInt64, _ hasher: inout FileDigest) {
        let block = [UInt8](repeating: 0, count: 1 << 16)
        for _ in 0..<count / UInt64(block.count) { hasher.update(block) }
        hasher.update([UInt8](repeating: 0, count: Int(count % UInt64(block.count))))
    }

    /// What `type` of the image's shell says.
    private func hasProgram(_ name: String) throws(Failure) -> Bool {
        let program = GuestProgram(
            ["/bin/sh", "-c", "type \"$1\" >/dev/null 2>&1", "sh", name],
            limits: ProgramLimits(time: timeLeft))
        return try programs.run(program, on: editor) { _, _ in }.isSuccess
    }
}
