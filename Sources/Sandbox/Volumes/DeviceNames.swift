/// The names under which a volume is in /dev: that of its attachment, and the other one of `sd` and `xvd`.
package struct DeviceNames: Hashable, Sendable {
    /// Without `/dev/`; that of the attachment first.
    package let all: [String]

    /// `device` is as in a block device mapping: `/dev/xvdf`, `/dev/sdf`, `xvdf`. Nil for one that is no name in /dev.
    package init?(_ device: String) {
        let name = device.hasPrefix(Self.folder) ? String(device.dropFirst(Self.folder.count)) : device
        let isName = name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        }
        guard isName, 1...Self.longest ~= name.utf8.count, !Self.taken.contains(name), !name.hasPrefix("tty") else { return nil }
        if name.hasPrefix("xvd") {
            all = [name, "sd" + name.dropFirst(3)]
        } else if name.hasPrefix("sd") {
            all = [name, "xvd" + name.dropFirst(2)]
        } else {
            all = [name]
        }
    }

    static let folder = "/dev/"
    private static let longest = 32
    /// What the sandbox has in /dev.
    private static let taken: Set<String> = [
        "null", "zero", "full", "random", "urandom", "console", "fd", "stdin", "stdout", "stderr", "pts", "ptmx", "shm", "core",
    ]

    var first: String { all[0] }
}
