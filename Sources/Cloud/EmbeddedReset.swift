import Model
import Records
import SQLite
import Synchronization

// A plane as it was made, for test suites.
extension EmbeddedPlane {
    /// Forgets all that the regions hold. The packs of their stores stay until a collection finds that nothing needs them.
    package func reset() throws(Failure) {
        seeded.withLock { if $0 != nil { $0 = [] } }
        for name in try regions() {
            guard let region = try region(name) as? EmbeddedRegion else { continue }
            try region.database.write("forget all that \(name) holds") { session in
                try session.run("PRAGMA defer_foreign_keys = ON")
                let tables = try session.rows(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                ) { row in try row.text("name") }
                for table in tables { try session.run("DELETE FROM \(table)") }
            }
            try region.sweepDisks()
        }
    }
}
