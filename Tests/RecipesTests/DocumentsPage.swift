import Platform
import Testing

/// The examples of `docs/documents.md`.
enum DocumentsPage {
    /// The first block of YAML below a heading.
    static func example(below heading: String) throws -> String {
        // Tests/RecipesTests/<this file> is three names below the root.
        let root = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))
        let lines = String(decoding: try Files.read(root + "/docs/documents.md"), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        let section = lines.drop { $0 != heading }
        let block = section.drop { $0 != "```yaml" }.dropFirst().prefix { $0 != "```" }
        try #require(!block.isEmpty, "\(heading) has no example")
        return block.joined(separator: "\n") + "\n"
    }
}
