import Text

/// The mounts of a namespace, from the text of /proc/PID/mountinfo (proc(5)).
struct MountTable: Sendable {
    struct Entry: Hashable, Sendable {
        /// `major:minor` of the file system.
        let device: String
        let place: String
    }

    let entries: [Entry]

    init(_ text: String) {
        entries = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 4 else { return nil }
            return Entry(device: String(fields[2]), place: OctalEscapes.decode(fields[4]))
        }
    }

    /// The file system that is mounted at a place, last of all.
    func device(at place: String) -> String? { entries.last { $0.place == place }?.device }

    /// The paths from `root` on of the places below it where the file system of `place` is mounted, those that were mounted last first.
    func copies(of place: String, below root: String) -> [String] {
        guard let device = device(at: place) else { return [] }
        return entries.reversed().filter { $0.device == device && $0.place.hasPrefix(root + "/") }.map {
            String($0.place.dropFirst(root.count))
        }
    }
}
