import ImageStore
import Model

/// `dbus-machine-id`: D-Bus's copy of the machine id becomes a link to the one that counts; an empty file would stop D-Bus from
/// starting. Without D-Bus it goes.
package struct LinkDBusMachineID: ScrubKind {
    package static let name = "dbus-machine-id"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        let path = try work.editor.resolve("/var/lib/dbus/machine-id", followLast: false)
        guard try work.editor.node(at: path) != nil else { return }
        if try work.editor.exists(anyOf: ["/usr/bin/dbus-daemon", "/usr/bin/dbus-broker", "/bin/dbus-daemon"]) {
            try work.replace(path, withLinkTo: "/etc/machine-id")
        } else {
            try work.remove(path)
        }
    }
}
