import Model
import Records
import SQLite

/// The schema of instances.
enum InstanceCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE instances (
            id TEXT PRIMARY KEY,
            reservation TEXT NOT NULL,
            owner TEXT NOT NULL,
            image TEXT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped')),
            reason_code TEXT,
            reason TEXT,
            changed INTEGER NOT NULL,
            launched INTEGER NOT NULL,
            launch_index INTEGER NOT NULL,
            type TEXT NOT NULL,
            architecture TEXT NOT NULL,
            subnet TEXT NOT NULL REFERENCES subnets (id),
            address_index INTEGER NOT NULL,
            groups TEXT NOT NULL,
            key_name TEXT,
            client_token TEXT,
            user_data TEXT,
            root_device TEXT NOT NULL,
            ebs_optimized INTEGER NOT NULL,
            terminates INTEGER NOT NULL,
            termination_protected INTEGER NOT NULL,
            stop_protected INTEGER NOT NULL,
            imds INTEGER NOT NULL,
            -- What a launch comes to that cannot succeed: the state reason of its end.
            failure_code TEXT,
            failure TEXT
        ) STRICT;
        CREATE INDEX instances_by_owner ON instances (owner);
        CREATE INDEX instances_by_image ON instances (image);
        CREATE INDEX instances_unsettled ON instances (state) WHERE state IN ('pending', 'shutting-down', 'stopping');
        CREATE INDEX instances_by_subnet ON instances (subnet, address_index);
        """)

    static let stores = Migration(
        """
        CREATE TABLE instance_stores (
            instance TEXT PRIMARY KEY REFERENCES instances (id) ON DELETE CASCADE,
            root BLOB NOT NULL CHECK (length(root) = 32),
            logical_size INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """)
}

extension Session {
    /// All of the account, or one.
    func instances(of owner: AccountID, only id: InstanceID? = nil) throws -> [InstanceRecord] {
        let subnets = Dictionary(uniqueKeysWithValues: try subnets(of: owner).map { ($0.id, $0) })
        let values: [any Bindable] = id.map { [owner, $0] } ?? [owner]
        return try rows(
            """
            SELECT instances.*, images.root_device_type AS root_kind, images.billing_products AS billing,
                images.manifest AS manifest_location FROM instances
                LEFT JOIN images ON images.id = instances.image
                WHERE instances.owner = ? \(id == nil ? "" : "AND instances.id = ?") ORDER BY instances.rowid
            """, values
        ) { row in try instance(row, owner, subnets) }
    }

    private func instance(
        _ row: borrowing Row, _ owner: AccountID, _ subnets: [SubnetID: Subnet]
    ) throws -> InstanceRecord {
        let id: InstanceID = try row.parsed("id")
        guard let subnet = subnets[try row.parsed("subnet")], let type = InstanceType.named(try row.text("type")) else {
            throw Failure(.corrupt, "the instance \(id) is of no subnet or type that there is")
        }
        let reason = try row.textIfPresent("reason_code").map { code in
            StateReason(code: code, message: try row.textIfPresent("reason") ?? "")
        }
        var instance = InstanceRecord(
            id: id, reservation: try row.parsed("reservation"), owner: owner, image: try row.parsed("image"),
            state: try row.named("state"), stateReason: reason, changed: try row.instant("changed"),
            launched: try row.instant("launched"), index: try row.int("launch_index"), type: type,
            architecture: try row.named("architecture"), subnet: subnet,
            interfaces: try interfaces(of: id),
            keyName: try row.textIfPresent("key_name"), clientToken: try row.textIfPresent("client_token"),
            userData: try row.textIfPresent("user_data"), rootDeviceName: try row.text("root_device"),
            isEBSOptimized: try row.bool("ebs_optimized"), terminatesOnShutdown: try row.bool("terminates"),
            isMonitored: try row.bool("monitored"),
            credits: try row.textIfPresent("credits").flatMap { CPUCredits(rawValue: $0) },
            isProtectedFromTermination: try row.bool("termination_protected"),
            isProtectedFromStopping: try row.bool("stop_protected"), metadata: try row.metadataOptions(),
            profile: try row.profile(), volumes: try volumes("instance = ?", [id]).map(\.volume),
            tags: try tags(of: id.description))
        if instance.state != .terminated { instance.publicAddress = instance.elasticAddress }
        instance.isInstanceStore = try row.textIfPresent("root_kind") == MachineAttributes.RootDevice.instanceStore.rawValue
        if instance.isInstanceStore {
            instance.store = try first("SELECT * FROM instance_stores WHERE instance = ?", id) { row in
                InstanceStore(root: try row.digest("root"), logicalSize: try row.integer("logical_size"))
            }
            instance.manifestLocation = try row.textIfPresent("manifest_location")
        }
        instance.products = try products(of: id.description)
        instance.billingProducts = try row.textIfPresent("billing")?.split(separator: ",").map { String($0) } ?? []
        return instance
    }

    /// Without its interfaces and volumes.
    func insert(_ instance: InstanceRecord, failing: StateReason?) throws {
        try run(
            """
            INSERT INTO instances (id, reservation, owner, image, state, changed, launched, launch_index, type, architecture,
                subnet, key_name, client_token, user_data, root_device, ebs_optimized, terminates,
                termination_protected, stop_protected, imds, failure_code, failure, profile_arn,
                profile_id, monitored, credits)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            instance.id, instance.reservation, instance.owner, instance.image, instance.state.rawValue, instance.changed,
            instance.launched, instance.index, instance.type.name, instance.architecture.rawValue, instance.subnet.id,
            instance.keyName, instance.clientToken, instance.userData,
            instance.rootDeviceName, instance.isEBSOptimized, instance.terminatesOnShutdown,
            instance.isProtectedFromTermination, instance.isProtectedFromStopping, instance.metadata.needsTokens,
            failing?.code, failing?.message, instance.profile?.arn, instance.profile?.id, instance.isMonitored,
            instance.credits?.rawValue)
        try setMetadataOptions(instance.metadata, of: instance.id)
        try setTags(instance.tags, of: instance.id.description)
        try enter(instance.products, of: instance.id.description)
    }
}
