import Crypto
import Model

/// An instance as the catalogue of one region holds it. What it holds is in its volumes.
package struct InstanceRecord: Hashable, Sendable {
    package var id: InstanceID
    /// `r-0abcdef1234567890`: those that one request made have the same.
    package var reservation: ReservationID
    package var owner: AccountID
    package var image: ImageID
    package var state: InstanceState
    /// Why it is in its state.
    package var stateReason: StateReason?
    /// When it came into its state.
    package var changed: Instant
    package var launched: Instant
    /// Its number among those of its request.
    package var index: Int
    package var type: InstanceType
    package var architecture: Architecture
    package var subnet: Subnet
    /// By their places on it; none when it was terminated.
    package var interfaces: [NetworkInterface]
    package var keyName: String?
    package var clientToken: String?
    /// In base64, as it came.
    package var userData: String?
    package var rootDeviceName: String
    package var isEBSOptimized: Bool
    package var terminatesOnShutdown: Bool
    package var isMonitored: Bool
    /// Nil for what is usual of its type.
    package var credits: CPUCredits?
    package var isProtectedFromTermination: Bool
    package var isProtectedFromStopping: Bool
    package var metadata: MetadataOptions
    package var profile: Profile?
    package var volumes: [VolumeRecord]
    package var tags: TagSet
    /// Where it is reached from the machine of the plane, if it is.
    package var publicAddress: String?
    /// Its image is on an instance store, which is gone when it stops: so it cannot be stopped.
    package var isInstanceStore = false
    /// What its instance store holds that is durable; nil for an instance on EBS, and for one that is over.
    package var store: InstanceStore?
    /// The manifest of its image in S3, where it has one.
    package var manifestLocation: String?
    /// Those of its image and of its volumes.
    package var products: [ProductCode] = []
    /// Those of its image, which are nobody's to see but the instance's own.
    package var billingProducts: [String] = []

    /// The instance profile that it was launched with, which may be gone by now.
    package struct Profile: Hashable, Sendable {
        package let arn: String
        /// `AIPA…`
        package let id: String

        package var name: String { String(arn.split(separator: "/").last ?? "") }
    }

    /// T2 has standard credits where nothing else is said, the later ones unlimited ones.
    package var cpuCredits: CPUCredits { credits ?? (type.family == "t2" || !type.isBurstable ? .standard : .unlimited) }

    /// Of its first interface, as are its groups.
    package var address: String { interfaces.first?.address ?? "" }

    package var groups: [SecurityGroupID] { interfaces.first?.groups ?? [] }

    package var checksAddresses: Bool { interfaces.first?.checksAddresses ?? true }

    /// The elastic address that leads to its first one, if one does.
    package var elasticAddress: String? { interfaces.first.flatMap { $0.elastic[$0.address]?.address } }

    /// `ip-172-31-0-4.ec2.internal`
    package func privateName(in region: RegionName) -> String { NetworkInterface.name(of: address, in: region) }
}

/// The root disk of an instance on an instance store, which is gone with it.
package struct InstanceStore: Hashable, Sendable {
    package var root: Digest
    /// The sum of the sizes of all files, in bytes.
    package var logicalSize: Int64
}

package enum ReservationKind: ResourceKind {
    package static let prefix = "r"
    package static let noun = "the id of a reservation"
}

package typealias ReservationID = ResourceID<ReservationKind>
