import Model
import Text

/// What a filter of DescribeImages looks at: the values that an image has under the filter's name.
struct ImageFilterField: Sendable {
    let values: @Sendable (ImageDescription) -> [String]

    static let tagPrefix = "tag:"

    /// Nil where DescribeImages has no such filter.
    init?(_ name: String) {
        if name.hasPrefix(Self.tagPrefix) {
            let key = String(name.dropFirst(Self.tagPrefix.count))
            values = { $0.image.tags[key].map { [$0] } ?? [] }
        } else if let known = Self.known[name] {
            values = known
        } else {
            return nil
        }
    }

    static func hint(for name: String) -> String? { Suggestion.hint(for: name, among: known.keys.sorted()) }

    /// Every name but `tag:<key>`. Under some of them no image has a value here: there are no kernels of AWS, no free tier, no public
    /// parameters, no scans by Inspector and no lists of instance types.
    static let known: [String: @Sendable (ImageDescription) -> [String]] = [
        "architecture": { [$0.image.architecture.rawValue] },
        "block-device-mapping.delete-on-termination": { $0.image.volumes.map { word($0.volume.isDeletedOnTermination) } },
        "block-device-mapping.device-name": {
            $0.image.volumes.map(\.deviceName) + $0.image.virtualDevices.map(\.deviceName)
        },
        "block-device-mapping.encrypted": { $0.image.volumes.map { word($0.volume.isEncrypted) } },
        "block-device-mapping.snapshot-id": { $0.image.volumes.compactMap { $0.snapshot?.description } },
        "block-device-mapping.volume-size": { $0.image.volumes.map { String($0.volume.size) } },
        "block-device-mapping.volume-type": { $0.image.volumes.map(\.volume.type.rawValue) },
        "boot-mode": { list($0.image.machine.bootMode?.rawValue) },
        "creation-date": { [$0.image.created.withMilliseconds] },
        "description": { $0.image.description.isEmpty ? [] : [$0.image.description] },
        "ena-support": { [word($0.image.machine.isENASupported)] },
        "free-tier-eligible": { _ in [word(false)] },
        "hypervisor": { _ in ["xen"] },
        "image-allowed": { list($0.isAllowed.map(word)) },
        "image-id": { [$0.image.id.description] },
        "image-type": { _ in ["machine"] },
        "image-watermark.source-image-creation-time": { $0.image.watermarks.map(\.sourceCreated.withMilliseconds) },
        "image-watermark.source-image-id": { $0.image.watermarks.map(\.source.image.description) },
        "image-watermark.source-image-region": { $0.image.watermarks.map(\.source.region.description) },
        "image-watermark.watermark-creation-time": { $0.image.watermarks.map(\.attached.withMilliseconds) },
        "image-watermark.watermark-key": { $0.image.watermarks.map(\.key) },
        "instance-type-specification.supported-instance-type": { _ in [] },
        "instance-type-specification.unsupported-instance-type": { _ in [] },
        "is-public": { [word($0.image.isPublic)] },
        "kernel-id": { list($0.image.machine.kernel) },
        "manifest-location": { [$0.image.location] },
        "name": { [$0.image.name.description] },
        "owner-alias": { list($0.ownerAlias?.rawValue) },
        "owner-id": { [$0.image.owner.description] },
        "platform": { _ in [] },
        "product-code": { $0.image.products.map(\.code) },
        "product-code.type": { $0.image.products.map(\.kind.rawValue) },
        "public-ssm-parameter-name": { _ in [] },
        "ramdisk-id": { list($0.image.machine.ramdisk) },
        "root-device-name": { [$0.image.rootDeviceName] },
        "root-device-type": { [$0.image.machine.rootDevice.rawValue] },
        "scan-result.critical-fix-available-since": { _ in [] },
        "scan-result.finding-scan-date": { _ in [] },
        "scan-result.high-fix-available-since": { _ in [] },
        "scan-result.highest-finding-severity-label": { _ in [] },
        "scan-result.informational-fix-available-since": { _ in [] },
        "scan-result.low-fix-available-since": { _ in [] },
        "scan-result.medium-fix-available-since": { _ in [] },
        "source-image-id": { list($0.image.madeOf?.image.description) },
        "source-image-region": { list($0.image.madeOf?.region.description) },
        "source-instance-id": { list($0.image.sourceInstance?.description) },
        "sriov-net-support": { list($0.image.machine.sriovNetSupport) },
        "state": { [$0.image.state.rawValue] },
        "state-reason-code": { list($0.image.stateReason?.code) },
        "state-reason-message": { list($0.image.stateReason?.message) },
        "tag-key": { $0.image.tags.map(\.key) },
        "virtualization-type": { [$0.image.machine.virtualization.rawValue] },
    ]

    private static func word(_ value: Bool) -> String { value ? "true" : "false" }

    private static func list(_ value: String?) -> [String] { value.map { [$0] } ?? [] }
}

extension ImageRecord {
    /// `111111111111/web-1`, or the manifest.
    package var location: String { machine.manifestLocation ?? "\(owner)/\(name)" }

    /// What it is a copy of, or the image that its instance or its build started from.
    package var madeOf: ImageSource? { source ?? parent.map { ImageSource(region: region, image: $0) } }

    /// Why it failed, with EC2's code for a fault of the service.
    package var stateReason: StateReason? {
        failureReason.map { StateReason(code: "Server.InternalError", message: $0) }
    }
}
