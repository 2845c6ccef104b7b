import Archive
import Crypto
import Disks
import ImageStore
import Model
import Platform
import Records
import SQLite

/// BundleInstance: an instance of an instance store as a bundle in a bucket.
package struct InstanceBundle: Hashable, Sendable, Codable {
    package var instance: InstanceID
    package var bucket: String
    /// Stands before the names of the objects, as it is.
    package var prefix: String
    /// Kept and shown: nobody asks for it.
    package var accessKey: String?

    package init(instance: InstanceID, bucket: String, prefix: String) {
        self.instance = instance
        self.bucket = bucket
        self.prefix = prefix
    }

    func part(_ index: Int) -> ObjectPlace? { ObjectPlace(bucket: bucket, key: "\(prefix).part.\(index)") }

    var manifest: ObjectPlace? { ObjectPlace(bucket: bucket, key: "\(prefix).manifest.xml") }

    /// An object of another bundle at the prefix, or of one that was not finished; nil where nothing is.
    func obstacle(in buckets: Buckets) -> ObjectPlace? {
        [manifest, part(0)].compactMap(\.self).first { buckets.holds($0) }
    }

    /// Removes what the task wrote so far, if anything: nothing was there when it began, and parts are written in their order.
    func remove(from buckets: Buckets, writer: String) {
        if let manifest { buckets.remove(manifest, writer: writer) }
        let parts = (0..<BundleManifest.mostParts).lazy.compactMap { part($0) }.prefix { buckets.holds($0) }
        // From the last one on: what is left where this is interrupted is found again.
        for part in parts.reversed() { buckets.remove(part, writer: writer) }
    }
}

// Bundles: what the instance holds as a disk, in parts, and last the manifest by which all of it is found. Of one that does not end well nothing
// is left.
extension ConversionRun {
    func bundle(_ wish: InstanceBundle) throws(Failure) {
        try note("waiting-for-shutdown", 5, [])
        // Programs end, and what they wrote is durable.
        try actions.restart(wish.instance)
        try note("bundling", 10, [])
        guard let buckets = plane.buckets, let place = wish.manifest else {
            throw Failure(.notFound, "the server has no buckets any more")
        }
        let machine = try region.machine(wish.instance)
        let image = try region.image(machine.instance.image)
        let store = try region.store(under: nil)
        // A lease, so that nothing is collected meanwhile.
        let lease = try StoreWriter(store)
        defer { withExtendedLifetime(lease) {} }
        let disk = try BlockImage.file(in: region.blockFolder)
        let cancellation = environment.cancellation
        try DiskContent.write(
            filesOf: try Tree(machine.durable, in: store), size: 0, architecture: image.architecture, to: disk,
            in: region.blockFolder, environment: environment, goesOn: { _ in !cancellation.isCancelled })
        try note("bundling", 30, [])
        try checkPlace(of: wish, buckets)
        let writer = try BundleWriter(wish, buckets, try BundleKey(region).loadOrMake(), writer: task.id, environment)
        do throws(Failure) {
            let manifest = try writer.write(disk, of: image, by: task.owner, cancellation)
            try note("storing", 90, [])
            try buckets.write(place, writer: task.id) { file throws(Failure) in
                do throws(SystemError) { try file.write(Array(manifest.document.utf8)) } catch {
                    throw Failure(error.isNoSpace ? .exhausted : .io, "the manifest cannot be written", cause: error)
                }
            }
            try point("conversions.renamed")
            try finish()
        } catch {
            wish.remove(from: buckets, writer: task.id)
            throw error
        }
    }

    /// Nothing may have come to the prefix since the task was entered, except by an earlier attempt of its own.
    private func checkPlace(of wish: InstanceBundle, _ buckets: Buckets) throws(Failure) {
        let isFirst = try region.database.read("look up \(task.id)") { session in
            try session.conversions("id = ? AND attempts <= 1", task.id).first != nil
        }
        if isFirst, let object = wish.obstacle(in: buckets) { throw Failure(.bundlePlaceTaken(object.bucket, object.key)) }
    }
}
