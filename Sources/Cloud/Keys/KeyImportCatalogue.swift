import Crypto
import Model
import SQLite

/// What a key remembers of imported material. Its digest stays when the material goes.
enum KeyImportCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE kms_imports (
            key TEXT PRIMARY KEY REFERENCES kms_keys (id) ON DELETE CASCADE,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            valid_to INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX kms_imports_due ON kms_imports (valid_to);
        """)
}

extension Session {
    func enterImport(_ digest: Digest, validTo: Instant?, of id: KeyID) throws {
        try run("INSERT OR REPLACE INTO kms_imports VALUES (?, ?, ?)", id, digest, validTo)
    }

    /// Takes the imported material of a key away, and lets it wait for the same again.
    func dropImported(_ id: KeyID) throws {
        try run("UPDATE kms_imports SET valid_to = NULL WHERE key = ?", id)
        try run("DELETE FROM kms_materials WHERE key = ?", id)
        try run(
            "UPDATE kms_keys SET state = ? WHERE id = ? AND state IN ('Enabled', 'Disabled')", KeyState.pendingImport.rawValue, id
        )
    }
}
