import Crypto
import ImageStore
import Model

/// Follows secrets through the steps of a stage: which step put one into which file. A secret may be in a file while a later step needs
/// it, but not in the stage's result.
final class SecretTrace {
    private struct Hit {
        var path: TreePath
        var secret: SecretReference
        var step: String
    }

    private let editor: TreeEditor
    private var values: [SecretReference: String] = [:]
    /// The tree up to which files were searched; nil while there is no secret.
    private var searched: Digest?
    private var hits: [Hit] = []
    /// Why the search of a step failed; thrown by `check`.
    private var failure: Failure?

    init(_ editor: TreeEditor) { self.editor = editor }

    var isEmpty: Bool { values.isEmpty }
    var references: [SecretReference] { values.keys.sorted { $0.description < $1.description } }

    /// Called before the step that gets the secret changes anything.
    func add(_ secret: SecretReference, _ value: String) {
        values[secret] = value
        if searched != nil { return }
        do throws(Failure) { searched = try editor.finish() } catch { failure = error }
    }

    /// Searches what the step changed.
    func stepEnded(_ step: String) {
        if isEmpty { return }
        do throws(Failure) { try search(step) } catch { failure = error }
    }

    private func search(_ step: String) throws(Failure) {
        guard let searched else { return }
        let now = try editor.finish()
        let changes = try TreeDiff.changes(from: try Tree(searched, in: editor.objects), to: try Tree(now, in: editor.objects))
        for (secret, value) in values {
            let search = ContentSearch(formsOf: value)
            for change in changes {
                guard let node = change.after, try search.match(in: node, of: editor.objects) != nil else { continue }
                if !hits.contains(where: { $0.path == change.path && $0.secret == secret }) {
                    hits.append(Hit(path: change.path, secret: secret, step: step))
                }
            }
        }
        self.searched = now
    }

    /// `Failure(.failed)` with path and step where a secret is in the tree now.
    func check() throws(Failure) {
        if let failure { throw failure }
        for hit in hits {
            guard let value = values[hit.secret], let node = try editor.node(at: hit.path),
                try ContentSearch(formsOf: value).match(in: node, of: editor.objects) != nil
            else { continue }
            throw Failure(
                .failed, "\(hit.path) holds the secret \(hit.secret), which the step '\(hit.step)' put there",
                hint: "remove the file in the same component, or keep the secret in memory; secrets must not be in images")
        }
    }
}
