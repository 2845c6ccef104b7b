import FoundationEssentials
import Model
import Records
import SQLite

/// The schema of lifecycle policies and of what became of their due times.
enum PolicyCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE lifecycle_policies (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            description TEXT NOT NULL,
            role TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('ENABLED', 'DISABLED', 'ERROR')),
            message TEXT,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            effective INTEGER NOT NULL,
            -- JSON, under AWS's names.
            details TEXT NOT NULL
        ) STRICT;
        CREATE INDEX lifecycle_policies_by_owner ON lifecycle_policies (owner);

        CREATE TABLE lifecycle_runs (
            policy TEXT NOT NULL REFERENCES lifecycle_policies (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('create', 'retain')),
            scheduled INTEGER NOT NULL,
            -- The names of the schedules that are due, a JSON list.
            schedules TEXT NOT NULL,
            claimed INTEGER NOT NULL,
            claimant TEXT NOT NULL,
            finished INTEGER,
            outcome TEXT,
            PRIMARY KEY (policy, kind, scheduled)
        ) STRICT, WITHOUT ROWID;
        """)

    /// Set where a policy was deleted that goes on to delete what it made.
    static let deletion = Migration("ALTER TABLE lifecycle_policies ADD COLUMN deleted INTEGER;")
}

extension Session {
    /// Those of an account, or all with those that were deleted and are not done, the oldest first.
    func lifecyclePolicies(of owner: AccountID? = nil) throws -> [LifecyclePolicy] {
        try rows(
            """
            SELECT * FROM lifecycle_policies WHERE ?1 IS NULL OR (owner = ?1 AND deleted IS NULL) ORDER BY created, rowid
            """, owner?.description
        ) { row in
            var policy = LifecyclePolicy(
                id: try row.parsed("id"), owner: try row.parsed("owner"), description: try row.text("description"),
                roleARN: try row.text("role"), state: try row.named("state"), statusMessage: try row.textIfPresent("message"),
                created: try row.instant("created"), modified: try row.instant("modified"),
                effective: try row.instant("effective"),
                details: try JSONDecoder().decode(PolicyDetails.self, from: Data(try row.text("details").utf8)),
                tags: try tags(of: try row.text("id")))
            policy.deleted = try row.instantIfPresent("deleted")
            return policy
        }
    }

    /// Enters the policy, or puts it in the place of what it was.
    func put(_ policy: LifecyclePolicy) throws {
        try run(
            """
            INSERT INTO lifecycle_policies (id, owner, description, role, state, message, created, modified, effective, details, deleted)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (id) DO UPDATE SET description = ?3, role = ?4, state = ?5, message = ?6, modified = ?8, effective = ?9,
                details = ?10, deleted = ?11
            """, policy.id, policy.owner, policy.description, policy.roleARN, policy.state.rawValue, policy.statusMessage,
            policy.created, policy.modified, policy.effective, try CanonicalJSON.text(of: policy.details),
            policy.deleted)
        try setTags(policy.tags, of: policy.id.description)
    }
}
