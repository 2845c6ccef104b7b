import ImageStore
import Model

/// The encrypted volumes that are opened at boot: crypttab(5).
package enum EncryptedVolumes {
    package static let file: TreePath = "/etc/crypttab"

    package struct Entry: Hashable, Sendable {
        package let name: String
        package let device: String
        /// A file with a key; nil where a person is asked.
        package let keyFile: String?
        package let options: [String]
        package let place: LinePlace
    }

    package static func all(in guest: any TreeView) throws(Failure) -> [Entry] {
        try LogicalLines(file, in: guest, joins: false).lines.compactMap { line in
            let words = line.text.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count >= 2, words[0].first != "#" else { return nil }
            let key = words.count > 2 ? words[2] : "none"
            return Entry(
                name: words[0], device: words[1], keyFile: key == "none" || key == "-" ? nil : key,
                options: words.count > 3 ? words[3].split(separator: ",").map(String.init) : [], place: line.place)
        }
    }
}
