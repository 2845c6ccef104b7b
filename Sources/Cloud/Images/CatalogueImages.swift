import Crypto
import Model
import Records
import SQLite

// Whole images out of the rows of several tables: one statement a table for any number of images.
extension Session {
    /// The images of a condition on `images`, oldest first.
    func images(where condition: String, _ values: [any Bindable], in region: RegionName) throws -> [ImageRecord] {
        var images = try rows("SELECT * FROM images WHERE \(condition) ORDER BY created, rowid", values) { row in
            try row.image(in: region)
        }
        try complete(&images)
        return images
    }

    /// The images of these ids, in no particular order.
    func images(of ids: [ImageID], in region: RegionName) throws -> [ImageRecord] {
        let (condition, value) = Self.among(ids)
        var images = try rows("SELECT * FROM images WHERE id \(condition)", value) { row in try row.image(in: region) }
        try complete(&images)
        return images
    }

    private func complete(_ images: inout [ImageRecord]) throws {
        let positions = Dictionary(images.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        let (condition, value) = Self.among(images.map(\.id))
        func each(_ table: String, _ key: String = "image", order: String, _ body: (borrowing Row, Int) throws -> Void) throws {
            let sql = "SELECT * FROM \(table) WHERE \(key) \(condition) ORDER BY \(order)"
            _ = try rows(sql, value) { row in
                guard let position = positions[try row.parsed(key)] else { return }
                try body(row, position)
            }
        }
        try each("volumes", order: "image, position") { row, image in images[image].volumes.append(try row.mapping()) }
        try each("launch_permissions", order: "image") { row, image in
            images[image].permissions.insert(try LaunchPermission(row.named("kind"), row.text("grantee")))
        }
        try each("product_codes", order: "image, code") { row, image in
            images[image].products.append(ProductCode(try row.text("code"), kind: try row.named("kind")))
        }
        try each("watermarks", order: "image, attached, key") { row, image in images[image].watermarks.append(try row.watermark())
        }
        try each("virtual_devices", order: "image, device") { row, image in
            images[image].virtualDevices.append(
                VirtualDevice(deviceName: try row.text("device"), virtualName: try row.textIfPresent("virtual_name")))
        }
        var tags: [Int: [Tag]] = [:]
        try each("tags", "resource", order: "resource, key") { row, image in
            tags[image, default: []].append(try Tag(reserved: try row.text("key"), value: try row.text("value")))
        }
        for (image, tags) in tags { images[image].tags = try TagSet(tags) }
    }
}

extension Row {
    func version() throws -> ImageVersion? {
        guard let major = try intIfPresent("major") else { return nil }
        return ImageVersion(major, try int("minor"), try int("patch"), build: try int("build"))
    }

    /// What stands in the row of `images` itself.
    fileprivate func image(in region: RegionName) throws -> ImageRecord {
        var image = ImageRecord(
            id: try parsed("id"), region: region, name: try parsed("name"), description: try text("description"),
            state: try named("state"), failureReason: try textIfPresent("failure"), release: try release(),
            root: try digestIfPresent("root"), logicalSize: try integer("logical_size"), architecture: try named("architecture"),
            created: try instant("created"), owner: try parsed("owner"), source: try source(),
            parent: try parsedIfPresent("parent"), rootDeviceName: try text("root_device"), volumes: [], tags: TagSet())
        image.machine = try machine()
        image.chosenDeprecation = try instantIfPresent("deprecation")
        image.protection = try protection()
        image.lastLaunched = try instantIfPresent("launched")
        image.sourceInstance = try parsedIfPresent("source_instance")
        if let entered = try instantIfPresent("recycled"), let leaves = try instantIfPresent("recycled_until") {
            image.recycled = RecycledSpan(entered: entered, leaves: leaves)
        }
        return image
    }

    private func release() throws -> Release? {
        guard let recipe: ResourceName = try parsedIfPresent("recipe"), let version = try version() else { return nil }
        return Release(recipe: recipe, version: version)
    }

    private func source() throws -> ImageSource? {
        guard let image: ImageID = try parsedIfPresent("source_image") else { return nil }
        return ImageSource(region: try parsed("source_region"), image: image)
    }

    private func machine() throws -> MachineAttributes {
        var machine = MachineAttributes()
        machine.rootDevice = try named("root_device_type")
        machine.virtualization = try named("virtualization")
        machine.isENASupported = try bool("ena")
        machine.sriovNetSupport = try textIfPresent("sriov")
        machine.bootMode = try textIfPresent("boot_mode").flatMap { MachineAttributes.BootMode(rawValue: $0) }
        machine.needsTPM = try bool("tpm")
        machine.needsIMDSv2 = try bool("imds")
        machine.uefiData = try textIfPresent("uefi_data")
        machine.kernel = try textIfPresent("kernel")
        machine.ramdisk = try textIfPresent("ramdisk")
        machine.manifestLocation = try textIfPresent("manifest")
        machine.billingProducts = try textIfPresent("billing_products")?.split(separator: ",").map { String($0) } ?? []
        return machine
    }

    private func protection() throws -> DeregistrationProtection {
        switch try text("protection") {
        case "enabled": .enabled(withCooldown: false)
        case "enabled-with-cooldown": .enabled(withCooldown: true)
        case "cooling": .cooling(until: try instant("protected_until"))
        default: .disabled
        }
    }

    fileprivate func mapping() throws -> VolumeMapping {
        let volume = Volume(
            size: try int("size"), type: try named("type"), isEncrypted: try bool("encrypted"), iops: try intIfPresent("iops"),
            throughput: try intIfPresent("throughput"), isDeletedOnTermination: try bool("delete_on_termination"),
            key: try parsedIfPresent("key"))
        return VolumeMapping(deviceName: try text("device"), volume: volume, snapshot: try parsedIfPresent("snapshot"))
    }

    fileprivate func watermark() throws -> Watermark {
        Watermark(
            key: try text("key"), source: ImageSource(region: try parsed("source_region"), image: try parsed("source_image")),
            sourceCreated: try instant("source_created"), attached: try instant("attached"))
    }
}

extension DeregistrationProtection {
    /// As the catalogue keeps it: a word, and the end of a cooldown.
    var columns: (word: String, until: Instant?) {
        switch self {
        case .disabled: ("disabled", nil)
        case .enabled(let withCooldown): (withCooldown ? "enabled-with-cooldown" : "enabled", nil)
        case .cooling(let end): ("cooling", end)
        }
    }
}
