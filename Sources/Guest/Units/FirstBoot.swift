import ImageStore
import Model

/// What systemd calls the first boot: the start of a system without a machine id, at which it goes through all units by their presets
/// (machine-id(5), systemd.preset(5)). By default it only enables what they enable; built otherwise, it also disables what they disable.
package enum FirstBoot {
    package static let machineID: TreePath = "/etc/machine-id"
    /// What the machine id of an image says whose instances have a first boot.
    package static let uninitialized = "uninitialized\n"

    /// Whether images of a distribution are sealed so that their instances have one. Presets of the Fedora family disable what nobody
    /// wants, so that it does no harm there; Debian's enable everything.
    package static func isUsual(of os: OSRelease) -> Bool {
        os.isLike("fedora") || os.isLike("rhel") || os.isLike("centos") || os.id == "amzn"
    }

    /// Whether instances of an image have a first boot, or will have after it was scrubbed.
    package static func isAhead(of guest: any TreeView) throws(Failure) -> Bool {
        if isUsual(of: try OSRelease(in: guest)) { return true }
        guard try guest.resolvedNode(machineID)?.content != nil else { return true }
        return try guest.read(machineID, limit: 4096).map { String(decoding: $0, as: UTF8.self) } == uninitialized
    }

    /// The units that somebody disabled and that presets would enable again.
    package static func revived(in guest: any TreeView) throws(Failure) -> [UnitName] {
        let units = try UnitCatalogue(guest)
        return try units.states().filter { $0.state == .disabled && units.presets.enables($0.name.text) }.map(\.name)
    }
}
