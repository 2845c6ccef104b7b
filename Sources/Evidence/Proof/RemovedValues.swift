import Guest
import ImageStore
import Model
import Secrets

/// The values that a scrub took out of a tree, found by comparing the tree before it with the one after: what identifies a machine,
/// keys, password hashes and credentials. They are for memory only.
///
/// It shares nothing with the scrubber. A tree is kept as long as its checkpoint, so the values can be had again in a later run.
package struct RemovedValues: Sendable {
    package private(set) var values: [KnownValue] = []
    /// Values that would be found by chance, or were not looked for, and why; never the value.
    package private(set) var left: [String] = []
    /// How many files were taken out or changed.
    package private(set) var files = 0

    /// Larger files are no configuration, and are not looked into.
    private static let largestFile: UInt64 = 4 << 20
    /// All files together.
    private static let most: UInt64 = 256 << 20

    package init() {}

    /// Adds what the tree `before` has and the tree `after` has not, at the same paths.
    package mutating func add(from before: Tree, to after: Tree, _ scanner: SecretScanner) throws(Failure) {
        var budget = Self.most
        for change in try TreeDiff.changes(from: before, to: after) {
            guard let content = change.before?.content, content.digest != change.after?.content?.digest else { continue }
            files += 1
            let path = change.path
            guard content.size <= Self.largestFile, content.size <= budget else {
                left.append("\(path.escaped): too large to look for values in it")
                continue
            }
            budget -= content.size
            let kept = try change.after?.content.map { (content) throws(Failure) in
                try Self.values(in: try content.bytes(from: after.objects, limit: Int(Self.largestFile)), path, scanner)
            }
            let stays = Set(kept?.map(\.bytes) ?? [])
            let bytes = try content.bytes(from: before.objects, limit: Int(Self.largestFile))
            for value in try Self.values(in: bytes, path, scanner) where !stays.contains(value.bytes) { add(value) }
        }
    }

    private mutating func add(_ value: KnownValue) {
        if values.contains(where: { $0.bytes == value.bytes }) { return }
        if let reason = ChanceOf.finding(value.bytes) { left.append("\(value.name): \(reason)") } else { values.append(value) }
    }

    private static func values(in bytes: [UInt8], _ path: TreePath, _ scanner: SecretScanner) throws(Failure) -> [KnownValue] {
        IdentityValues.values(in: bytes, path) + (try scanner.credentials(in: bytes, path: path.escaped))
    }
}

/// Says of a value why finding it would mean nothing.
enum ChanceOf {
    /// Nil where finding the value means something.
    static func finding(_ value: [UInt8]) -> String? {
        if value.count < shortest { return "shorter than \(shortest) bytes, and found by chance" }
        if Set(value).count < 4 { return "too regular, and found by chance" }
        let text = String(decoding: value, as: UTF8.self).lowercased()
        // A word without a digit or sign may stand anywhere.
        if value.count < 16, text.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) { return "a word, and found by chance" }
        return commonValues.contains(text) ? "a common value" : nil
    }

    static let shortest = 6

    private static let commonValues: Set<String> = [
        "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "localhost.localdomain", "localhost4", "localhost6", "ip6-localhost",
        "debian-12", "debian12", "ubuntu-22.04", "password1", "123456", "1234567890", "127.0.0.1", "uninitialized",
    ]
}
