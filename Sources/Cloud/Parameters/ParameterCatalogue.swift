import SQLite

/// The tables of parameters, by account. The plane's first account has the empty text as its owner here, so that its parameters stay its own
/// when its number is written down in `ingot.yaml`.
enum ParameterCatalogue {
    static let migration = Migration(
        """
        ALTER TABLE parameters RENAME TO parameters_of_one;
        CREATE TABLE parameters (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version > 0),
            type TEXT NOT NULL CHECK (type IN ('String', 'StringList', 'SecureString')),
            tier TEXT NOT NULL CHECK (tier IN ('Standard', 'Advanced')),
            description TEXT NOT NULL,
            value TEXT,
            sealed BLOB,
            modified INTEGER NOT NULL,
            user TEXT NOT NULL,
            data_type TEXT NOT NULL CHECK (data_type IN ('text', 'aws:ec2:image')),
            PRIMARY KEY (owner, name, version),
            CHECK ((value IS NULL) = (type = 'SecureString')),
            CHECK ((sealed IS NULL) = (type <> 'SecureString'))
        ) STRICT, WITHOUT ROWID;
        INSERT INTO parameters
            SELECT '', name, version, type, tier, description, value, sealed, modified, user, 'text' FROM parameters_of_one;
        DROP TABLE parameters_of_one;

        CREATE TABLE parameter_labels (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            label TEXT NOT NULL,
            version INTEGER NOT NULL,
            PRIMARY KEY (owner, name, label),
            FOREIGN KEY (owner, name, version) REFERENCES parameters (owner, name, version) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE parameter_tags (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (owner, name, key)
        ) STRICT, WITHOUT ROWID;
        """)

    /// Keys of KMS, patterns and policies. The expiration stands in all versions.
    static let rules = Migration(
        """
        ALTER TABLE parameters ADD COLUMN key_name TEXT;
        ALTER TABLE parameters ADD COLUMN allowed_pattern TEXT NOT NULL DEFAULT '';
        ALTER TABLE parameters ADD COLUMN policy TEXT;
        ALTER TABLE parameters ADD COLUMN expires INTEGER;
        """)
}
