import ImageStore
import Model

/// One kind of thing that may differ between two images, such as users or kernel parameters. A conforming type is one file, and one
/// line in `SemanticDifference.categories`.
package protocol SemanticCategory: Sendable {
    /// The word for it in tables and JSON: `users`.
    static var name: String { get }
    /// The heading of release notes.
    static var title: String { get }

    init()

    /// Files and folders that it is read from. Where nothing of them changed, nothing is read.
    func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath]

    /// The changed files that it is read from; by default those within the inputs.
    func sources(_ trees: ComparedTrees) throws(Failure) -> [TreeDiff.Change]

    /// What is different.
    ///
    /// - Parameter sources: what `sources` gave; never empty.
    func compare(_ trees: ComparedTrees, _ sources: [TreeDiff.Change]) throws(Failure) -> [SemanticChange]
}

extension SemanticCategory {
    package func inputs(_ trees: ComparedTrees) throws(Failure) -> [TreePath] { [] }

    package func sources(_ trees: ComparedTrees) throws(Failure) -> [TreeDiff.Change] {
        try trees.changes(within: try inputs(trees))
    }

    var name: String { Self.name }

    func change(
        _ subject: String, _ before: String?, _ after: String?, note: String = "", matters: Bool
    ) -> SemanticChange {
        SemanticChange(Self.name, subject, before: before, after: after, note: note, isSecurityRelevant: matters)
    }

    /// What differs between two sets of named values, by name.
    func compare(
        _ old: [String: String], _ new: [String: String], matters: (String, String?, String?) -> Bool
    ) -> [SemanticChange] {
        Set(old.keys).union(new.keys).sorted().compactMap { key in
            let (before, after) = (old[key], new[key])
            return before == after ? nil : change(key, before, after, matters: matters(key, before, after))
        }
    }

    /// What is in one of two sets of texts only.
    func compare(_ old: some Sequence<String>, _ new: some Sequence<String>, matters: Bool) -> [SemanticChange] {
        let (old, new) = (Set(old), Set(new))
        return old.subtracting(new).sorted().map { change($0, "", nil, matters: matters) }
            + new.subtracting(old).sorted().map { change($0, nil, "", matters: matters) }
    }
}

/// Values by name; of those with one name the last.
func lastOfEach(_ pairs: some Sequence<(String, String)>) -> [String: String] {
    Dictionary(pairs.map { ($0.0, $0.1) }, uniquingKeysWith: { $1 })
}
