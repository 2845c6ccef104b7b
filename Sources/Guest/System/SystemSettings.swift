import ImageStore
import Model

/// The few settings that every image has: names, language and time zone.
package struct SystemSettings: Hashable, Sendable {
    /// `/etc/hostname`; empty where each instance gets its own.
    package let hostname: String
    /// `Europe/Berlin`, by the link `/etc/localtime` or, of old, `/etc/timezone`; nil where it is not set.
    package let timezone: String?
    /// `LANG=C.UTF-8`, in order of names.
    package let locale: [String]

    package static let files: [TreePath] = [
        "/etc/hostname", "/etc/localtime", "/etc/timezone", "/etc/locale.conf", "/etc/default/locale",
    ]

    package init(_ guest: any TreeView) throws(Failure) {
        hostname = try Self.lines("/etc/hostname", guest).first ?? ""
        timezone = try Self.zone(guest)
        var locale = Set(try Self.lines("/etc/locale.conf", guest))
        locale.formUnion(try Self.lines("/etc/default/locale", guest))
        self.locale = locale.sorted()
    }

    private static func lines(_ path: TreePath, _ guest: any TreeView) throws(Failure) -> [String] {
        try LogicalLines(path, in: guest, joins: false).lines.map(\.text).filter { $0.first != "#" }
    }

    private static func zone(_ guest: any TreeView) throws(Failure) -> String? {
        if case .symlink(let target)? = try guest.node(at: "/etc/localtime")?.kind {
            let text = String(decoding: target, as: UTF8.self)
            if let range = text.firstRange(of: "zoneinfo/") { return String(text[range.upperBound...]) }
        }
        return try lines("/etc/timezone", guest).first
    }
}
