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
    /// One of the account, or none.
    func instances(of owner: AccountID, only id: InstanceID) throws -> [InstanceRecord] {
        try instances(of: owner, only: [id])
    }

    /// All of the account, or those of these ids; oldest first.
    func instances(of owner: AccountID, only asked: [InstanceID]? = nil) throws -> [InstanceRecord] {
        var (condition, values): (String, [any Bindable]) = ("instances.owner = ?", [owner])
        if let asked {
            let (among, value) = Self.among(asked)
            condition += " AND instances.id \(among)"
            values.append(value)
        }
        let ids: [InstanceID] = try rows("SELECT id FROM instances WHERE \(condition)", values) { try $0.parsed("id") }
        if ids.isEmpty { return [] }
        let parts = try InstanceParts(of: ids, owner, self)
        return try rows(
            """
            SELECT instances.*, images.root_device_type AS root_kind, images.billing_products AS billing,
                images.manifest AS manifest_location, instance_stores.root AS store_root,
                instance_stores.logical_size AS store_size
            FROM instances LEFT JOIN images ON images.id = instances.image
                LEFT JOIN instance_stores ON instance_stores.instance = instances.id
            WHERE \(condition) ORDER BY instances.rowid
            """, values
        ) { row in try instance(row, owner, parts) }
    }

    private func instance(_ row: borrowing Row, _ owner: AccountID, _ parts: InstanceParts) throws -> InstanceRecord {
        let id: InstanceID = try row.parsed("id")
        guard let subnet = parts.subnets[try row.parsed("subnet")], let type = InstanceType.named(try row.text("type")) else {
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
            interfaces: parts.interfaces[id.description] ?? [],
            keyName: try row.textIfPresent("key_name"), clientToken: try row.textIfPresent("client_token"),
            userData: try row.textIfPresent("user_data"), rootDeviceName: try row.text("root_device"),
            isEBSOptimized: try row.bool("ebs_optimized"), terminatesOnShutdown: try row.bool("terminates"),
            isMonitored: try row.bool("monitored"),
            credits: try row.textIfPresent("credits").flatMap { CPUCredits(rawValue: $0) },
            isProtectedFromTermination: try row.bool("termination_protected"),
            isProtectedFromStopping: try row.bool("stop_protected"), metadata: try row.metadataOptions(),
            profile: try row.profile(), volumes: parts.volumes[id.description] ?? [],
            tags: parts.tags[id.description] ?? TagSet())
        if instance.state != .terminated { instance.publicAddress = instance.elasticAddress }
        instance.isInstanceStore = try row.textIfPresent("root_kind") == MachineAttributes.RootDevice.instanceStore.rawValue
        if instance.isInstanceStore {
            if let root = try row.digestIfPresent("store_root") {
                instance.store = InstanceStore(root: root, logicalSize: try row.integer("store_size"))
            }
            instance.manifestLocation = try row.textIfPresent("manifest_location")
        }
        instance.products = parts.products[id.description] ?? []
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

/// What of instances is in other tables, by the instance's id.
private struct InstanceParts {
    let subnets: [SubnetID: Subnet]
    let interfaces: [String: [NetworkInterface]]
    let volumes: [String: [VolumeRecord]]
    let tags: [String: TagSet]
    let products: [String: [ProductCode]]

    init(of ids: [InstanceID], _ owner: AccountID, _ session: Session) throws {
        subnets = Dictionary(uniqueKeysWithValues: try session.subnets(of: owner).map { ($0.id, $0) })
        interfaces = try session.interfaces(of: ids)
        let (condition, value) = Session.among(ids)
        let attached = try session.volumes("instance \(condition)", [value]).map(\.volume)
        volumes = Dictionary(grouping: attached) { $0.attachment?.instance.description ?? "" }
        tags = try session.tags(of: ids)
        products = try session.products(of: ids)
    }
}
