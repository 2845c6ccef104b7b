import Model
import Platform
import Records
import SQLite

/// The schema of Run Command.
enum CommandCatalogue {
    static let migration = Migration(
        """
        CREATE TABLE commands (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            script TEXT NOT NULL,
            working_folder TEXT NOT NULL,
            timeout INTEGER NOT NULL,
            comment TEXT NOT NULL,
            requested INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX commands_by_owner ON commands (owner);
        CREATE TABLE invocations (
            command TEXT NOT NULL REFERENCES commands (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            instance TEXT NOT NULL,
            status TEXT NOT NULL,
            details TEXT NOT NULL,
            response_code INTEGER NOT NULL DEFAULT -1,
            started INTEGER,
            ended INTEGER,
            output TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT '',
            -- The process that runs it.
            holder TEXT,
            PRIMARY KEY (command, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX invocations_under_way ON invocations (status) WHERE status IN ('Pending', 'InProgress');
        """)

    /// Lines of scripts stand in one text.
    static func lines(_ text: String) -> [String] {
        text.split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
    }

    static func text(_ lines: [String]) -> String { lines.joined(separator: "\u{0}") }
}

extension Session {
    func commands(_ condition: String, _ values: [any Bindable]) throws -> [CommandRecord] {
        try rows("SELECT * FROM commands WHERE \(condition) ORDER BY rowid DESC", values) { row in
            let id = try row.text("id")
            let invocations = try rows("SELECT * FROM invocations WHERE command = ? ORDER BY position", id) { row in
                CommandInvocation(
                    instance: try row.parsed("instance"), status: try row.named("status"), details: try row.text("details"),
                    responseCode: try row.int("response_code"), started: try row.instantIfPresent("started"),
                    ended: try row.instantIfPresent("ended"), output: try row.text("output"), error: try row.text("error"))
            }
            return CommandRecord(
                id: id, owner: try row.parsed("owner"),
                script: CommandScript(
                    lines: CommandCatalogue.lines(try row.text("script")), workingFolder: try row.text("working_folder"),
                    timeout: try row.int("timeout")), comment: try row.text("comment"), instances: invocations.map(\.instance),
                requested: try row.instant("requested"), invocations: invocations)
        }
    }

    func enter(_ command: CommandRecord) throws {
        try run(
            "INSERT INTO commands VALUES (?, ?, ?, ?, ?, ?, ?)", command.id, command.owner,
            CommandCatalogue.text(command.script.lines), command.script.workingFolder, command.script.timeout,
            command.comment, command.requested)
        for (position, invocation) in command.invocations.enumerated() {
            try run(
                "INSERT INTO invocations (command, position, instance, status, details) VALUES (?, ?, ?, ?, ?)", command.id,
                position, invocation.instance, invocation.status.rawValue, invocation.details)
        }
    }
}

// What who runs commands does with them.
extension EmbeddedRegion {
    /// A command that waits, on one instance; marks it as being run by this process. Nil where somebody was faster, or it was cancelled.
    package func claim(_ command: String, on instance: InstanceID) throws(Failure) -> CommandScript? {
        try database.write("begin the command \(command)") { session in
            let now = Instant(seconds: environment.seconds)
            try session.run(
                """
                UPDATE invocations SET status = 'InProgress', details = 'InProgress', started = ?, holder = ?
                    WHERE command = ? AND instance = ? AND status = 'Pending'
                """, now, ProcessIdentity.own, command, instance)
            let mine = try session.first(
                """
                SELECT 1 AS one FROM invocations
                    WHERE command = ? AND instance = ? AND status = 'InProgress' AND holder = ?
                """, command, instance, ProcessIdentity.own
            ) { _ in true }
            return mine == nil ? nil : try session.commands("id = ?", [command]).first?.script
        }
    }

    /// One that was cancelled meanwhile stays so, with what it printed.
    package func finish(_ command: String, _ invocation: CommandInvocation) throws(Failure) {
        try database.write("end the command \(command)") { session in
            try session.run(
                """
                UPDATE invocations SET status = CASE status WHEN 'Cancelled' THEN status ELSE ? END,
                    details = CASE status WHEN 'Cancelled' THEN details ELSE ? END,
                    response_code = ?, ended = ?, output = ?, error = ? WHERE command = ? AND instance = ?
                """, invocation.status.rawValue, invocation.details, invocation.responseCode, invocation.ended,
                invocation.output, invocation.error, command, invocation.instance)
        }
    }

    /// Commands that wait; those whose process is gone have failed from now on.
    package func takeOverCommands() throws(Failure) -> [(command: String, instance: InstanceID)] {
        try database.write("look for commands") { session in
            let running = try session.rows("SELECT DISTINCT holder FROM invocations WHERE status = 'InProgress'") { row in
                try row.textIfPresent("holder")
            }
            let now = Instant(seconds: environment.seconds)
            for holder in running.compactMap(\.self) where ProcessIdentity.isDead(holder) {
                try session.run(
                    """
                    UPDATE invocations SET status = 'Failed', details = 'Terminated', ended = ?,
                        error = 'the server that ran it ended' WHERE status = 'InProgress' AND holder = ?
                    """, now, holder)
            }
            return try session.rows("SELECT command, instance FROM invocations WHERE status = 'Pending'") { row in
                (command: try row.text("command"), instance: try row.parsed("instance", as: InstanceID.self))
            }
        }
    }
}
