import ImageStore
import Model

/// The units without which a machine does not come up or cannot be reached.
enum BootUnits {
    /// One name of each line has to be able to start, where the image has one of them at all.
    private static let critical: [[String]] = [
        ["default.target"], ["sysinit.target"], ["basic.target"], ["multi-user.target"], ["local-fs.target"], ["network.target"],
        ["systemd-journald.service"], ["systemd-udevd.service"], ["systemd-tmpfiles-setup.service"], ["systemd-logind.service"],
        ["dbus.socket"], ["dbus.service", "dbus-broker.service"], ["ssh.service", "sshd.service", "ssh.socket", "sshd.socket"],
        ["networking.service", "systemd-networkd.service", "NetworkManager.service"], ["cloud-init.service"],
        ["cloud-init-local.service"], ["cloud-config.service"], ["cloud-final.service"],
    ]

    static func problems(_ guest: any TreeView) throws(Failure) -> [String] {
        let units = try UnitCatalogue(guest)
        var problems: [String] = []
        for names in critical {
            let known = names.compactMap { UnitName($0) }.filter { units.has($0) }
            guard !known.isEmpty else { continue }
            if known.allSatisfy({ units.isMasked($0) }) {
                problems.append("\(names.joined(separator: ", ")) cannot start: masked")
                continue
            }
            // A login by ssh needs one that is started at boot.
            guard names.contains("ssh.service") else { continue }
            var isStarted = false
            for name in known where try units.state(of: units.target(of: name)) == .enabled { isStarted = true }
            if !isStarted { problems.append("none of \(names.joined(separator: ", ")) is started at boot") }
        }
        return problems
    }
}
