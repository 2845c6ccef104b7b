import Guest
import Model
import XML

/// `updateinfo.xml` of a dnf repository: advisories with the packages that they brought. A package of the same name and architecture that
/// is older than one of them lacks it.
enum UpdateInfoFeed: FeedReader {
    static let format = FeedFormat.updateInfo

    /// A repository of years has some hundred thousand packages in its advisories.
    private static let limits = XMLReader.Limits(bytes: FeedFile.maximumSize, depth: 32, elements: 5_000_000)

    static func read(_ feed: FeedFile, into collector: inout Collector) throws(Failure) -> FeedSummary {
        var summary = summary(of: feed)
        let visitor = Visitor(collector)
        do { try XMLReader.scan(feed.bytes, limits: limits, visitor) } catch {
            throw Failure(.invalid, "the feed \(feed.path) cannot be read", cause: error)
        }
        guard visitor.isUpdateInfo else {
            throw Failure(
                .invalid, "\(feed.path) is XML, and no updateinfo",
                hint: "known are OSV, Debian's tracker, debsecan, updateinfo.xml and Alpine's secdb")
        }
        summary.entries = visitor.entries
        summary.date = visitor.date.isEmpty ? nil : visitor.date
        var vendors: Set<String?> = []
        for (index, update, version) in visitor.matches {
            let subject = collector.subjects[index]
            vendors.insert(subject.vendor)
            guard update.type == "security", RPMVersion(subject.version) < RPMVersion(version) else { continue }
            let ids = update.references.map(\.id)
            let advisory = Advisory(
                id: update.id, aliases: ids.filter { $0.hasPrefix("CVE-") }, title: update.title,
                severity: Severity(word: update.severity), published: update.issued,
                references: update.references.map(\.link).filter { !$0.isEmpty })
            try collector.add(
                advisory, of: index, fixedIn: version, fix: .yes,
                evidence: .init(level: .feed, source: feed.path, statement: "\(update.id) brought \(version)"))
        }
        // The repository's distributor says of every package that it made whether there is an update.
        for index in collector.indices(ofType: "rpm") where vendors.contains(collector.subjects[index].vendor) {
            collector.assess(index, by: feed.path)
        }
        return summary
    }

    private struct Update {
        var type = ""
        var id = ""
        var title = ""
        var severity = ""
        var issued = ""
        var references: [(id: String, link: String)] = []
        var packages: [(subjects: [Int], version: String)] = []
    }

    /// Keeps what speaks of installed packages.
    private final class Visitor: XMLVisitor {
        private(set) var entries = 0
        private(set) var date = ""
        private(set) var isUpdateInfo = false
        private(set) var matches: [(index: Int, update: Update, version: String)] = []
        private let collector: Collector
        private var update = Update()
        private var text = ""
        private var depth = 0

        init(_ collector: Collector) { self.collector = collector }

        func begin(_ name: String, attributes: [String: String]) {
            text = ""
            depth += 1
            switch name {
            case "updates" where depth == 1: isUpdateInfo = true
            case "update":
                update = Update()
                update.type = attributes["type"] ?? ""
            case "issued": update.issued = attributes["date"] ?? ""
            case "updated": date = max(date, attributes["date"] ?? "")
            case "reference":
                if update.references.count < Advisory.maximumReferences {
                    update.references.append((attributes["id"] ?? "", attributes["href"] ?? ""))
                }
            case "package": takePackage(attributes)
            default: break
            }
        }

        private func takePackage(_ attributes: [String: String]) {
            guard let name = attributes["name"], let version = attributes["version"], let release = attributes["release"] else {
                return
            }
            let subjects = collector.named(name, type: "rpm").filter {
                collector.subjects[$0].architecture == attributes["arch"]
            }
            guard !subjects.isEmpty else { return }
            let epoch = attributes["epoch"].flatMap { $0 == "0" ? nil : "\($0):" } ?? ""
            update.packages.append((subjects, "\(epoch)\(version)-\(release)"))
        }

        func text(_ text: String) {
            if self.text.utf8.count < 4096 { self.text += text }
        }

        func end(_ name: String) {
            depth -= 1
            switch name {
            case "id": update.id = text
            case "title" where depth == 2: update.title = text
            case "severity": update.severity = text
            case "update":
                entries += 1
                date = max(date, update.issued)
                for package in update.packages {
                    for index in package.subjects where matches.count < Collector.maximumFindings {
                        matches.append((index, update, package.version))
                    }
                }
            default: break
            }
            text = ""
        }
    }
}
