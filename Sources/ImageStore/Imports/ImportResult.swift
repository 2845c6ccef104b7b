import Crypto

/// What an import did.
package struct ImportResult: Sendable {
    package let root: Digest
    package let files: Int
    package let bytes: UInt64
    /// Files whose contents were known: of a folder those that are as they were at its last import, of an archive all or none.
    package let reused: Int
    /// Sockets, which no image can hold.
    package let skipped: [TreePath]

    package init(root: Digest, files: Int, bytes: UInt64, reused: Int, skipped: [TreePath]) {
        self.root = root
        self.files = files
        self.bytes = bytes
        self.reused = reused
        self.skipped = skipped
    }
}
