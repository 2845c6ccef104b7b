import Cloud
import Evidence
import ImageStore
import Model

/// The documents that are kept with an image.
package struct EvidenceFiles {
    package let image: ImageRecord
    private let tree: Tree

    /// `Failure(.notFound)` where the image has none: it was imported, or built before there were any.
    package init(of image: ImageRecord, in workspace: Workspace) throws(Failure) {
        let region = try workspace.plane.region(image.region)
        guard let root = try region.evidence(of: image.id) else {
            throw Failure(
                .notFound, "the image \(image.id) has no documents",
                hint: "images that Ingot builds have; those that were imported have not")
        }
        self.image = image
        tree = try Tree(root, in: try workspace.store(of: region))
    }

    /// The kinds that are there.
    package func kinds() throws(Failure) -> [DocumentKind] {
        var kinds: [DocumentKind] = []
        for kind in DocumentKind.allCases where try tree.node(at: try Self.path(kind)) != nil { kinds.append(kind) }
        return kinds
    }

    /// The envelope of a kind, as it is stored; `Failure(.notFound)` where there is none.
    package func envelope(_ kind: DocumentKind) throws(Failure) -> [UInt8] {
        let path = try Self.path(kind)
        guard try tree.node(at: path) != nil, let bytes = try tree.read(path) else {
            throw Failure(
                .notFound, "the image \(image.id) has no \(kind.rawValue)",
                hint: kind == .certificate
                    ? "a certificate is made where the recipe has a `scrub` stage"
                    : "it has \(try kinds().map(\.rawValue).joined(separator: ", "))")
        }
        return bytes
    }

    private static func path(_ kind: DocumentKind) throws(Failure) -> TreePath { try TreePath(parsing: "/" + kind.fileName) }
}
