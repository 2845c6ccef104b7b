import Model

/// One package of dpkg's status file.
package struct PackageEntry: Sendable {
    /// `install ok installed`: what is wanted, the flag, and what is.
    package struct Status: Hashable, Sendable, CustomStringConvertible {
        package var want: String
        package var flag: String
        package var state: String

        package init(want: String = "install", flag: String = "ok", state: String) {
            self.want = want
            self.flag = flag
            self.state = state
        }

        init(_ text: String) {
            let words = text.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map { String(Substring($0)) }
            want = words.first ?? "unknown"
            flag = words.count > 1 ? words[1] : "ok"
            state = words.count > 2 ? words[2] : "not-installed"
        }

        package var description: String { "\(want) \(flag) \(state)" }

        /// Whether files of the package are in the tree; of one that was removed, configuration files may be.
        package var isOnDisk: Bool { state != "not-installed" && state != "config-files" }
    }

    package var stanza: ControlStanza

    package init(_ stanza: ControlStanza) { self.stanza = stanza }

    package var name: String { stanza["Package"] ?? "" }
    package var architecture: String { stanza["Architecture"] ?? "" }
    package var version: String { stanza["Version"] ?? "" }
    package var isMultiArchSame: Bool { stanza["Multi-Arch"] == "same" }
    package var status: Status { Status(stanza["Status"] ?? "") }

    /// The start of its files' names in `info`.
    package var infoName: String { isMultiArchSame ? "\(name):\(architecture)" : name }

    /// A configuration file as the status file records it.
    package struct ConfigurationFile: Hashable, Sendable {
        package var path: String
        /// MD5 of the file as the package brought it.
        package var digest: String
        package var isObsolete: Bool
    }

    package var configurationFiles: [ConfigurationFile] {
        stanza.lines("Conffiles").compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            if words.last == "remove-on-upgrade" { words.removeLast() }
            let isObsolete = words.last == "obsolete"
            if isObsolete { words.removeLast() }
            guard words.count >= 2, let digest = words.popLast() else { return nil }
            return ConfigurationFile(path: words.joined(separator: " "), digest: digest, isObsolete: isObsolete)
        }
    }

    /// The order of dpkg's own writer; other fields come behind.
    static let fieldOrder = [
        "Package", "Essential", "Protected", "Status", "Priority", "Section", "Installed-Size", "Origin", "Maintainer", "Bugs",
        "Architecture", "Multi-Arch", "Source", "Version", "Config-Version", "Replaces", "Provides", "Depends", "Pre-Depends",
        "Recommends", "Suggests", "Breaks", "Conflicts", "Enhances", "Conffiles", "Description", "Triggers-Pending",
        "Triggers-Awaited",
    ]

    mutating func setStatus(_ status: Status, configurationFiles: [ConfigurationFile]) {
        stanza["Status"] = status.description
        let lines = configurationFiles.map { "\n \($0.path) \($0.digest)\($0.isObsolete ? " obsolete" : "")" }
        stanza["Conffiles"] = lines.isEmpty ? nil : lines.joined()
        stanza.sort(by: Self.fieldOrder)
    }
}
