import FoundationEssentials
import Model
import Records
import SQLite

/// The schema of Auto Scaling groups. Each is a document, which changes as a whole.
enum FleetCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE auto_scaling_groups (
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (owner, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE instance_refreshes (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            document TEXT NOT NULL,
            FOREIGN KEY (owner, name) REFERENCES auto_scaling_groups (owner, name) ON DELETE CASCADE
        ) STRICT;
        CREATE INDEX instance_refreshes_by_group ON instance_refreshes (owner, name);

        CREATE TABLE scaling_activities (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            name TEXT NOT NULL,
            document TEXT NOT NULL
        ) STRICT;
        CREATE INDEX scaling_activities_by_group ON scaling_activities (owner, name);
        """)
}

/// Something that a group did with an instance.
package struct ScalingActivity: Codable, Hashable, Sendable {
    package let id: String
    package let group: String
    package let description: String
    package let cause: String
    package let started: Instant
    package let isSuccessful: Bool
    package let message: String?
}

extension Session {
    func groups(of owner: AccountID) throws -> [AutoScalingGroup] {
        try rows("SELECT document FROM auto_scaling_groups WHERE owner = ? ORDER BY name", owner) { row in
            try row.document()
        }
    }

    func group(_ name: String, of owner: AccountID) throws -> AutoScalingGroup? {
        try first("SELECT document FROM auto_scaling_groups WHERE owner = ? AND name = ?", owner, name) { row in
            try row.document()
        }
    }

    func put(_ group: AutoScalingGroup, of owner: AccountID) throws {
        try run(
            """
            INSERT INTO auto_scaling_groups VALUES (?, ?, ?)
            ON CONFLICT (owner, name) DO UPDATE SET document = excluded.document
            """, owner, group.name, try CanonicalJSON.text(of: group))
    }

    /// The newest first.
    func refreshes(of group: String, _ owner: AccountID) throws -> [InstanceRefresh] {
        try rows(
            "SELECT document FROM instance_refreshes WHERE owner = ? AND name = ? ORDER BY rowid DESC", owner, group
        ) { row in try row.document() }
    }

    func put(_ refresh: InstanceRefresh, of owner: AccountID) throws {
        try run(
            """
            INSERT INTO instance_refreshes VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET document = excluded.document
            """, refresh.id, owner, refresh.group, try CanonicalJSON.text(of: refresh))
    }

    /// The newest first.
    func activities(of owner: AccountID) throws -> [ScalingActivity] {
        try rows("SELECT document FROM scaling_activities WHERE owner = ? ORDER BY rowid DESC", owner) { row in
            try row.document()
        }
    }

    /// Keeps the last of each group.
    func put(_ activity: ScalingActivity, of owner: AccountID) throws {
        try run(
            "INSERT INTO scaling_activities VALUES (?, ?, ?, ?)", activity.id, owner, activity.group,
            try CanonicalJSON.text(of: activity))
        try run(
            """
            DELETE FROM scaling_activities WHERE owner = ? AND name = ? AND rowid NOT IN (
                SELECT rowid FROM scaling_activities WHERE owner = ? AND name = ? ORDER BY rowid DESC LIMIT 200)
            """, owner, activity.group, owner, activity.group)
    }
}

extension Row {
    fileprivate func document<T: Decodable>() throws -> T {
        try JSONDecoder().decode(T.self, from: Data(try text("document").utf8))
    }
}
