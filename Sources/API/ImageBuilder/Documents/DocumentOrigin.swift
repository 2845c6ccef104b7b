import Crypto
import FoundationEssentials
import Model

/// What stands in the first line of a document that a client of Image Builder made, as a comment: whose request it was, and what of that the
/// document itself has no word for. A document without such a line was written by a person, and no client changes it.
struct DocumentOrigin: Codable, Sendable {
    /// Its name in its folder. One that was copied under another name is a person's.
    var document: String
    var region: String
    /// Of the request that made it; the same token again is the same resource.
    var token: String
    /// The digest of that request.
    var request: String
    /// The digest of what stands below the line. Where it is another one, a person changed it since.
    var body: String
    var created: String
    var updated: String
    var tags: [String: String]
    /// Of a component.
    var changeDescription: String?
    var supportedOsVersions: [String]?
    /// Of a pipeline: the request, for what follows from other resources.
    var pipeline: PipelineRequest?

    private static let mark = "# Made by a client of Image Builder: "

    /// The origin of a document and the text below it; nil where a person wrote it.
    static func split(_ text: String) -> (origin: DocumentOrigin, body: String)? {
        guard text.hasPrefix(mark), let end = text.utf8.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = text[..<end].dropFirst(mark.count)
        guard let origin = try? JSONDecoder().decode(DocumentOrigin.self, from: Data(line.utf8)) else { return nil }
        return (origin, String(text[text.utf8.index(after: end)...]))
    }

    /// The whole document.
    func text(_ body: String) throws(Failure) -> String {
        var origin = self
        origin.body = SHA256.digest(of: body).hex
        return try Self.mark + CanonicalJSON.text(of: origin) + "\n" + body
    }

    func isOf(_ body: String) -> Bool { self.body == SHA256.digest(of: body).hex }
}
