/// What an inode keeps besides its contents.
package struct Ext4Metadata: Sendable {
    /// Permission bits with setuid, setgid and sticky: the low twelve bits of st_mode.
    package var mode: UInt16
    package var uid: UInt32
    package var gid: UInt32
    /// Nanoseconds since 1970. ext4 keeps 1901-12-13 to 2446-05-10; other times become the nearest of these.
    package var modified: Int64
    /// In the kernel's form, access control lists too. Names are `user.…`, `trusted.…`, `security.…`, `system.posix_acl_access` or
    /// `system.posix_acl_default`; all of one inode fit into about 4 KB.
    package var attributes: [Attribute]

    package struct Attribute: Sendable {
        package let name: [UInt8]
        package let value: [UInt8]

        package init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }

        /// Whether ext4 on Linux knows attributes of this name.
        package static func isSupported(_ name: [UInt8]) -> Bool {
            if name.contains(0) { return false }
            if name == Array("system.posix_acl_access".utf8) || name == Array("system.posix_acl_default".utf8) { return true }
            return ["user.", "trusted.", "security."].contains { prefix in
                name.starts(with: prefix.utf8) && name.count > prefix.utf8.count && name.count - prefix.utf8.count <= 255
            }
        }
    }

    package init(mode: UInt16, uid: UInt32, gid: UInt32, modified: Int64, attributes: [Attribute] = []) {
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.modified = modified
        self.attributes = attributes
    }
}

/// A time as an inode keeps it: 32 bits of seconds, and 30 bits of nanoseconds above two more bits of seconds.
struct Ext4Time {
    let seconds: UInt32
    let extra: UInt32

    init(seconds: UInt32, extra: UInt32) {
        self.seconds = seconds
        self.extra = extra
    }

    /// Since 1970. More than a second of nanoseconds, which nobody writes, counts as none.
    var nanoseconds: Int64 {
        let whole = Int64(Int32(bitPattern: seconds)) + Int64(extra & 3) << 32
        let rest = extra >> 2
        // The last of the times that ext4 has are later than nanoseconds can count.
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : scaled + (rest < 1_000_000_000 ? Int64(rest) : 0)
    }

    private static let range: ClosedRange<Int64> = -0x8000_0000...0x3_7FFF_FFFF

    init(nanoseconds time: Int64) {
        var (whole, rest) = time.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 {
            whole -= 1
            rest += 1_000_000_000
        }
        if whole < Self.range.lowerBound { rest = 0 }
        whole = min(max(whole, Self.range.lowerBound), Self.range.upperBound)
        let low = Int32(truncatingIfNeeded: whole)
        seconds = UInt32(bitPattern: low)
        extra = UInt32(truncatingIfNeeded: rest) << 2 | UInt32(truncatingIfNeeded: (whole - Int64(low)) >> 32) & 3
    }
}
