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

    /// As getcap(8) writes it: `cap_net_raw=ep`. The flags that most capabilities have come first, and then who differs from them
    /// (cap_to_text(3)); where most have none, the first who differ have a `=`.
    package var description: String {
        let groups = Dictionary(grouping: 0..<64, by: flags)
        let common = (0..<8).reversed().max { known(groups[$0]).count < known(groups[$1]).count } ?? 0
        var parts: [String] = common == 0 ? [] : ["=" + Self.letters(common)]
        for flags in (0..<8).reversed() where flags != common && !known(groups[flags]).isEmpty {
            let names = known(groups[flags]).map { "cap_" + Self.known[$0] }.joined(separator: ",")
            parts.append(names + Self.change("+", flags & ~common) + Self.change("-", common & ~flags))
        }
        for flags in (1..<8).reversed() {
            let numbers = (groups[flags] ?? []).filter { $0 >= Self.known.count }.map(String.init)
            if !numbers.isEmpty { parts.append(numbers.joined(separator: ",") + Self.change("+", flags)) }
        }
        guard let first = parts.first else { return "=" }
        return ([first.replacing("+", with: "=")] + parts.dropFirst()).joined(separator: " ")
    }

    /// Of one capability: 1 effective, 2 permitted, 4 inheritable.
    private func flags(_ capability: Int) -> Int {
        let set = Int(permitted >> UInt64(capability) & 1) * 2 + Int(inheritable >> UInt64(capability) & 1) * 4
        return set != 0 && isEffective ? set + 1 : set
    }

    private func known(_ capabilities: [Int]?) -> [Int] { (capabilities ?? []).filter { $0 < Self.known.count } }

    private static func letters(_ flags: Int) -> String {
        [(1, "e"), (4, "i"), (2, "p")].map { flags & $0.0 == 0 ? "" : $0.1 }.joined()
    }

    private static func change(_ sign: String, _ flags: Int) -> String { flags == 0 ? "" : sign + letters(flags) }

    private static let known = [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable",
        "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio",
        "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time",
        "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog",
        "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
    ]
}
