import Model
import Records
import SQLite

/// The schema of the products that instances, volumes and snapshots belong to; those of images are in `product_codes`.
enum ProductCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE resource_products (
            resource TEXT NOT NULL,
            code TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('devpay', 'marketplace')),
            PRIMARY KEY (resource, code)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER snapshot_products AFTER DELETE ON snapshots
            BEGIN DELETE FROM resource_products WHERE resource = OLD.id; END;
        CREATE TRIGGER volume_products AFTER DELETE ON ebs_volumes
            BEGIN DELETE FROM resource_products WHERE resource = OLD.id; END;
        CREATE TRIGGER instance_products AFTER DELETE ON instances
            BEGIN DELETE FROM resource_products WHERE resource = OLD.id; END;
        """)
}

/// What EC2 tells of products elsewhere than on images and instances.
package protocol ProductActions: Sendable {
    /// Of a volume of the account's.
    func products(of volume: VolumeID) throws(Failure) -> [ProductCode]
    /// Of a snapshot of the account's.
    func products(of snapshot: SnapshotID) throws(Failure) -> [ProductCode]
}

extension EmbeddedActions {
    package func products(of volume: VolumeID) throws(Failure) -> [ProductCode] {
        try read("look up the volume \(volume)") { session in
            try session.products(of: try ownVolume(volume, session).id.description)
        }
    }

    package func products(of snapshot: SnapshotID) throws(Failure) -> [ProductCode] {
        try read("look up the snapshot \(snapshot)") { session in
            let found = try visibleSnapshot(snapshot, session)
            try found.refusal(toModify: caller).check()
            return try session.products(of: found.id.description)
        }
    }
}

extension Session {
    /// By the id of an instance, a volume or a snapshot.
    func products(of resource: String) throws -> [ProductCode] {
        try rows("SELECT code, kind FROM resource_products WHERE resource = ? ORDER BY code", [resource]) { row in
            ProductCode(try row.text("code"), kind: try row.named("kind"))
        }
    }

    /// By the ids of resources.
    func products<Kind>(of resources: [ResourceID<Kind>]) throws -> [String: [ProductCode]] {
        try grouped("resource_products", by: "resource", resources, order: "code") { row in
            ProductCode(try row.text("code"), kind: try row.named("kind"))
        }
    }

    func enter(_ products: [ProductCode], of resource: String) throws {
        for product in products {
            try run("INSERT OR IGNORE INTO resource_products VALUES (?, ?, ?)", resource, product.code, product.kind.rawValue)
        }
    }

    /// The products of a volume that goes are no longer the instance's, where no other volume of it is of them.
    func removeProducts(of volume: VolumeID, from instance: InstanceID) throws {
        try run(
            """
            DELETE FROM resource_products WHERE resource = ?
                AND code IN (SELECT code FROM resource_products WHERE resource = ?)
                AND code NOT IN (SELECT code FROM resource_products JOIN ebs_volumes ON ebs_volumes.id = resource
                    WHERE instance = ? AND ebs_volumes.id <> ?)
            """, instance, volume, instance, volume)
    }
}
