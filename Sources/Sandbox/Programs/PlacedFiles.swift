import Platform

/// Files that a program gets besides the image, as descriptors for bubblewrap.
struct PlacedFiles: ~Copyable {
    private(set) var files: [Bubblewrap.PlacedFile] = []
    private var opened: [Opened] = []
    var descriptors: [Int32] { opened.map { $0.descriptor.raw } }

    init(_ contents: [String: [UInt8]]) throws(SystemError) {
        for (path, bytes) in contents.sorted(by: { $0.key < $1.key }) { files.append(try open(path, bytes)) }
    }

    /// A file that is not among `files`.
    mutating func open(_ path: String, _ bytes: [UInt8]) throws(SystemError) -> Bubblewrap.PlacedFile {
        opened.append(Opened(try FileDescriptor.inMemory(bytes, name: "a file for a program")))
        return (path, Bubblewrap.Descriptor.firstFile + opened.count - 1)
    }

    /// A descriptor that can stand in an array.
    private final class Opened {
        let descriptor: FileDescriptor
        init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
    }
}
