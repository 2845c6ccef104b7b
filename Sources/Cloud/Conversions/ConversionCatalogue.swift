import FoundationEssentials
import Model
import Platform
import Records
import SQLite

/// The schema of VM Import/Export.
enum ConversionCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE conversion_tasks (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('import-image-task', 'import-snapshot-task', 'export-image-task')),
            owner TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('active', 'completed', 'deleting', 'deleted')),
            message TEXT,
            progress INTEGER NOT NULL,
            request TEXT NOT NULL,
            image TEXT,
            disks TEXT NOT NULL,
            key TEXT,
            created INTEGER NOT NULL,
            -- The process that carries it out, and how often one began.
            holder TEXT,
            attempts INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX conversion_tasks_by_owner ON conversion_tasks (owner, kind);
        CREATE INDEX conversion_tasks_under_way ON conversion_tasks (status) WHERE status IN ('active', 'deleting');
        """)

    /// Bundles are tasks too. SQLite changes no condition of a table, so there is a new one.
    static let bundles = Migration(
        """
        CREATE TABLE new_conversion_tasks (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL
                CHECK (kind IN ('import-image-task', 'import-snapshot-task', 'export-image-task', 'bundle-task')),
            owner TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('active', 'completed', 'deleting', 'deleted')),
            message TEXT,
            progress INTEGER NOT NULL,
            request TEXT NOT NULL,
            image TEXT,
            disks TEXT NOT NULL,
            key TEXT,
            created INTEGER NOT NULL,
            holder TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            updated INTEGER NOT NULL
        ) STRICT;
        INSERT INTO new_conversion_tasks SELECT *, created FROM conversion_tasks ORDER BY rowid;
        DROP TABLE conversion_tasks;
        ALTER TABLE new_conversion_tasks RENAME TO conversion_tasks;
        CREATE INDEX conversion_tasks_by_owner ON conversion_tasks (owner, kind);
        CREATE INDEX conversion_tasks_under_way ON conversion_tasks (status) WHERE status IN ('active', 'deleting');
        """)

    /// Tasks that are over are shown for as long; AWS says no more than that they go some day.
    static let life = TimeSpan.days(30)
    /// A task whose process died is begun again; one that brings every process down is given up.
    static let mostAttempts = 3
}

extension Session {
    func conversions(_ condition: String, _ values: any Bindable...) throws -> [ConversionTask] {
        try rows("SELECT * FROM conversion_tasks WHERE \(condition) ORDER BY rowid", values) { row in
            let id = try row.text("id")
            return ConversionTask(
                id: id, kind: try row.named("kind"), owner: try row.parsed("owner"), status: try row.named("status"),
                message: try row.textIfPresent("message"), progress: try row.int("progress"),
                request: try JSONDecoder().decode(ConversionRequest.self, from: Data(try row.text("request").utf8)),
                image: try row.parsedIfPresent("image"),
                disks: try JSONDecoder().decode([ConvertedDisk].self, from: Data(try row.text("disks").utf8)),
                key: try row.parsedIfPresent("key"), tags: try tags(of: id), created: try row.instant("created"),
                updated: try row.instant("updated"))
        }
    }

    func enter(_ task: ConversionTask) throws {
        try run(
            """
            INSERT INTO conversion_tasks (id, kind, owner, status, message, progress, request, disks, key, created, updated)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, task.id, task.kind.rawValue, task.owner, task.status.rawValue, task.message, task.progress,
            try CanonicalJSON.text(of: task.request), try CanonicalJSON.text(of: task.disks), task.key, task.created,
            task.updated)
        try setTags(task.tags, of: task.id)
    }

    /// Ends a task. One that was to be cancelled has been, whatever came of it.
    func end(_ id: String, _ status: ConversionTask.Status, _ message: String?, at now: Instant) throws {
        try run(
            """
            UPDATE conversion_tasks SET status = ?, message = ?, updated = ?, holder = NULL, progress = CASE ? WHEN 'completed' THEN 100 ELSE progress END
                WHERE id = ? AND status IN ('active', 'deleting')
            """, status.rawValue, message, now, status.rawValue, id)
    }
}

// What who carries out conversions does with them.
extension EmbeddedRegion {
    private var now: Instant { Instant(seconds: environment.seconds) }

    /// Tasks that wait. One whose process is gone waits again; one that was to be cancelled meanwhile is, and `sweep` removes what its process
    /// left behind, before it is told to be over.
    func waitingConversions(sweep: (ConversionTask) -> Void) throws(Failure) -> [String] {
        try database.write("look for imports and exports") { session in
            let holders = try session.rows(
                "SELECT DISTINCT holder FROM conversion_tasks WHERE status IN ('active', 'deleting') AND holder IS NOT NULL"
            ) { row in try row.text("holder") }
            for holder in holders where ProcessIdentity.isDead(holder) {
                try session.run("UPDATE conversion_tasks SET holder = NULL WHERE holder = ?", holder)
            }
            for task in try session.conversions("status = 'deleting' AND holder IS NULL") {
                sweep(task)
                try session.end(task.id, .deleted, Self.cancelled, at: now)
            }
            for task in try session.conversions(
                "status = 'active' AND holder IS NULL AND attempts >= ?", ConversionCatalogue.mostAttempts)
            {
                sweep(task)
                try session.end(
                    task.id, .deleted, "ServerError: the conversion was interrupted \(ConversionCatalogue.mostAttempts) times",
                    at: now)
            }
            return try session.rows("SELECT id FROM conversion_tasks WHERE status = 'active' AND holder IS NULL") { row in
                try row.text("id")
            }
        }
    }

    static let cancelled = "Cancelled by the user"

    /// Takes a task that waits. Nil where somebody was faster, or it was cancelled.
    func claimConversion(_ id: String) throws(Failure) -> ConversionTask? {
        try database.write("begin \(id)") { session in
            guard let task = try session.conversions("id = ? AND status = 'active' AND holder IS NULL", id).first else {
                return nil
            }
            try session.run(
                "UPDATE conversion_tasks SET holder = ?, attempts = attempts + 1 WHERE id = ?", ProcessIdentity.own, id)
            return task
        }
    }

    /// Leaves a task for the next process: this one ends.
    func releaseConversion(_ id: String) throws(Failure) {
        try database.write("leave \(id)") { session in
            try session.run("UPDATE conversion_tasks SET holder = NULL, attempts = attempts - 1 WHERE id = ?", id)
        }
    }

    /// How far a task is. False where it is to be cancelled.
    func noteConversion(_ id: String, _ message: String, progress: Int, disks: [ConvertedDisk]) throws(Failure) -> Bool {
        try database.write("note how far \(id) is") { session in
            try session.run(
                """
                UPDATE conversion_tasks SET message = ?, progress = ?, disks = ?, updated = ? WHERE id = ? AND status = 'active'
                """, message, progress, try CanonicalJSON.text(of: disks), now, id)
            return try session.conversions("id = ?", id).first?.status == .active
        }
    }

    func failConversion(_ id: String, _ message: String) throws(Failure) {
        try database.write("end \(id)") { session in
            let isCancelled = try session.conversions("id = ?", id).first?.status == .deleting
            try session.end(id, .deleted, isCancelled ? Self.cancelled : message, at: now)
        }
    }
}
