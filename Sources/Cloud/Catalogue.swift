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
        Migration(
            """
            DROP INDEX images_by_name;
            CREATE UNIQUE INDEX images_by_name ON images (name, owner) WHERE \(live);
            CREATE INDEX images_by_owner ON images (owner);
            CREATE INDEX images_by_source ON images (source_image);
            CREATE INDEX images_by_parent ON images (parent);
            ALTER TABLE images ADD COLUMN reason_code TEXT;
            ALTER TABLE images ADD COLUMN root_device_type TEXT NOT NULL DEFAULT 'ebs';
            ALTER TABLE images ADD COLUMN virtualization TEXT NOT NULL DEFAULT 'hvm';
            ALTER TABLE images ADD COLUMN ena INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE images ADD COLUMN sriov TEXT;
            ALTER TABLE images ADD COLUMN boot_mode TEXT;
            ALTER TABLE images ADD COLUMN tpm INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE images ADD COLUMN imds INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE images ADD COLUMN uefi_data TEXT;
            ALTER TABLE images ADD COLUMN kernel TEXT;
            ALTER TABLE images ADD COLUMN ramdisk TEXT;
            ALTER TABLE images ADD COLUMN manifest TEXT;
            ALTER TABLE images ADD COLUMN billing_products TEXT;
            ALTER TABLE images ADD COLUMN source_instance TEXT;
            ALTER TABLE images ADD COLUMN deprecation INTEGER;
            ALTER TABLE images ADD COLUMN launched INTEGER;
            ALTER TABLE images ADD COLUMN protection TEXT NOT NULL DEFAULT 'disabled'
                CHECK (protection IN ('disabled', 'enabled', 'enabled-with-cooldown', 'cooling'));
            ALTER TABLE images ADD COLUMN protected_until INTEGER;
            ALTER TABLE images ADD COLUMN recycled INTEGER;
            ALTER TABLE images ADD COLUMN recycled_until INTEGER;
            CREATE INDEX images_recycled ON images (recycled_until) WHERE recycled_until IS NOT NULL;

            CREATE TABLE launch_permissions (
                image TEXT NOT NULL REFERENCES images (id),
                kind TEXT NOT NULL CHECK (kind IN ('account', 'group', 'organization', 'unit')),
                grantee TEXT NOT NULL,
                PRIMARY KEY (image, kind, grantee)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX launch_permissions_by_grantee ON launch_permissions (kind, grantee);

            CREATE TABLE product_codes (
                image TEXT NOT NULL REFERENCES images (id),
                code TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('devpay', 'marketplace')),
                PRIMARY KEY (image, code)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE watermarks (
                image TEXT NOT NULL REFERENCES images (id),
                key TEXT NOT NULL,
                source_region TEXT NOT NULL,
                source_image TEXT NOT NULL,
                source_created INTEGER NOT NULL,
                attached INTEGER NOT NULL,
                PRIMARY KEY (image, key)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE virtual_devices (
                image TEXT NOT NULL REFERENCES images (id),
                device TEXT NOT NULL,
                virtual_name TEXT,
                PRIMARY KEY (image, device)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE account_settings (
                account TEXT NOT NULL,
                name TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (account, name)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE retention_rules (
                id TEXT PRIMARY KEY,
                account TEXT NOT NULL,
                resource TEXT NOT NULL CHECK (resource IN ('EC2_IMAGE', 'EBS_SNAPSHOT')),
                days INTEGER NOT NULL,
                tags TEXT NOT NULL,
                excluded TEXT NOT NULL
            ) STRICT;

            CREATE TABLE client_tokens (
                account TEXT NOT NULL,
                action TEXT NOT NULL,
                token TEXT NOT NULL,
                request BLOB NOT NULL CHECK (length(request) = 32),
                result TEXT NOT NULL,
                used INTEGER NOT NULL,
                PRIMARY KEY (account, action, token)
            ) STRICT, WITHOUT ROWID;

            ALTER TABLE snapshots ADD COLUMN volume TEXT;
            ALTER TABLE snapshots ADD COLUMN state_message TEXT;
            ALTER TABLE snapshots ADD COLUMN parent TEXT;
            ALTER TABLE snapshots ADD COLUMN tier TEXT NOT NULL DEFAULT 'standard' CHECK (tier IN ('standard', 'archive'));
            ALTER TABLE snapshots ADD COLUMN restore_until INTEGER;
            ALTER TABLE snapshots ADD COLUMN lock_mode TEXT CHECK (lock_mode IN ('governance', 'compliance'));
            ALTER TABLE snapshots ADD COLUMN locked INTEGER;
            ALTER TABLE snapshots ADD COLUMN lock_cools INTEGER;
            ALTER TABLE snapshots ADD COLUMN lock_ends INTEGER;
            ALTER TABLE snapshots ADD COLUMN recycled INTEGER;
            ALTER TABLE snapshots ADD COLUMN recycled_until INTEGER;
            CREATE INDEX snapshots_by_owner ON snapshots (owner);
            CREATE INDEX snapshots_by_volume ON snapshots (volume);
            CREATE INDEX snapshots_recycled ON snapshots (recycled_until) WHERE recycled_until IS NOT NULL;

            CREATE TABLE volume_permissions (
                snapshot TEXT NOT NULL REFERENCES snapshots (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind IN ('account', 'group')),
                grantee TEXT NOT NULL,
                PRIMARY KEY (snapshot, kind, grantee)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX volume_permissions_by_grantee ON volume_permissions (kind, grantee);

            CREATE TABLE ebs_volumes (
                id TEXT PRIMARY KEY,
                owner TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('creating', 'available', 'in-use', 'deleting', 'deleted', 'error')),
                zone TEXT NOT NULL,
                size INTEGER NOT NULL,
                type TEXT NOT NULL,
                iops INTEGER,
                throughput INTEGER,
                encrypted INTEGER NOT NULL,
                snapshot TEXT,
                root BLOB CHECK (length(root) = 32),
                logical_size INTEGER NOT NULL,
                created INTEGER NOT NULL,
                instance TEXT,
                device TEXT,
                attached INTEGER,
                delete_on_termination INTEGER NOT NULL DEFAULT 0,
                CHECK ((instance IS NULL) = (state <> 'in-use'))
            ) STRICT;
            CREATE INDEX ebs_volumes_by_owner ON ebs_volumes (owner);
            CREATE INDEX ebs_volumes_by_instance ON ebs_volumes (instance);
            """),
        NetworkCatalogue.migration,
        Migration(
            """
            CREATE TABLE evidence (
                image TEXT PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
                root BLOB NOT NULL CHECK (length(root) = 32)
            ) STRICT, WITHOUT ROWID;
            """),
        InstanceCatalogue.migration,
        // `images_by_name` holds live images only, and a filter on names looks at failed ones too.
        Migration("CREATE INDEX images_by_any_name ON images (name);"),
        LiveTreeCatalogue.migration,
        RoutingCatalogue.migration,
        VolumeHistoryCatalogue.migration,
        KeyCatalogue.migration,
        BlockCatalogue.migration,
        TemplateCatalogue.migration,
        FleetCatalogue.migration,
        IdentityCatalogue.migration,
        CommandCatalogue.migration,
        ParameterCatalogue.migration,
        PolicyCatalogue.migration,
        ConversionCatalogue.migration,
        MetadataCatalogue.migration,
        KeyImportCatalogue.migration,
        ParameterCatalogue.rules,
        ProductCatalogue.migration,
        VolumeDiskCatalogue.migration,
        InstanceCatalogue.stores,
        ConversionCatalogue.bundles,
        NetworkBlockCatalogue.migration,
        DHCPOptionsCatalogue.migration,
        InterfaceCatalogue.migration,
        ElasticAddressCatalogue.migration,
        DocumentCatalogue.migration,
        PolicyCatalogue.deletion,
        CommandCatalogue.bounds,
    ]
}
