import Model
import Platform
import Records
import SQLite

extension EmbeddedActions {
    package func sendCommand(_ request: CommandRequest) throws(Failure) -> CommandRecord {
        let account = try account
        let steps = try steps(of: request)
        let all = try instances()
        let tagged = all.filter { instance in
            !request.tags.isEmpty && instance.state == .running
                && request.tags.allSatisfy { tag in instance.tags[tag.key].map { tag.values.contains($0) } ?? false }
        }
        for id in request.instances where !all.contains(where: { $0.id == id && $0.state == .running }) {
            throw Failure(
                PlaneError(.invalidInstanceID, "Instances [[\(id)]] not in a valid state for account \(account)"))
        }
        let targets = request.instances + tagged.map(\.id).filter { !request.instances.contains($0) }
        let command = CommandRecord(
            id: try region.newUUID(), owner: account, document: request.document, documentVersion: request.documentVersion,
            parameters: request.parameters, steps: steps, comment: request.comment, delivery: request.delivery,
            concurrency: request.concurrency, mostErrors: request.mostErrors,
            instances: targets, requested: now,
            invocations: targets.map {
                CommandInvocation(instance: $0, status: .pending, details: "Pending")
            })
        try write("send a command") { session in
            try session.run("DELETE FROM commands WHERE requested < ?", now - Self.commandLife)
            try session.enter(command)
        }
        for id in targets { plane.host?.commandSent(command.id, to: id, in: region.name) }
        return command
    }

    /// What the document runs with the values of the request.
    private func steps(of request: CommandRequest) throws(Failure) -> [CommandStep] {
        let version = DocumentSelection.Version(request.documentVersion)
        let document: CommandDocument
        if let amazons = AmazonDocument.all.first(where: { $0.name == request.document }) {
            guard let version, version == .usual || version == .latest || version == .number(1) else {
                throw Failure(.noDocumentVersion)
            }
            document = amazons.document
        } else {
            guard let version else { throw Failure(.noDocumentVersion) }
            document = try self.document(DocumentSelection(request.document, version: version)).version.document()
        }
        return try DocumentValues(request.parameters, for: document).steps(of: document)
    }

    /// Systems Manager forgets commands after 30 days.
    private static let commandLife = TimeSpan.days(30)

    package func commands() throws(Failure) -> [CommandRecord] {
        let account = try account
        return try read("list the commands of \(region.name)") { try $0.commands("owner = ?", [account]) }
    }

    package func cancelCommand(_ id: String, on instances: [InstanceID]) throws(Failure) {
        let account = try account
        try write("cancel the command \(id)") { session in
            guard let command = try session.commands("id = ? AND owner = ?", [id, account]).first else {
                throw Failure(PlaneError(.invalidCommandID, "The command ID \(id.prefix(40)) does not exist"))
            }
            for instance in instances.isEmpty ? command.instances : instances {
                try session.run(
                    """
                    UPDATE invocations SET status = 'Cancelled', details = 'Cancelled', ended = ?
                        WHERE command = ? AND instance = ? AND status IN ('Pending', 'InProgress')
                    """, now, id, instance)
            }
        }
    }
}

extension EmbeddedRegion {
    /// Whether somebody cancelled the command on the instance.
    package func isCancelled(_ command: String, on instance: InstanceID) throws(Failure) -> Bool {
        try database.read("look at the command \(command)") { session in
            try session.first(
                "SELECT 1 AS one FROM invocations WHERE command = ? AND instance = ? AND status = 'Cancelled'", command, instance
            ) { _ in true } ?? false
        }
    }
}
