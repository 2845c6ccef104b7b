import ImageStore

/// What a program may do that runs a file: the attribute `security.capability` (capabilities(7)).
package struct FileCapabilities: Hashable, Sendable, CustomStringConvertible {
    package let permitted: UInt64
    package let inheritable: UInt64
    package let isEffective: Bool
    /// The root of the user namespace that they count in; 0: the machine's.
    package let rootID: UInt32

    package static let attribute = Array("security.capability".utf8)

    /// Nil where a file has none, or they are of no known form.
    package init?(_ metadata: Metadata) {
        guard let value = metadata.attributes.first(where: { $0.name == Self.attribute })?.value else { return nil }
        self.init(value)
    }

    package init?(_ bytes: [UInt8]) {
        func word(_ index: Int) -> UInt32 {
            bytes[(index * 4)..<(index * 4 + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        guard bytes.count >= 12 else { return nil }
        let words: Int
        switch (word(0) >> 24, bytes.count) {
        case (1, 12): words = 1
        case (2, 20), (3, 24): words = 2
        default: return nil
        }
        isEffective = word(0) & 1 == 1
        permitted = UInt64(word(1)) | (words == 2 ? UInt64(word(3)) << 32 : 0)
        inheritable = UInt64(word(2)) | (words == 2 ? UInt64(word(4)) << 32 : 0)
        rootID = bytes.count == 24 ? word(5) : 0
    }

    /// As getcap(8) writes it: `cap_net_raw=ep`.
    package var description: String {
        let both = permitted & inheritable
        let parts = [(both, "ip"), (permitted & ~both, "p"), (inheritable & ~both, "i")].filter { $0.0 != 0 }
        let text = parts.map { set, flags in Self.names(set).joined(separator: ",") + "=" + (isEffective ? "e" : "") + flags }
        return text.isEmpty ? "=" : text.joined(separator: " ")
    }

    private static func names(_ set: UInt64) -> [String] {
        (0..<64).filter { set >> UInt64($0) & 1 == 1 }.map { $0 < known.count ? "cap_" + known[$0] : "\($0)" }
    }

    private static let known = [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable",
        "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio",
        "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time",
        "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog",
        "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
    ]
}
