import Crypto
import Disks
import ImageStore
import Model
import Platform
import Sandbox

/// A disk in a file on its way into the store: its very bytes as a tree of one file, and the files of its root file system as another.
package struct DiskIntake {
    /// What became of a disk. Nothing is durable until the writer publishes.
    package struct Result: Sendable {
        /// The tree of its bytes, with zeros behind them up to whole GiB.
        package let disk: Digest
        /// Of these bytes.
        package let size: UInt64
        /// GiB.
        package let volumeSize: Int
        /// Nil where no root file system was found, for which there is a reason.
        package let files: DiskImport.Result?
        package let reason: Failure?
    }

    private let writer: any ObjectWriter
    private let folder: String
    private let environment: Environment
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    /// What is needed meanwhile lies in files without names in the folder. What is told of the progress is a place in the disk, and its size
    /// as far as that is known; both in bytes.
    package init(
        into writer: any ObjectWriter, folder: String, environment: Environment,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) {
        self.writer = writer
        self.folder = folder
        self.environment = environment
        self.progress = progress
    }

    /// The bytes are copied first: a file may change while it is read. `half` is called when the bytes are in the store.
    package func run(
        _ file: borrowing FileDescriptor, _ form: DiskForm, half: () throws(Failure) -> Void = { () throws(Failure) in }
    ) throws(Failure) -> Result {
        let copy = try BlockImage.file(in: folder)
        let size = try expand(file, form, to: copy)
        let volumeSize = Self.gibibytes(size)
        guard SnapshotBlocks.volumeSizes.contains(volumeSize), size > 0 else {
            throw Failure(.invalid, "The disk has \(size) bytes")
        }
        let content = try DiskContent.store(copy, size: UInt64(volumeSize) << 30, in: writer, environment: environment)
        try half()
        var files: DiskImport.Result?
        var reason: Failure?
        do throws(Failure) { files = try DiskImport(copy.path, into: writer, environment: environment).run() } catch {
            guard error.code == .invalid else { throw error }
            reason = error
        }
        return Result(disk: content.disk, size: content.bytes, volumeSize: volumeSize, files: files, reason: reason)
    }

    /// The files of the root file system alone.
    package func files(of file: borrowing FileDescriptor, _ form: DiskForm) throws(Failure) -> DiskImport.Result {
        let copy = try BlockImage.file(in: folder)
        _ = try expand(file, form, to: copy)
        return try DiskImport(copy.path, into: writer, environment: environment).run()
    }

    /// Returns the size of the disk in bytes. An archive is taken as it is, by `.raw`.
    func expand(
        _ file: borrowing FileDescriptor, _ form: DiskForm, to copy: borrowing FileDescriptor
    ) throws(Failure) -> UInt64 {
        let total = UInt64(try DiskContent.length(of: file))
        let goesOn: DiskProgress = { position in
            // Only of raw disks the size is known before.
            progress(position, form == .raw ? total : 0)
            return !environment.cancellation.isCancelled
        }
        do throws(DiskError) { return try DiskFile.expand(file, form, to: copy, goesOn: goesOn) } catch {
            throw Failure(error, "the disk cannot be copied to where it is read")
        }
    }

    static func gibibytes(_ bytes: UInt64) -> Int {
        max(1, Int(clamping: bytes >> 30) + (bytes % (1 << 30) == 0 ? 0 : 1))
    }
}
