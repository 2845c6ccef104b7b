import Model
import Records
import SQLite

/// The columns of instances for their metadata: how it is told, and whose role they have.
enum MetadataCatalogue {
    static let migration = Migration(
        """
        ALTER TABLE instances ADD COLUMN imds_enabled INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE instances ADD COLUMN imds_ipv6 INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE instances ADD COLUMN imds_hops INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE instances ADD COLUMN imds_tags INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE instances ADD COLUMN profile_arn TEXT;
        ALTER TABLE instances ADD COLUMN profile_id TEXT;
        """)
}

extension Session {
    /// Whether the instance is told its tags.
    func showsTags(_ id: String) throws -> Bool {
        try first("SELECT imds_tags FROM instances WHERE id = ?", id) { row in try row.bool("imds_tags") } ?? false
    }

    func setMetadataOptions(_ options: MetadataOptions, of id: InstanceID) throws {
        try run(
            "UPDATE instances SET imds = ?, imds_enabled = ?, imds_ipv6 = ?, imds_hops = ?, imds_tags = ? WHERE id = ?",
            options.needsTokens, options.isEnabled, options.isEnabledOverIPv6, options.hopLimit, options.showsTags, id)
    }
}

extension Row {
    func profile() throws -> InstanceRecord.Profile? {
        try textIfPresent("profile_arn").map { arn in InstanceRecord.Profile(arn: arn, id: try text("profile_id")) }
    }

    func metadataOptions() throws -> MetadataOptions {
        var options = MetadataOptions()
        options.needsTokens = try bool("imds")
        options.isEnabled = try bool("imds_enabled")
        options.isEnabledOverIPv6 = try bool("imds_ipv6")
        options.hopLimit = try int("imds_hops")
        options.showsTags = try bool("imds_tags")
        return options
    }
}
