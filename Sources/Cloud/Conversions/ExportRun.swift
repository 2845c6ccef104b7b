import Archive
import Crypto
import Disks
import ImageStore
import Model
import Platform
import Records
import SQLite
import Sandbox

// Exports. A disk whose very bytes are known is written as it is. Of one that was made of files, there is a GPT with one partition, whose type says
// that it is the root, and in it the ext4 file system of the files: virtual machines want a partition table, and what reads the disk, Ingot
// too, finds the root by it. It has no boot loader.
extension ConversionRun {
    func export(_ wish: ImageExport) throws(Failure) {
        try note("validating", 5, [])
        guard let buckets = plane.buckets, let object = wish.object(of: task.id) else {
            throw Failure(.notFound, "the server has no buckets any more")
        }
        let source = try region.database.read("look up the image \(wish.image)") { try actions.exported(wish.image, $0) }
        let store = try region.store(under: source.image.key)
        // A lease, so that nothing is collected meanwhile.
        let lease = try StoreWriter(store)
        defer { withExtendedLifetime(lease) {} }
        try note("converting", 15, [])
        try buckets.write(object, writer: task.id) { file throws(Failure) in
            if wish.format == .tar {
                try ArchiveExport(try Tree(source.root, in: store), environment: environment).write(
                    toDescriptor: file.raw, compression: .none)
            } else {
                try write(source, in: store, wish.format, to: file)
            }
            try note("updating", 90, [])
            try point("conversions.exported")
        }
        try region.database.write("end \(task.id)") { session in
            guard try session.conversions("id = ?", task.id).first?.status == .active else { throw Self.cancelled }
            try session.end(task.id, .completed, nil)
        }
    }

    private func write(
        _ source: ExportedImage, in store: ObjectStore, _ format: DiskFormat, to file: borrowing FileDescriptor
    ) throws(Failure) {
        let raw = try BlockImage.file(in: region.blockFolder)
        if let disk = source.disk {
            try DiskContent.write(try Tree(disk, in: store), to: raw, environment: environment)
        } else {
            try DiskContent.write(
                filesOf: try Tree(source.root, in: store), size: UInt64(source.volumeSize) << 30,
                architecture: source.image.architecture, to: raw, in: region.blockFolder, environment: environment)
        }
        try note("converting", 60, [])
        do throws(DiskError) { try DiskFile.write(raw, format.form, to: file, isCancelled: isCancelled) } catch {
            if environment.cancellation.isCancelled { throw Self.cancelled }
            if error.kind == .unsupported { throw Failure(.invalid, error.description, cause: error) }
            throw Failure(error.kind == .noSpace ? .exhausted : .io, "the disk of \(task.id) cannot be written", cause: error)
        }
    }
}
