import Model
import Platform

/// The users and groups of the host that those of an image are in the sandbox: 65,536 of each, none of whom is anybody's.
struct IdentityRange: Equatable, Sendable {
    /// User 0 of the image.
    let firstUser: UInt32
    /// Group 0 of the image.
    let firstGroup: UInt32

    static let count: UInt32 = 65_536

    /// What root takes where /etc/subuid and /etc/subgid give it no range: near the end of what systemd sets aside for containers
    /// (524,288 to 1,879,048,191), where systemd-nspawn is least likely to have picked one.
    static let ofRoot = IdentityRange(firstUser: 0x6F00_0000, firstGroup: 0x6F00_0000)

    /// The range of a user, by the texts of /etc/subuid and /etc/subgid; nil where these give none that is large enough.
    init?(user name: String, id: UInt32, users: String, groups: String) {
        guard let user = Self.first(name, id, users), let group = Self.first(name, id, groups) else { return nil }
        self.init(firstUser: user, firstGroup: group)
    }

    private init(firstUser: UInt32, firstGroup: UInt32) {
        self.firstUser = firstUser
        self.firstGroup = firstGroup
    }

    /// The first range of the user that is large enough. A line is `name or number:first:count` (subuid(5)).
    private static func first(_ name: String, _ id: UInt32, _ text: String) -> UInt32? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0] == name || fields[0] == "\(id)" else { continue }
            guard let first = UInt32(fields[1]), let size = UInt32(fields[2]), size >= count else { continue }
            if first > 0 && first <= .max - size { return first }
        }
        return nil
    }

    /// The range of the user who runs this process.
    static func ofThisUser() -> IdentityRange? {
        let user = Users.effective
        let read = { (path: String) in (try? Files.readStream(path)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
        let range = IdentityRange(
            user: user.name, id: user.id, users: read("/etc/subuid"), groups: read("/etc/subgid"))
        if user.id != 0 { return range }
        // The file system of the image has one offset for both.
        if let range, range.firstUser == range.firstGroup { return range }
        return .ofRoot
    }
}
