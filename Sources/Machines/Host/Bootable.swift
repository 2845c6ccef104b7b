import Cloud
import ImageStore
import Model

/// What there is to do for an instance that was started.
struct Bootable {
    /// A server for ssh is in its image.
    let hasServer: Bool
    /// It was told something, or somebody was given a key to it.
    let hasToBoot: Bool

    /// Throws where the instance has nothing that programs could run on: an image that was only registered, a blank volume.
    init(_ place: Place, _ plane: EmbeddedPlane) throws(Failure) {
        let region = try plane.open(place.region)
        let machine = try region.machine(place.instance)
        let tree = try Tree(machine.live, in: region.store(under: machine.key))
        guard try tree.resolvedNode("/bin/sh") != nil else {
            throw Failure(.unavailable, "the instance \(place.instance) has no shell")
        }
        hasServer = try tree.resolvedNode("/usr/sbin/sshd") != nil
        hasToBoot = !machine.isPrepared && (machine.instance.userData != nil || machine.instance.keyName != nil)
    }
}
