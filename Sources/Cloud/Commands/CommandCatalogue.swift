import FoundationEssentials
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

    static let bounds = Migration(
        """
        ALTER TABLE commands ADD COLUMN concurrency TEXT NOT NULL DEFAULT '50';
        ALTER TABLE commands ADD COLUMN most_errors TEXT NOT NULL DEFAULT '0';
        """)

    /// What commands of the time before documents ran, out of their columns.
    fileprivate static func oldStep(_ row: borrowing Row) throws -> CommandStep {
        let lines = try row.text("script").split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
        return CommandStep(
            shellScript,
            CommandScript(lines: lines, workingFolder: try row.text("working_folder"), timeout: try row.int("timeout")))
    }

    fileprivate static func oldResult(_ row: borrowing Row, _ status: CommandStatus) throws -> StepResult {
        var result = StepResult(
            shellScript, status, details: try row.text("details"), started: try row.instantIfPresent("started"))
        result.responseCode = try row.int("response_code")
        result.ended = try row.instantIfPresent("ended")
        result.output = try row.text("output")
        result.error = try row.text("error")
        return result
    }

    /// The only step of AWS-RunShellScript.
    private static let shellScript = "aws:runShellScript"

    static func read<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

extension Session {
    func commands(_ condition: String, _ values: [any Bindable]) throws -> [CommandRecord] {
        try rows("SELECT * FROM commands WHERE \(condition) ORDER BY rowid DESC", values) { row in
            let id = try row.text("id")
            let invocations = try rows("SELECT * FROM invocations WHERE command = ? ORDER BY position", id) { row in
                let status: CommandStatus = try row.named("status")
                var results: [StepResult] = []
                if let text = try row.textIfPresent("results") {
                    results = try CommandCatalogue.read(text)
                } else if status.isOver {
                    results = [try CommandCatalogue.oldResult(row, status)]
                }
                return CommandInvocation(
                    instance: try row.parsed("instance"), status: status, details: try row.text("details"),
                    started: try row.instantIfPresent("started"), ended: try row.instantIfPresent("ended"), results: results)
            }
            let steps: [CommandStep]
            if let text = try row.textIfPresent("steps") {
                steps = try CommandCatalogue.read(text)
            } else {
                steps = [try CommandCatalogue.oldStep(row)]
            }
            return CommandRecord(
                id: id, owner: try row.parsed("owner"), document: try row.text("document"),
                documentVersion: try row.text("document_version"),
                parameters: try CommandCatalogue.read(try row.text("parameters")),
                steps: steps, comment: try row.text("comment"), delivery: try row.int("delivery"),
                concurrency: CommandBound(try row.text("concurrency")) ?? .usualConcurrency,
                mostErrors: CommandBound(try row.text("most_errors")) ?? .usualErrors,
                instances: invocations.map(\.instance),
                requested: try row.instant("requested"), invocations: invocations)
        }
    }

    func enter(_ command: CommandRecord) throws {
        try run(
            "INSERT INTO commands VALUES (?, ?, '', '', 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)", command.id, command.owner,
            command.comment,
            command.requested, command.document, command.documentVersion, try CanonicalJSON.text(of: command.steps),
            try CanonicalJSON.text(of: command.parameters), command.delivery, command.concurrency.description,
            command.mostErrors.description)
        for (position, invocation) in command.invocations.enumerated() {
            try run(
                "INSERT INTO invocations (command, position, instance, status, details) VALUES (?, ?, ?, ?, ?)", command.id,
                position, invocation.instance, invocation.status.rawValue, invocation.details)
        }
    }
}

extension Session {
    /// A command with more errors than it may have goes to no further instance.
    fileprivate func stopWhereTooManyErrors(_ command: String, at instant: Instant?) throws {
        guard let record = try commands("id = ?", [command]).first, record.hasTooManyErrors else { return }
        try run(
            """
            UPDATE invocations SET status = 'Cancelled', details = 'Terminated', ended = ?
                WHERE command = ? AND status = 'Pending'
            """, instant, command)
    }
}

// What who runs commands does with them.
extension EmbeddedRegion {
    /// A command that waits, on one instance; marks it as being run by this process. Nil where somebody was faster, it was cancelled, or it
    /// runs on as many instances as it may: it is `waiting` then.
    package func claim(_ command: String, on instance: InstanceID) throws(Failure) -> [CommandStep]? {
        try database.write("begin the command \(command)") { session in
            guard let record = try session.commands("id = ?", [command]).first, record.room > 0 else { return nil }
            let now = Instant(seconds: environment.seconds)
            let count = try session.run(
                """
                UPDATE invocations SET status = 'InProgress', details = 'InProgress', started = ?, holder = ?
                    WHERE command = ? AND instance = ? AND status = 'Pending'
                """, now, ProcessIdentity.own, command, instance)
            return count == 1 ? record.steps : nil
        }
    }

    /// One that was cancelled meanwhile stays so, with what it printed. Where there were more errors than the command may have, it goes to no
    /// further instance.
    package func finish(_ command: String, _ invocation: CommandInvocation) throws(Failure) {
        try database.write("end the command \(command)") { session in
            try session.run(
                """
                UPDATE invocations SET status = CASE status WHEN 'Cancelled' THEN status ELSE ? END,
                    details = CASE status WHEN 'Cancelled' THEN details ELSE ? END,
                    ended = ?, results = ? WHERE command = ? AND instance = ?
                """, invocation.status.rawValue, invocation.details, invocation.ended,
                try CanonicalJSON.text(of: invocation.results), command, invocation.instance)
            try session.stopWhereTooManyErrors(command, at: invocation.ended)
        }
    }

    /// The instances on which a command may begin now: as many as there is room for.
    package func waiting(_ command: String) throws(Failure) -> [InstanceID] {
        try database.read("look for the command \(command)") { session in
            guard let record = try session.commands("id = ?", [command]).first else { return [] }
            return record.invocations.filter { $0.status == .pending }.prefix(max(0, record.room)).map(\.instance)
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
                let commands = try session.rows(
                    "SELECT DISTINCT command FROM invocations WHERE status = 'InProgress' AND holder = ?", holder
                ) { try $0.text("command") }
                try session.run(
                    """
                    UPDATE invocations SET status = 'Failed', details = 'Terminated', ended = ?,
                        error = 'the server that ran it ended' WHERE status = 'InProgress' AND holder = ?
                    """, now, holder)
                for command in commands { try session.stopWhereTooManyErrors(command, at: now) }
            }
            return try session.rows("SELECT command, instance FROM invocations WHERE status = 'Pending'") { row in
                (command: try row.text("command"), instance: try row.parsed("instance", as: InstanceID.self))
            }
        }
    }
}
