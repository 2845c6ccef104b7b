import Model
import YAML

/// Collects the errors of one document, so that all are told at once.
package final class Diagnostics {
    /// The document's file, as the user named it.
    package let file: String
    package let source: SourceText
    private var collected: [Diagnostic] = []

    package init(file: String, source: SourceText) {
        self.file = file
        self.source = source
    }

    package var isEmpty: Bool { collected.isEmpty }

    /// In the order of the document; each once.
    package var sorted: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let unique = collected.filter { seen.insert($0).inserted }
        // The position breaks ties: sorting keeps the order in which errors of one place were found.
        return unique.enumerated().sorted { ($0.element.mark, $0.offset) < ($1.element.mark, $1.offset) }.map(\.element)
    }

    package func report(_ message: String, at mark: Mark, hint: String? = nil) {
        collected.append(Diagnostic(file: file, mark: mark, message: message, hint: hint))
    }

    package func report(_ error: YAMLError) { report(error.message, at: error.mark, hint: error.hint) }

    /// Every error as `Diagnostic.rendered` writes it, one after the other.
    package func rendered() -> String { sorted.map { $0.rendered(in: source) }.joined(separator: "\n") }

    /// One `Failure` with all errors; nil when there is none.
    package var failure: Failure? { isEmpty ? nil : Failure(.invalid, rendered()) }

    /// Throws `failure`, if there is one.
    package func check() throws(Failure) {
        if let failure { throw failure }
    }
}
