import Evidence
import Guest
import ImageStore
import Model
import Pipeline
import Secrets

/// Finds the files that hold what was hit in the raw image, for people and for the recipe's allowances. Only done where there are hits.
struct KnownValueJudge {
    private let tree: Tree
    private let search: KnownValueSearch
    private let allowances: [SealDemand.Allowance]

    /// More than these are not told one by one.
    private static let most = 100

    init(_ tree: Tree, _ search: KnownValueSearch, _ allowances: [SealDemand.Allowance]) throws(Failure) {
        self.tree = tree
        self.search = search
        self.allowances = allowances.filter { $0.rule == ProofReport.knownValueRule }
    }

    /// A hit in a file is one for each path; a value that is in the raw image but in no file is told with its place there.
    func judge(_ hits: [KnownValueHit]) throws(Failure) -> (hits: [ProofReport.Hit], allowed: [ProofReport.Hit]) {
        var found: [ProofReport.Hit] = []
        var explained: Set<Int> = []
        try tree.walk { (path, node) throws(Failure) in
            for hit in try self.hits(in: node) where found.count < Self.most {
                explained.insert(hit.value)
                found.append(self.hit(hit, at: path))
            }
            return true
        }
        for hit in hits where explained.insert(hit.value).inserted { found.append(self.hit(hit, at: nil)) }
        return (found.filter { $0.reason == nil }, found.filter { $0.reason != nil })
    }

    private func hit(_ hit: KnownValueHit, at path: TreePath?) -> ProofReport.Hit {
        let path = path?.escaped
        let reason = path.flatMap { path in allowances.first { $0.covers(path) }?.reason }
        return ProofReport.Hit(
            value: search.values[hit.value].name, encoding: hit.encoding.rawValue, path: path, offset: hit.end, reason: reason)
    }

    /// The first hit of each value in what the node holds.
    private func hits(in node: Node) throws(Failure) -> [KnownValueHit] {
        var scan = try search.begin()
        for attribute in node.metadata.attributes { try scan.append((attribute.value + [0]).span) }
        if case .symlink(let target) = node.kind { try scan.append(target.span) }
        for extent in try node.content?.extents(from: tree.objects) ?? [] {
            if let bytes = try extent.data(from: tree.objects) { try scan.append(bytes.span) }
        }
        var seen: Set<Int> = []
        return scan.hits.filter { seen.insert($0.value).inserted }
    }
}
