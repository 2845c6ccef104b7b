import Archive
import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite

// Exports into buckets. The object is there before the task is over; where the task does not end well it is gone again, also when the next
// process finds it.
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
        do throws(Failure) {
            try buckets.write(object, writer: task.id) { file throws(Failure) in
                if wish.format == .tar {
                    try ArchiveExport(try Tree(source.root, in: store), environment: environment).write(
                        toDescriptor: file.raw, compression: .none)
                } else {
                    try DiskExport(of: source, in: store, environment: environment).write(
                        wish.format.form, to: file, in: region.blockFolder)
                }
                try note("updating", 90, [])
                try point("conversions.exported")
            }
            try point("conversions.renamed")
            try finish()
        } catch {
            buckets.remove(object, writer: task.id)
            throw error
        }
    }
}
