import Platform

/// What mount(2) asks for where it is a volume's file system that is to be mounted. All else is refused.
struct MountRequest: Hashable, Sendable {
    /// The name in /dev.
    let device: String
    let attributes: MountAttributes

    /// Why a call is refused, as errno.
    struct Refusal: Error, Hashable, Sendable {
        let errno: Int32

        static let notPermitted = Refusal(errno: 1)
        static let invalid = Refusal(errno: 22)
    }

    /// Devices are known by their names alone: no link is followed.
    init(source: String, type: String, flags: UInt64, options: String) throws(Refusal) {
        guard source.hasPrefix(DeviceNames.folder), Self.types.contains(type) else { throw .notPermitted }
        device = String(source.dropFirst(DeviceNames.folder.count))
        guard !device.contains("/") else { throw .notPermitted }
        // Programs of before Linux 2.4 put a number into the upper half.
        let flags = flags & 0xFFFF_0000 == 0xC0ED_0000 ? flags & 0xFFFF : flags
        guard flags & ~Self.knownFlags == 0 else { throw .notPermitted }
        for option in options.split(separator: ",") where !Self.isHarmless(option) { throw .invalid }
        var attributes: MountAttributes = [.noSetuid, .noDevices]
        if flags & Self.readOnly != 0 { attributes.insert(.readOnly) }
        if flags & Self.noPrograms != 0 { attributes.insert(.noPrograms) }
        self.attributes = attributes
    }

    private static let types: Set<String> = ["ext2", "ext3", "ext4"]

    private static let readOnly: UInt64 = 1
    private static let noPrograms: UInt64 = 8

    /// `ro`, `nosuid`, `nodev`, `noexec`, `sync`, `dirsync`, `noatime`, `nodiratime`, silence, `relatime`, `strictatime`, `lazytime`: a new
    /// mount of a file system. No binding, moving, changing of a mount.
    private static let knownFlags: UInt64 =
        1 | 2 | 4 | 8 | 16 | 128 | 1024 | 2048 | 32768 | 1 << 21 | 1 << 24 | 1 << 25

    /// Options that change nothing of what is seen in the file system.
    private static func isHarmless(_ option: Substring) -> Bool {
        let name = option.prefix { $0 != "=" }
        return ["errors", "data", "barrier", "nobarrier", "discard", "nodiscard", "commit", "journal_checksum"].contains(name)
    }
}
