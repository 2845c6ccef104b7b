import Model
import Records
import SQLite

// New rows.
extension Session {
    /// Enters an image with all that belongs to it. Its snapshots must be there.
    func enter(_ image: ImageRecord, token: String) throws {
        let version = image.release?.version
        let machine = image.machine
        let billing = machine.billingProducts.isEmpty ? nil : machine.billingProducts.joined(separator: ",")
        try run(
            """
            INSERT INTO images (id, token, name, description, state, failure, recipe, major, minor, patch, build, root, logical_size,
                architecture, created, owner, source_region, source_image, parent, root_device, root_device_type, virtualization,
                ena, sriov, boot_mode, tpm, imds, uefi_data, kernel, ramdisk, manifest, billing_products, source_instance)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            image.id, token, image.name, image.description, image.state.rawValue, image.failureReason, image.release?.recipe,
            version?.major, version?.minor, version?.patch, version?.build, image.root, image.logicalSize,
            image.architecture.rawValue, image.created, image.owner, image.source?.region, image.source?.image, image.parent,
            image.rootDeviceName, machine.rootDevice.rawValue, machine.virtualization.rawValue, machine.isENASupported,
            machine.sriovNetSupport, machine.bootMode?.rawValue, machine.needsTPM, machine.needsIMDSv2, machine.uefiData,
            machine.kernel, machine.ramdisk, machine.manifestLocation, billing, image.sourceInstance)
        for (position, mapping) in image.volumes.enumerated() { try enter(mapping, at: position, of: image.id) }
        for device in image.virtualDevices {
            try run("INSERT INTO virtual_devices VALUES (?, ?, ?)", image.id, device.deviceName, device.virtualName)
        }
        for product in image.products { try enter(product, of: image.id) }
        for watermark in image.watermarks { try enter(watermark, of: image.id) }
        try setTags(image.tags, of: image.id.description)
    }

    private func enter(_ mapping: VolumeMapping, at position: Int, of image: ImageID) throws {
        let volume = mapping.volume
        try run(
            "INSERT INTO volumes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", image, position, mapping.deviceName, mapping.snapshot,
            volume.size, volume.type.rawValue, volume.isEncrypted, volume.iops, volume.throughput,
            volume.isDeletedOnTermination, volume.key)
    }

    func enter(_ product: ProductCode, of image: ImageID) throws {
        try run("INSERT OR IGNORE INTO product_codes VALUES (?, ?, ?)", image, product.code, product.kind.rawValue)
    }

    func enter(_ watermark: Watermark, of image: ImageID) throws {
        try run(
            "INSERT OR IGNORE INTO watermarks VALUES (?, ?, ?, ?, ?, ?)", image, watermark.key, watermark.source.region,
            watermark.source.image, watermark.sourceCreated, watermark.attached)
    }

    func enter(_ snapshot: SnapshotRecord) throws {
        try run(
            """
            INSERT INTO snapshots (id, state, description, root, logical_size, progress, started, completed, owner, volume_size,
                encrypted, volume, state_message, parent, key)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            snapshot.id, snapshot.state.rawValue, snapshot.description, snapshot.root, snapshot.logicalSize, snapshot.progress,
            snapshot.started, snapshot.completed, snapshot.owner, snapshot.volumeSize, snapshot.isEncrypted, snapshot.volume,
            snapshot.stateMessage, snapshot.parent, snapshot.key)
        try setTags(snapshot.tags, of: snapshot.id.description)
    }

    /// Replaces all tags of a resource.
    func setTags(_ tags: TagSet, of resource: String) throws {
        try run("DELETE FROM tags WHERE resource = ?", resource)
        for tag in tags { try run("INSERT INTO tags VALUES (?, ?, ?)", resource, tag.key, tag.value) }
    }
}
