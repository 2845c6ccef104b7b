import Crypto
import Model
import Recipes

/// All that decides what a stage makes, by name. Its digest is the stage's key.
package struct StageKey: Hashable, Sendable, Codable {
    /// The stage's name as recipes write it.
    package var stage: String
    package var revision: Int
    /// The root digest of the tree that the stage starts from.
    package var parent: String
    /// The definition, flattened: path of the option and its value.
    package var options: [StageInput]
    /// The digest of the definition, which `options` shows.
    package var definition: String
    package var architecture: String
    /// Nanoseconds since 1970, where the recipe sets a date.
    package var date: Int64?
    package var inputs: [StageInput]

    package init(entry: StageEntry, parent: Digest, architecture: String, date: Int64?, inputs: [StageInput]) {
        stage = type(of: entry.stage).name
        revision = type(of: entry.stage).revision
        self.parent = parent.hex
        options = entry.definition.flattened().map { StageInput($0.path, $0.value) }
        definition = entry.definition.digest.hex
        self.architecture = architecture
        self.date = date
        self.inputs = inputs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    }

    /// The key: fields in a fixed order, each with its length before it, so that no two keys share their bytes.
    package var digest: Digest {
        var fields = [stage, String(revision), parent, definition, architecture, date.map { String($0) } ?? "parent's"]
        for input in inputs { fields += [input.name, input.value] }
        var hasher = SHA256()
        hasher.update("ingot stage key 1\n")
        for field in fields { hasher.update("\(field.utf8.count):\(field)\n") }
        return hasher.finish()
    }

    /// How this key differs from an earlier one of the same entry, as sentences: which input, from what, to what.
    package func changes(since old: StageKey) -> [String] {
        var changes: [String] = []
        if old.stage != stage { changes.append("the stage changed from \(old.stage) to \(stage)") }
        if old.revision != revision { changes.append("this version of Ingot does '\(stage)' differently") }
        if old.architecture != architecture {
            changes.append("the architecture changed from \(old.architecture) to \(architecture)")
        }
        if old.date != date { changes.append(Self.dateChange(old.date, date)) }
        if old.parent != parent {
            changes.append("the tree it starts from changed from \(ShownValue(old.parent).text) to \(ShownValue(parent).text)")
        }
        changes += Self.compare(
            old.options, options, name: { $0.isEmpty ? "the stage's value" : "option \($0)" },
            show: { ShownValue(option: $0.name, $0.value) })
        changes += Self.compare(old.inputs, inputs, name: { $0 }, show: { ShownValue($0.value) })
        return changes
    }

    private static func compare(
        _ old: [StageInput], _ new: [StageInput], name: (String) -> String, show: (StageInput) -> ShownValue
    ) -> [String] {
        let before = Dictionary(old.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(before.keys).union(after.keys).sorted().compactMap { key -> String? in
            switch (before[key], after[key]) {
            case (let a?, let b?) where a != b: "\(name(key)) changed \(change(a, b, show))"
            case (nil, let b?): "\(name(key)) is new: \(show(b).text)"
            case (let a?, nil): "\(name(key)) is gone: it was \(show(a).text)"
            default: nil
            }
        }
    }

    private static func dateChange(_ old: Int64?, _ new: Int64?) -> String {
        func text(_ date: Int64) -> String { Instant(seconds: date / 1_000_000_000).description }
        return switch (old, new) {
        case (let old?, let new?): "sourceDate changed from \(text(old)) to \(text(new))"
        case (nil, let new?): "sourceDate is new: \(text(new))"
        case (let old?, nil): "sourceDate is gone: it was \(text(old))"
        case (nil, nil): "sourceDate changed"
        }
    }

    /// `from 'a' to 'b'`. Long values that differ only in what is cut off are told apart by their digests; hidden ones are not, since a
    /// digest is enough to try guesses on.
    private static func change(_ old: StageInput, _ new: StageInput, _ show: (StageInput) -> ShownValue) -> String {
        let (a, b) = (show(old), show(new))
        if a.text != b.text || a.isHidden { return "from \(a.text) to \(b.text)" }
        func digest(_ input: StageInput) -> String { SHA256.digest(of: Array(input.value.utf8)).short }
        return "from \(a.text) (\(digest(old))) to \(b.text) (\(digest(new)))"
    }
}
