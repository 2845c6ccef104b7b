/// A name of a systemd unit: `ssh.service`, `getty@.service`, `getty@tty1.service` (systemd.unit(5)).
package struct UnitName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String
    /// What stands before the `@` or the type.
    package let prefix: String
    /// Between `@` and the type: empty of a template, nil of a plain unit.
    package let instance: String?
    /// `service`
    package let type: String

    package static let types: Set<String> = [
        "service", "socket", "target", "device", "mount", "automount", "swap", "timer", "path", "slice", "scope",
    ]

    /// Types of which a unit may have other names.
    static let aliasable: Set<String> = ["service", "socket", "target", "device", "timer", "path"]

    /// Types of which there are templates.
    static let instantiable: Set<String> = ["service", "socket", "target", "timer", "path"]

    package init?(_ text: some StringProtocol) {
        guard let dot = text.lastIndex(of: "."), text.utf8.count <= 255 else { return nil }
        type = String(text[text.index(after: dot)...])
        let stem = text[..<dot]
        guard Self.types.contains(type), !stem.isEmpty, stem.first != "@", stem.utf8.allSatisfy(Self.isAllowed) else {
            return nil
        }
        self.text = String(text)
        if let at = stem.firstIndex(of: "@") {
            prefix = String(stem[..<at])
            instance = String(stem[stem.index(after: at)...])
        } else {
            prefix = String(stem)
            instance = nil
        }
    }

    package var isTemplate: Bool { instance == "" }
    package var isInstance: Bool { instance.map { !$0.isEmpty } ?? false }

    /// `getty@.service` of `getty@tty1.service`; nil for all else.
    package var template: UnitName? { isInstance ? UnitName("\(prefix)@.\(type)") : nil }

    /// A template's unit with an instance.
    package func with(instance: String) -> UnitName? { UnitName("\(prefix)@\(instance).\(type)") }

    package var description: String { text }

    package static func < (a: UnitName, b: UnitName) -> Bool { a.text < b.text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: ":-_.\\@".utf8.contains(byte)
        }
    }
}
