import Model
import Platform
import Records
import SQLite
import Sandbox

// RegisterImage of a manifest in a bucket: an image on an instance store. Its content is durable before the catalogue names it.
extension EmbeddedActions {
    /// What the request leaves open is as the manifest says.
    func registerBundle(
        _ new: ImageRegistration, as image: ImageRecord, at location: String
    ) throws(Failure) -> ImageID {
        guard let buckets = plane.buckets, let place = ObjectPlace(location: location) else {
            let parts = location.split(separator: "/", maxSplits: 1)
            throw Failure(.missingBundle(String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : ""))
        }
        let manifest = try BundleReader.manifest(buckets, place)
        guard let key = try BundleKey(region).loadIfPresent() else { throw Failure(.foreignBundle) }
        // All that can be refused is, before gigabytes are unpacked.
        if isDryRun { return try write("try to register \(image.name)") { try self.image(image, new, manifest, $0).id } }
        _ = try region.database.read("look whether \(image.name) can be registered") { try self.image(image, new, manifest, $0) }
        let moves = ContentMoves(plane, to: region)
        defer { withExtendedLifetime(moves) {} }
        let disk = try BlockImage.file(in: region.blockFolder)
        try BundleReader(buckets: buckets, manifest: manifest, place: place, environment: region.environment).expand(
            with: key, to: disk)
        let read: DiskImport.Result
        do throws(Failure) {
            read = try DiskImport(disk.path, into: moves.writer(under: nil), environment: region.environment).run()
        } catch {
            guard error.code == .invalid else { throw error }
            throw Failure(.damagedBundle(error.message))
        }
        try moves.publish()
        return try write("register the image \(image.name)") { session in
            var image = try self.image(image, new, manifest, session)
            image.root = read.root
            image.logicalSize = Int64(clamping: read.bytes)
            try session.enter(image, token: Self.token(image.id))
            return image.id
        }
    }

    /// The image with what the manifest and the request say; throws where it cannot be entered.
    private func image(
        _ image: ImageRecord, _ new: ImageRegistration, _ manifest: BundleManifest, _ session: Session
    ) throws -> ImageRecord {
        var image = image
        image.apply(manifest)
        image.volumes = try new.volumes.map { try sized($0, session) }
        try checkRoom(for: image, session)
        return image
    }
}

extension ImageRecord {
    fileprivate mutating func apply(_ manifest: BundleManifest) {
        architecture = manifest.architecture
        machine.kernel = machine.kernel ?? manifest.kernel
        machine.ramdisk = machine.ramdisk ?? manifest.ramdisk
        products = Set(manifest.products.map { ProductCode($0) }).sorted()
        if let root = manifest.devices["root"] { rootDeviceName = root.hasPrefix("/") ? root : "/dev/\(root)" }
        for (name, device) in manifest.devices.sorted(by: { $0.key < $1.key }) where name.hasPrefix("ephemeral") {
            let device = device.hasPrefix("/") ? device : "/dev/\(device)"
            if virtualDevices.contains(where: { $0.deviceName == device }) { continue }
            virtualDevices.append(VirtualDevice(deviceName: device, virtualName: name))
        }
    }
}

extension ObjectPlace {
    /// `bucket/folder/image.manifest.xml`
    init?(location: String) {
        let parts = location.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        self.init(bucket: String(parts[0]), key: String(parts[1]))
    }
}
