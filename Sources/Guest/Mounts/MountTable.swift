import ImageStore
import Model
import Text

/// The file systems of fstab(5).
package struct MountTable: Sendable {
    package static let file: TreePath = "/etc/fstab"

    package struct Entry: Hashable, Sendable {
        /// `UUID=…`, `/dev/xvda1`, `tmpfs`
        package let source: String
        /// `/tmp`; `none` or `swap` for swap space.
        package let mountPoint: String
        package let type: String
        package let options: [String]
        /// Whether dump(8) saves it.
        package let dump: Int
        /// The order of checks at boot; 0: none.
        package let check: Int
        package let place: LinePlace

        /// The value of `option=value`, empty for an option alone; of several the last. Nil where it is not there.
        package func value(of option: String) -> String? {
            for text in options.reversed() {
                if text == option { return "" }
                if text.hasPrefix(option + "=") { return String(text.dropFirst(option.count + 1)) }
            }
            return nil
        }
    }

    package let entries: [Entry]

    package init(_ guest: any TreeView) throws(Failure) {
        entries = try LogicalLines(Self.file, in: guest, joins: false).lines.compactMap { Self.parse($0.text, $0.place) }
    }

    /// What is mounted at a path in the end: of several the last.
    package func mount(at point: String) -> Entry? {
        entries.last { $0.mountPoint == point || ($0.mountPoint != "/" && $0.mountPoint == point + "/") }
    }

    private static func parse(_ line: String, _ place: LinePlace) -> Entry? {
        guard line.first != "#" else { return nil }
        let words = line.split(whereSeparator: \.isWhitespace).map { OctalEscapes.decode($0) }
        guard words.count >= 3 else { return nil }
        let options = words.count > 3 ? words[3].split(separator: ",").map(String.init) : ["defaults"]
        return Entry(
            source: words[0], mountPoint: words[1], type: words[2], options: options,
            dump: words.count > 4 ? Int(words[4]) ?? 0 : 0, check: words.count > 5 ? Int(words[5]) ?? 0 : 0, place: place)
    }
}
