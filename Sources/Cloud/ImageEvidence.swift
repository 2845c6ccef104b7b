import Crypto
import Model
import Records
import SQLite

// Documents about an image: a tree of files in the region's store.
extension EmbeddedRegion {
    package func attachEvidence(_ root: Digest, to id: ImageID) throws(Failure) {
        try database.write("attach evidence to the image \(id)") { session in
            let image = try session.image(id, in: name)
            guard [.pending, .available, .disabled].contains(image.state) else {
                throw Failure(.conflict, "the image \(id) is \(image.state) and gets no evidence")
            }
            try session.run(
                "INSERT INTO evidence VALUES (?, ?) ON CONFLICT (image) DO UPDATE SET root = excluded.root", id, root)
        }
    }

    package func evidence(of id: ImageID) throws(Failure) -> Digest? {
        try database.read("look up the evidence of \(id)") { session in
            try session.first("SELECT root FROM evidence WHERE image = ?", id) { row in try row.digest("root") }
        }
    }
}
