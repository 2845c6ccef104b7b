import Components
import Model

/// Documents that other documents call and the image does not hold, from a folder of the host.
package final class NeighbouringDocuments: DocumentSource {
    private let folder: String

    package init(folder: String) { self.folder = folder }

    package func document(_ call: DocumentCall, from file: String) throws(Failure) -> [UInt8] {
        guard !call.document.contains("://"), !ARN.isMeant(by: call.document) else {
            throw Failure(
                .notFound, "documents are not fetched from S3 or from a catalogue of components: \(call.document)",
                hint: "put it beside the calling document, and call it by its file name")
        }
        // The name alone: a document has no say in which folder of the host is read.
        let name = call.document.split(separator: "/").last.map(String.init) ?? ""
        guard !["", ".", ".."].contains(name) else { throw Failure(.invalid, "'\(call.document)' names no document") }
        return try ExternalFile.read(
            "\(folder)/\(name)", what: "the component document", limit: ComponentDocument.Limits.bytes + 1)
    }
}
