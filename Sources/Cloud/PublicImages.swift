import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite
import Synchronization

/// An image of Amazon's that test suites launch by its id. It holds an empty file system.
struct PublicImage: Sendable {
    let id: String
    let name: String
    var virtualization = MachineAttributes.Virtualization.hvm
    var device = "/dev/xvda"
    /// The parameters below `/aws/service` by which Amazon or Canonical names it.
    var parameters: [String] = []

    /// The ids that moto's suite knows.
    static let all = [
        PublicImage(
            id: "ami-12c6146b", name: "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server", device: "/dev/sda1",
            parameters: ["canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id"]),
        PublicImage(
            id: "ami-03cf127a", name: "al2023-ami-kernel-6.1-x86_64",
            parameters: ["kernel-default", "kernel-6.1"].map { "ami-amazon-linux-latest/al2023-ami-\($0)-x86_64" }),
        PublicImage(
            id: "ami-fa7cdd89", name: "amzn-ami-minimal-pv-x86_64-ebs", virtualization: .paravirtual, device: "/dev/sda1"),
        PublicImage(id: "ami-f4cf1d8d", name: "Windows_Server-English-Full-Base", device: "/dev/sda1"),
    ]
}

/// A parameter of Amazon's that stands for a public image, where the region has it.
package struct PublicImageParameter: Sendable {
    package let name: String
    package let image: String

    package static let all = PublicImage.all.flatMap { image in
        image.parameters.map { PublicImageParameter(name: "/aws/service/" + $0, image: image.id) }
    }
}

extension EmbeddedPlane {
    /// From now on every region that an account asks has the images of Amazon's that test suites launch, also after a reset.
    package func offerPublicImages() { seeded.withLock { $0 = $0 ?? [] } }

    /// Puts them into a region that does not have them yet.
    func seed(_ region: EmbeddedRegion) throws(Failure) {
        try seeded.withLock { (known) throws(Failure) in
            guard let names = known, !names.contains(region.name) else { return }
            try region.enterPublicImages()
            known?.insert(region.name)
        }
    }
}

extension EmbeddedRegion {
    fileprivate func enterPublicImages() throws(Failure) {
        let writer = try StoreWriter(try store)
        defer { withExtendedLifetime(writer) {} }
        let blank = try TreeEditor(root: nil, in: writer, date: 0).finish()
        try writer.publish()
        let snapshots = try PublicImage.all.map { (_) throws(Failure) -> SnapshotID in try newID() }
        try database.write("enter the public images of \(name)") { session in
            for (image, snapshot) in zip(PublicImage.all, snapshots) {
                let id = try ImageID(parsing: image.id)
                let isThere = try session.first("SELECT 1 AS one FROM images WHERE id = ?", id) { _ in true } ?? false
                if !isThere { try enter(image, id, snapshot, blank, session) }
            }
        }
    }

    private func enter(
        _ seed: PublicImage, _ id: ImageID, _ snapshot: SnapshotID, _ root: Digest, _ session: Session
    ) throws {
        let now = Instant(seconds: environment.seconds)
        var image = ImageRecord(
            id: id, region: name, name: try AMIName(parsing: seed.name), description: "A public image for test suites",
            state: .available, failureReason: nil, release: nil, root: root, logicalSize: 0, architecture: .x86, created: now,
            owner: Account.amazon.id, source: nil, parent: nil, rootDeviceName: seed.device,
            volumes: [
                VolumeMapping(deviceName: seed.device, volume: Volume(size: 8, type: .gp2), snapshot: snapshot)
            ], tags: TagSet())
        image.machine.virtualization = seed.virtualization
        try session.enter(
            SnapshotRecord(
                id: snapshot, state: .completed, description: image.snapshotDescription, root: root, logicalSize: 0,
                progress: 100, started: now, completed: now, owner: image.owner, volumeSize: 8, isEncrypted: false,
                tags: TagSet()))
        try session.enter(image, token: "public-\(id)")
        try session.run("INSERT INTO launch_permissions VALUES (?, 'group', 'all')", id)
    }
}
