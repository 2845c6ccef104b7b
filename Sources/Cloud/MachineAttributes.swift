import Model

/// What machines must be like to run an image. The values that are not given are those of a Linux image on EBS.
package struct MachineAttributes: Hashable, Sendable, Codable {
    package enum RootDevice: String, Sendable, Codable, CaseIterable {
        case ebs
        case instanceStore = "instance-store"
    }

    package enum Virtualization: String, Sendable, Codable, CaseIterable {
        case hvm, paravirtual
    }

    package enum BootMode: String, Sendable, Codable, CaseIterable {
        case legacyBIOS = "legacy-bios"
        case uefi
        case uefiPreferred = "uefi-preferred"
    }

    package var rootDevice = RootDevice.ebs
    package var virtualization = Virtualization.hvm
    package var isENASupported = true
    /// `simple`, for the virtual functions of Intel's 82599.
    package var sriovNetSupport: String?
    package var bootMode: BootMode?
    package var needsTPM = false
    /// Instances ask their metadata by version 2 alone.
    package var needsIMDSv2 = false
    /// Base64 of the non-volatile variables of UEFI.
    package var uefiData: String?
    package var kernel: String?
    package var ramdisk: String?
    /// The manifest of an image in S3.
    package var manifestLocation: String?
    package var billingProducts: [String] = []

    package init() {}

    /// `v2.0`, the one version that EC2 has for TPM and for the metadata service.
    package static let version2 = "v2.0"
}

/// A device that is no EBS volume: an ephemeral disk of the machine, or one that the image leaves out.
package struct VirtualDevice: Hashable, Sendable, Codable {
    package var deviceName: String
    /// `ephemeral0`; nil for a device that is left out.
    package var virtualName: String?

    package init(deviceName: String, virtualName: String?) {
        self.deviceName = deviceName
        self.virtualName = virtualName
    }
}

/// A mark of an account on an image, which goes on to everything that is made of it.
package struct Watermark: Hashable, Sendable {
    /// `111111111111:approved`
    package var key: String
    /// The image that it was attached to first.
    package var source: ImageSource
    package var sourceCreated: Instant
    package var attached: Instant

    package static let mostOfImage = 5

    package init(key: String, source: ImageSource, sourceCreated: Instant, attached: Instant) {
        self.key = key
        self.source = source
        self.sourceCreated = sourceCreated
        self.attached = attached
    }
}

/// How long something stays in the Recycle Bin.
package struct RecycledSpan: Hashable, Sendable {
    package var entered: Instant
    package var leaves: Instant

    package init(entered: Instant, leaves: Instant) {
        self.entered = entered
        self.leaves = leaves
    }
}
