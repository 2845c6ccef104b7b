import API
import Cloud
import HTTPServer
import Model
import Orchestration
import Platform
import Recipes
import Stages
import TestSupport

/// An endpoint over a workspace with documents.
enum WorkshopFixture {
    /// An endpoint over a workspace with the documents, whose builds run on a thread of their own.
    static func run(_ documents: [String: String], _ body: @escaping @Sendable (EndpointFixture, _ folder: String) throws -> Void)
        throws
    {
        try withTemporaryFolder { folder in
            for (path, text) in documents {
                try Files.makeFolders(Files.parent(of: "\(folder)/\(path)"))
                try Files.writeDurably("\(folder)/\(path)", Array(text.utf8))
            }
            let cancellation = Cancellation()
            let environment = Environment.system(cancellation: cancellation)
            let accounts = try [EndpointFixture.ownerID, EndpointFixture.otherID].map { id in
                Account(id: try AccountID(parsing: id), name: "account \(id)")
            }
            let workspace = try Workspace(
                home: folder + "/home", environment: environment,
                settings: PlaneSettings(directory: AccountDirectory(accounts: accounts)))
            let workshop = Workshop(workspace, documents: DocumentLibrary(root: folder), stages: StageRegistry.standard)
            let file = CredentialFile(folder: folder, environment: environment)
            let endpoint = Endpoint(plane: workspace.plane, credentials: file, environment: environment, workshop: workshop)
            let server = try Server(port: 0, environment: environment, handler: { endpoint.respond(to: $0) })
            let fixture = EndpointFixture(
                plane: workspace.plane, endpoint: endpoint, port: server.port, owner: try file.make(for: accounts[0].id),
                other: try file.make(for: accounts[1].id))
            try together(
                {
                    defer { cancellation.cancel() }
                    try body(fixture, folder)
                },
                { Threads.concurrently(2) { worker in worker == 0 ? server.run() : workshop.run() } })
        }
    }
}
