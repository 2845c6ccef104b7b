import Guest
import Model

/// Gathers what all sources of evidence say of the subjects of one image.
struct Collector {
    let subjects: [Subject]
    let distribution: OSRelease
    /// Subjects by type and name, and by type and name of their source.
    private let byName: [String: [Int]]
    private let bySource: [String: [Int]]
    /// Findings by subject and id.
    private var findings: [Key: Finding] = [:]
    /// Subjects that some evidence speaks about, with the names of its sources.
    private(set) var assessed: [Int: Set<String>] = [:]

    private struct Key: Hashable {
        let subject: Int
        let id: String
    }

    /// More are a mistake or an attack.
    static let maximumFindings = 200_000

    init(_ subjects: [Subject], _ distribution: OSRelease) {
        self.subjects = subjects
        self.distribution = distribution
        byName = Dictionary(grouping: subjects.indices) { "\(subjects[$0].type) \(subjects[$0].name)" }
        bySource = Dictionary(grouping: subjects.indices) { "\(subjects[$0].type) \(subjects[$0].sourceName)" }
    }

    func named(_ name: String, type: String) -> [Int] { byName["\(type) \(name)"] ?? [] }

    func built(fromSource name: String, type: String) -> [Int] { bySource["\(type) \(name)"] ?? [] }

    func indices(ofType type: String) -> [Int] { subjects.indices.filter { subjects[$0].type == type } }

    /// Notes that a source of evidence speaks about a subject.
    mutating func assess(_ subject: Int, by source: String) { assessed[subject, default: []].insert(source) }

    /// Adds a finding. What several sources say about one vulnerability of one package is one finding that stands on all of them.
    mutating func add(
        _ advisory: Advisory, of subject: Int, fixedIn: String?, fix: Finding.FixAvailability, evidence: Finding.Evidence
    ) throws(Failure) {
        let key = Key(subject: subject, id: advisory.id)
        let score = advisory.score
        let severity = score.map { Severity(score: $0) } ?? advisory.severity ?? .untriaged
        guard var finding = findings[key] else {
            guard findings.count < Self.maximumFindings else {
                throw Failure(.exhausted, "there are more than \(Self.maximumFindings) findings")
            }
            findings[key] = Finding(
                id: advisory.id, aliases: Array(Set(advisory.aliases).subtracting([advisory.id])).sorted(),
                title: String(advisory.title.prefix(Advisory.maximumTitle)), severity: severity, score: score,
                vectors: advisory.vectors, package: Finding.Package(subjects[subject]), fixedInVersion: fixedIn,
                fixAvailable: fix, status: .active, published: advisory.published,
                references: Array(advisory.references.prefix(Advisory.maximumReferences)), evidence: [evidence])
            return
        }
        finding.aliases = Array(Set(finding.aliases).union(advisory.aliases).subtracting([finding.id])).sorted()
        if finding.title.isEmpty { finding.title = String(advisory.title.prefix(Advisory.maximumTitle)) }
        finding.severity = max(finding.severity, severity)
        finding.score = [finding.score, score].compactMap { $0 }.max()
        finding.vectors += advisory.vectors.filter { !finding.vectors.contains($0) }
        finding.fixedInVersion = finding.fixedInVersion ?? fixedIn
        if finding.fixAvailable != .yes { finding.fixAvailable = fix == .unknown ? finding.fixAvailable : fix }
        finding.published = finding.published ?? advisory.published
        if !finding.evidence.contains(evidence) { finding.evidence.append(evidence) }
        findings[key] = finding
    }

    /// Worst first, then by package and id.
    var sortedFindings: [Finding] {
        findings.values.sorted {
            if $0.severity != $1.severity { return $0.severity > $1.severity }
            return ($0.package.name, $0.package.architecture, $0.package.filePath ?? "", $0.id)
                < ($1.package.name, $1.package.architecture, $1.package.filePath ?? "", $1.id)
        }
    }
}
