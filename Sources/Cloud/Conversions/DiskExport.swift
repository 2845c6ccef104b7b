import Crypto
import Disks
import ImageStore
import Model
import Platform

/// An image as a disk in one of the forms of disk files.
///
/// A disk whose very bytes are known is written as it is. Of one that was made of files, there is a GPT with one partition, whose type says
/// that it is the root, and in it the ext4 file system of the files: virtual machines want a partition table, and what reads the disk, Ingot
/// too, finds the root by it. It has no boot loader.
package struct DiskExport {
    private let content: Content
    private let environment: Environment
    private let progress: @Sendable (_ done: UInt64, _ total: UInt64) -> Void

    private enum Content {
        /// The tree that holds the bytes.
        case bytes(Tree)
        /// The files of a root file system, and bytes that the disk has at least.
        case files(Tree, size: UInt64, Architecture)
    }

    /// What is told of the progress is a place in the disk, and the size of what is gone through; both in bytes.
    package init(
        of image: ExportedImage, in store: ObjectStore, environment: Environment,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws(Failure) {
        if let disk = image.disk {
            content = .bytes(try Tree(disk, in: store))
        } else {
            content = .files(
                try Tree(image.root, in: store), size: UInt64(image.volumeSize) << 30, image.image.architecture)
        }
        self.environment = environment
        self.progress = progress
    }

    /// To a new file, which appears under its name only once it is whole and durable. Nothing is left where it fails.
    package func write(_ form: DiskForm, to path: String) throws(Failure) {
        if let status = try? Files.status(path), !status.isRegular {
            throw Failure(
                .usage, "the disk cannot be written to \(path), which is no regular file",
                hint: "name a new file, or a file to replace")
        }
        let temporary = path + ".partial"
        do {
            try? Files.remove(temporary)
            let file = try FileDescriptor.open(temporary, .create)
            try write(form, to: file, in: Files.parent(of: path))
            try file.synchronize()
            try Files.rename(temporary, to: path)
            try Files.synchronizeFolder(Files.parent(of: path))
        } catch {
            try? Files.remove(temporary)
            if let failure = error as? Failure { throw failure }
            let isFull = (error as? SystemError)?.isNoSpace ?? false
            throw Failure(isFull ? .exhausted : .io, "the disk \(path) cannot be written", cause: error)
        }
    }

    /// Into an empty file. What is needed meanwhile lies in files without names in the folder.
    package func write(_ form: DiskForm, to file: borrowing FileDescriptor, in folder: String) throws(Failure) {
        if form == .raw { return try writeBytes(to: file, in: folder) }
        let raw = try BlockImage.file(in: folder)
        try writeBytes(to: raw, in: folder)
        let size = UInt64(try DiskContent.length(of: raw))
        do throws(DiskError) { try DiskFile.write(raw, form, to: file, goesOn: goesOn(of: size)) } catch {
            throw Failure(error, "the disk cannot be written")
        }
    }

    private func writeBytes(to file: borrowing FileDescriptor, in folder: String) throws(Failure) {
        switch content {
        case .bytes(let tree): try DiskContent.write(tree, to: file, environment: environment)
        case .files(let tree, let size, let architecture):
            try DiskContent.write(
                filesOf: tree, size: size, architecture: architecture, to: file, in: folder, environment: environment,
                goesOn: goesOn(of: size))
        }
    }

    private func goesOn(of size: UInt64) -> DiskProgress {
        { position in
            progress(min(position, size), size)
            return !environment.cancellation.isCancelled
        }
    }
}
