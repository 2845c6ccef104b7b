import Platform

/// A file of the cache that is in use: open for reading, and not removed by the cache while this lives.
package final class TreeImageFile: Sendable {
    /// Locked for others' reading; what mounts the file may use the descriptor.
    package let descriptor: FileDescriptor
    package let path: String

    init(_ descriptor: consuming FileDescriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }
}
