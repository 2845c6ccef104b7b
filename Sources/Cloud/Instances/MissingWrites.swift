import Crypto
import ImageStore
import Model
import Records
import SQLite

/// What an image lacks that was made of a running instance without a restart: what programs had written and nobody had made durable.
package struct MissingWrites: Hashable, Sendable {
    /// Files, folders and links that were written, changed or removed.
    package let count: Int
    /// The first of them in the order of the tree.
    package let paths: [String]
    /// Whether another process was running programs, of which the last writes are not known.
    package let programsWereRunning: Bool

    package init(count: Int, paths: [String], programsWereRunning: Bool) {
        self.count = count
        self.paths = paths
        self.programsWereRunning = programsWereRunning
    }

    /// As many paths are kept.
    static let mostPaths = 1000

    /// What differs between the tree that the image has and the one that programs saw.
    init(durable: Digest, live: Digest, in objects: any ObjectReader, programsWereRunning: Bool) throws(Failure) {
        let all = durable == live ? [] : try TreeDiff.changes(from: Tree(durable, in: objects), to: Tree(live, in: objects))
        let changes = all.filter { !Self.isOfTimeAlone($0) }
        self.init(
            count: changes.count, paths: changes.prefix(Self.mostPaths).map(\.path.description),
            programsWereRunning: programsWereRunning)
    }

    /// A folder's own time says no more than that something in it changed.
    private static func isOfTimeAlone(_ change: TreeDiff.Change) -> Bool {
        guard let before = change.before, var after = change.after, before.isDirectory, after.isDirectory else { return false }
        after.metadata.modified = before.metadata.modified
        return after.metadata == before.metadata
    }

    /// `/etc/motd, /var/log/x and 3 more`, in at most so many bytes.
    package func summary(limit: Int) -> String {
        var text = ""
        for (index, path) in paths.enumerated() {
            let rest = count - index - 1
            let next = text.isEmpty ? path : "\(text), \(path)"
            guard next.utf8.count + " and \(rest) more".utf8.count <= limit else {
                let word = text.isEmpty ? "" : "\(text) and "
                return "\(word)\(count - index) \(text.isEmpty ? "paths" : "more")"
            }
            text = next
        }
        return count > paths.count ? "\(text) and \(count - paths.count) more" : text
    }

    /// Tags that tell of it wherever the image is described.
    func tags() throws(Failure) -> [Tag] {
        var tags = [try Tag(key: "ingot:consistency", value: "crash-consistent")]
        if count > 0 { tags.append(try Tag(key: "ingot:missing-writes", value: summary(limit: Tag.longestValue))) }
        return tags
    }
}

extension Session {
    func enter(_ missing: MissingWrites, of image: ImageID) throws {
        try run(
            "INSERT INTO missing_writes VALUES (?, ?, ?, ?)", image, missing.count, JSONTexts.list(missing.paths),
            missing.programsWereRunning)
    }
}
