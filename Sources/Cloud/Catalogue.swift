import SQLite

/// The schema of `catalog.db`. Names and versions are unique among live images: pending, available and disabled ones.
enum Catalogue {
    /// A condition of queries, in the very words of the indexes, so that SQLite uses them.
    static let live = "state IN ('pending', 'available', 'disabled')"

    static let migrations = [
        Migration(
            """
            CREATE TABLE images (
                id TEXT PRIMARY KEY,
                token TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('pending', 'available', 'disabled', 'failed', 'deregistered')),
                failure TEXT,
                recipe TEXT, major INTEGER, minor INTEGER, patch INTEGER, build INTEGER,
                root BLOB CHECK (length(root) = 32),
                logical_size INTEGER NOT NULL,
                architecture TEXT NOT NULL,
                created INTEGER NOT NULL,
                owner TEXT NOT NULL,
                source_region TEXT, source_image TEXT,
                parent TEXT,
                root_device TEXT NOT NULL,
                CHECK (root IS NOT NULL OR state NOT IN ('available', 'disabled'))
            ) STRICT;
            CREATE UNIQUE INDEX images_by_name ON images (name) WHERE \(live);
            CREATE UNIQUE INDEX images_by_version ON images (recipe, major, minor, patch, build)
                WHERE recipe IS NOT NULL AND \(live);
            CREATE INDEX images_of_recipe ON images (recipe, major, minor, patch, build);
            CREATE INDEX images_by_root ON images (root);

            CREATE TABLE snapshots (
                id TEXT PRIMARY KEY,
                state TEXT NOT NULL CHECK (state IN ('pending', 'completed', 'error')),
                description TEXT NOT NULL,
                root BLOB CHECK (length(root) = 32),
                logical_size INTEGER NOT NULL,
                progress INTEGER NOT NULL,
                started INTEGER NOT NULL,
                completed INTEGER,
                owner TEXT NOT NULL,
                volume_size INTEGER NOT NULL,
                encrypted INTEGER NOT NULL,
                CHECK (root IS NOT NULL OR state <> 'completed')
            ) STRICT;

            CREATE TABLE volumes (
                image TEXT NOT NULL REFERENCES images (id),
                position INTEGER NOT NULL,
                device TEXT NOT NULL,
                snapshot TEXT REFERENCES snapshots (id) ON DELETE SET NULL,
                size INTEGER NOT NULL,
                type TEXT NOT NULL,
                encrypted INTEGER NOT NULL,
                iops INTEGER,
                throughput INTEGER,
                delete_on_termination INTEGER NOT NULL,
                PRIMARY KEY (image, position)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX volumes_by_snapshot ON volumes (snapshot);

            CREATE TABLE tags (
                resource TEXT NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (resource, key)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX tags_by_value ON tags (key, value);
            """),
        Migration(
            """
            CREATE TABLE parameters (
                name TEXT NOT NULL,
                version INTEGER NOT NULL CHECK (version > 0),
                type TEXT NOT NULL CHECK (type IN ('String', 'StringList', 'SecureString')),
                tier TEXT NOT NULL CHECK (tier IN ('Standard', 'Advanced')),
                description TEXT NOT NULL,
                value TEXT,
                sealed BLOB,
                modified INTEGER NOT NULL,
                user TEXT NOT NULL,
                PRIMARY KEY (name, version),
                CHECK ((value IS NULL) = (type = 'SecureString')),
                CHECK ((sealed IS NULL) = (type <> 'SecureString'))
            ) STRICT, WITHOUT ROWID;
            """),
    ]
}
