import Model
import Records
import SQLite

/// The schema of Systems Manager's documents, and of the commands that carry them out.
enum DocumentCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE documents (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            target_type TEXT,
            created INTEGER NOT NULL,
            default_version INTEGER NOT NULL,
            -- A number is not given twice.
            versions_made INTEGER NOT NULL,
            PRIMARY KEY (owner, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE document_versions (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            number INTEGER NOT NULL CHECK (number > 0),
            version_name TEXT,
            content TEXT NOT NULL,
            format TEXT NOT NULL CHECK (format IN ('JSON', 'YAML')),
            -- What the content says, in JSON.
            body TEXT NOT NULL,
            created INTEGER NOT NULL,
            PRIMARY KEY (owner, name, number),
            UNIQUE (owner, name, version_name),
            FOREIGN KEY (owner, name) REFERENCES documents (owner, name) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE document_tags (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (owner, name, key),
            FOREIGN KEY (owner, name) REFERENCES documents (owner, name) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE document_shares (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            account TEXT NOT NULL,
            versions TEXT NOT NULL,
            PRIMARY KEY (owner, name, account),
            FOREIGN KEY (owner, name) REFERENCES documents (owner, name) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE commands ADD COLUMN document TEXT NOT NULL DEFAULT 'AWS-RunShellScript';
        ALTER TABLE commands ADD COLUMN document_version TEXT NOT NULL DEFAULT '$DEFAULT';
        -- JSON; without it the command is of the time before documents, and has one script.
        ALTER TABLE commands ADD COLUMN steps TEXT;
        ALTER TABLE commands ADD COLUMN parameters TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE commands ADD COLUMN delivery INTEGER NOT NULL DEFAULT 3600;
        -- What became of the steps, in JSON.
        ALTER TABLE invocations ADD COLUMN results TEXT;
        """)
}

extension Session {
    /// By name.
    func documents(_ condition: String, _ values: [any Bindable]) throws -> [DocumentRecord] {
        try rows("SELECT * FROM documents WHERE \(condition) ORDER BY name", values) { row in
            let owner: AccountID = try row.parsed("owner")
            let name = try row.text("name")
            return DocumentRecord(
                name: name, owner: owner, targetType: try row.textIfPresent("target_type"), created: try row.instant("created"),
                defaultVersion: try row.int("default_version"), tags: try documentTags(name, of: owner),
                versions: try documentVersions(name, of: owner))
        }
    }

    private func documentVersions(_ name: String, of owner: AccountID) throws -> [DocumentVersion] {
        try rows("SELECT * FROM document_versions WHERE owner = ? AND name = ? ORDER BY number", [owner, name]) { row in
            DocumentVersion(
                number: try row.int("number"), name: try row.textIfPresent("version_name"), content: try row.text("content"),
                format: try row.named("format"),
                body: try JSONReader.read(Array(row.text("body").utf8), what: "the document \(name)"),
                created: try row.instant("created"))
        }
    }

    func documentTags(_ name: String, of owner: AccountID) throws -> TagSet {
        try TagSet(
            try rows("SELECT key, value FROM document_tags WHERE owner = ? AND name = ?", [owner, name]) {
                try Tag(key: $0.text("key"), value: $0.text("value"))
            })
    }

    func documentShares(_ name: String, of owner: AccountID) throws -> [DocumentShare] {
        try rows("SELECT * FROM document_shares WHERE owner = ? AND name = ? ORDER BY account", [owner, name]) { row in
            DocumentShare(account: try row.text("account"), version: try row.named("versions"))
        }
    }

    func enter(
        _ number: Int, _ content: DocumentContent, named versionName: String?, of name: String, _ owner: AccountID,
        at now: Instant
    )
        throws
    {
        try run(
            "INSERT INTO document_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", owner, name, number, versionName, content.text,
            content.format.rawValue, try CanonicalJSON.text(of: content.body), now)
    }

    func put(_ tags: TagSet, onDocument name: String, of owner: AccountID) throws {
        for tag in tags {
            try run("INSERT OR REPLACE INTO document_tags VALUES (?, ?, ?, ?)", owner, name, tag.key, tag.value)
        }
    }
}
