import API
import Cloud
import HTTPServer
import Machines
import Model
import Orchestration
import Platform
import SigV4
import TestSupport
import Testing

/// A workspace that is served as `ingot serve` does: an endpoint, and instances that run.
struct ServedFixture: Sendable {
    let machines: MachineFixture
    let host: MachineHost
    let port: UInt16
    let owner: Credential
    let other: Credential

    /// Where the doors of instances are: any user may listen there.
    static let sshPort: UInt16 = 20_022

    static func run(_ body: @escaping @Sendable (ServedFixture) throws -> Void) throws {
        let cancellation = Cancellation()
        try MachineFixture.run(environment: .system(cancellation: cancellation)) { machines in
            let plane = try #require(machines.workspace.plane as? EmbeddedPlane)
            let file = CredentialFile(folder: machines.home, environment: machines.environment)
            let endpoint = Endpoint(plane: plane, credentials: file, environment: machines.environment)
            let server = try Server(port: 0, environment: machines.environment, handler: { endpoint.respond(to: $0) })
            let host = try MachineHost(machines.workspace, plane, sshPort: sshPort)
            plane.host = host
            plane.roleKeys = endpoint.roleKeys
            let fixture = ServedFixture(
                machines: machines, host: host, port: server.port,
                owner: try file.make(for: AccountID(parsing: MachineFixture.ownerID)),
                other: try file.make(for: AccountID(parsing: MachineFixture.otherID)))
            try together(
                {
                    defer { cancellation.cancel() }
                    try body(fixture)
                },
                { Threads.concurrently(2) { worker in if worker == 0 { server.run() } else { host.run() } } })
        }
    }
}
