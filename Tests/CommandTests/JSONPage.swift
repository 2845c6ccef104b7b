import FoundationEssentials

/// The examples of `docs/json.md`: by command, the paths of the JSON below its heading ``## `ingot …` ``.
struct JSONPage {
    private(set) var shapes: [String: Set<String>] = [:]

    init(_ page: String) throws {
        var command = ""
        var example: String?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("## `"), let end = line.lastIndex(of: "`") {
                command = String(line[line.index(line.startIndex, offsetBy: 4)..<end])
            } else if line == "```json" {
                example = ""
            } else if line == "```", let text = example {
                let shape = try JSONDecoder().decode(JSONShape.self, from: Data(text.utf8))
                shapes[command, default: []].formUnion(shape.paths())
                example = nil
            } else {
                example?.append(line + "\n")
            }
        }
    }
}
