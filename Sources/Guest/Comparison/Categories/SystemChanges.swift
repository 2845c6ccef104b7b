import ImageStore
import Model

/// The distribution, host name, language and time zone.
struct SystemChanges: SemanticCategory {
    static let name = "system"
    static let title = "System"

    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] {
        SystemSettings.files + ["/etc/os-release", "/usr/lib/os-release", "/etc/debian_version"]
    }

    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange] {
        let (old, new) = try trees.both { (view) throws(Failure) in
            Self.values(try SystemSettings(view), try OSRelease(in: view), try point(view))
        }
        return compare(old, new) { _, _, _ in false }
    }

    /// Debian's point release.
    private func point(_ view: any TreeView) throws(Failure) -> String {
        try LogicalLines("/etc/debian_version", in: view, joins: false).lines.first?.text ?? ""
    }

    private static func values(_ system: SystemSettings, _ release: OSRelease, _ point: String) -> [String: String] {
        let values = [
            "distribution": release.prettyName, "debian version": point, "hostname": system.hostname,
            "timezone": system.timezone ?? "", "locale": system.locale.joined(separator: " "),
        ]
        return values.filter { !$0.value.isEmpty }
    }
}
