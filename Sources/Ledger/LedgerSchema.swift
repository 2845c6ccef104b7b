import SQLite

/// The schema of `ledger.db`.
enum LedgerSchema {
    static let migrations = [Migration(builds + checkpoints + operations + channels + schedules + leases + events)]

    private static let builds = """
        CREATE TABLE builds (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            pipeline TEXT NOT NULL,
            recipe TEXT NOT NULL,
            number INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('running', 'succeeded', 'unchanged', 'failed', 'cancelled')),
            source BLOB CHECK (length(source) = 32),
            started INTEGER NOT NULL,
            finished INTEGER,
            error TEXT,
            image TEXT,
            root BLOB CHECK (length(root) = 32),
            UNIQUE (pipeline, number)
        ) STRICT;
        CREATE INDEX builds_running ON builds (state) WHERE state = 'running';
        CREATE TABLE steps (
            build INTEGER NOT NULL REFERENCES builds (id),
            position INTEGER NOT NULL,
            entry TEXT NOT NULL,
            key BLOB,
            outcome TEXT NOT NULL CHECK (outcome IN ('hit', 'ran', 'failed')),
            reason TEXT NOT NULL,
            tree BLOB,
            duration INTEGER NOT NULL,
            PRIMARY KEY (build, position)
        ) STRICT, WITHOUT ROWID;

        """

    private static let checkpoints = """
        CREATE TABLE checkpoints (
            key BLOB PRIMARY KEY CHECK (length(key) = 32),
            tree BLOB NOT NULL CHECK (length(tree) = 32),
            stage TEXT NOT NULL,
            report TEXT NOT NULL,
            inputs TEXT NOT NULL,
            duration INTEGER NOT NULL,
            created INTEGER NOT NULL,
            used INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE checkpoint_uses (
            recipe TEXT NOT NULL,
            entry TEXT NOT NULL,
            key BLOB NOT NULL REFERENCES checkpoints (key) ON DELETE CASCADE,
            PRIMARY KEY (recipe, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX checkpoint_uses_by_key ON checkpoint_uses (key);

        """

    private static let operations = """
        CREATE TABLE operations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            token TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            region TEXT,
            intent TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('intended', 'done', 'undone')),
            intended INTEGER NOT NULL,
            settled INTEGER,
            result TEXT
        ) STRICT;
        CREATE INDEX operations_unfinished ON operations (state) WHERE state = 'intended';

        """

    private static let channels = """
        CREATE TABLE channel_moves (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            recipe TEXT NOT NULL,
            channel TEXT NOT NULL,
            from_version TEXT,
            from_image TEXT,
            to_version TEXT NOT NULL,
            to_image TEXT NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;
        CREATE INDEX channel_moves_of_channel ON channel_moves (recipe, channel, seq);

        """

    private static let schedules = """
        CREATE TABLE schedule_runs (
            pipeline TEXT NOT NULL,
            kind TEXT NOT NULL,
            scheduled INTEGER NOT NULL,
            claimed INTEGER NOT NULL,
            claimant TEXT NOT NULL,
            finished INTEGER,
            outcome TEXT,
            PRIMARY KEY (pipeline, kind, scheduled)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX schedule_runs_unfinished ON schedule_runs (finished) WHERE finished IS NULL;

        """

    private static let leases = """
        CREATE TABLE leases (
            name TEXT PRIMARY KEY,
            holder TEXT,
            number INTEGER NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT;

        """

    private static let events = """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            detail TEXT NOT NULL
        ) STRICT;
        CREATE INDEX events_by_kind ON events (kind, seq);
        CREATE INDEX events_by_subject ON events (subject, seq);
        CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
        CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
        """
}
