import Model

/// What a socket unit listens on at boot (systemd.socket(5)).
package struct SocketListener: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let unit: UnitName
    /// `ListenStream` and its like, without `Listen`: `Stream`, `Datagram`, `FIFO`
    package let kind: String
    /// `22`, `127.0.0.1:80`, `/run/x.sock`
    package let address: String

    private static let kinds = [
        "Stream", "Datagram", "SequentialPacket", "FIFO", "Special", "Netlink", "MessageQueue", "USBFunction",
    ]

    /// Whether other machines may reach it: no path, no abstract name, no address of the machine itself.
    package var isNetwork: Bool {
        guard ["Stream", "Datagram"].contains(kind), let first = address.first, first != "/", first != "@", first != "%" else {
            return false
        }
        return !address.hasPrefix("127.") && !address.hasPrefix("[::1]") && !address.hasPrefix("vsock:")
    }

    package var description: String { "\(unit) \(kind) \(address)" }

    package static func < (a: SocketListener, b: SocketListener) -> Bool {
        (a.unit, a.kind, a.address) < (b.unit, b.kind, b.address)
    }

    /// The sockets of all units that are not masked, enabled or not.
    package static func all(in units: UnitCatalogue) throws(Failure) -> [SocketListener] {
        var found: [SocketListener] = []
        for name in units.names where name.type == "socket" && units.target(of: name) == name {
            found += try listeners(of: name, in: units)
        }
        return found.sorted()
    }

    package static func listeners(of name: UnitName, in units: UnitCatalogue) throws(Failure) -> [SocketListener] {
        let settings = try units.settings(of: name)
        var listeners: [SocketListener] = []
        // An empty value of one kind forgets all of them.
        for setting in settings.settings where setting.section == "Socket" && setting.key.hasPrefix("Listen") {
            let kind = String(setting.key.dropFirst(6))
            guard kinds.contains(kind) else { continue }
            if setting.value.isEmpty {
                listeners = []
            } else {
                listeners.append(SocketListener(unit: name, kind: kind, address: setting.value))
            }
        }
        return listeners
    }
}
