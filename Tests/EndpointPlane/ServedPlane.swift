import API
import Cloud
import HTTPServer
import Model
import Platform
import SigV4
import TestSupport

/// A plane behind its own endpoint: a server in this process, on a free port of the loopback, and an access key for each account.
package struct ServedPlane: Sendable {
    private let port: UInt16
    private let keys: TableOfKeys
    private let environment: Environment

    /// Serves the plane while `body` runs. `environment` is the plane's: its clock is that of the signatures.
    package static func run(
        _ plane: any Plane, environment: Environment, _ body: @escaping @Sendable (ServedPlane) throws -> Void
    ) throws {
        let cancellation = Cancellation()
        let keys = try TableOfKeys(plane.settings.directory.accounts, environment)
        let endpoint = Endpoint(plane: plane, credentials: keys, environment: environment)
        // The server waits by the machine's clock, whatever time it is on the plane.
        let server = try Server(
            port: 0, environment: .system(cancellation: cancellation), handler: { endpoint.respond(to: $0) })
        try together(
            {
                defer { cancellation.cancel() }
                try body(ServedPlane(port: server.port, keys: keys, environment: environment))
            },
            { server.run() })
    }

    /// What an account can do in a region. Nothing is asked yet.
    package func actions(in region: RegionName, as account: AccountID, isDryRun: Bool) throws(Failure) -> EndpointActions {
        guard let credential = keys.credential(of: account) else { throw Failure(.notFound, "\(account) has no access key") }
        let environment = environment
        return EndpointActions(
            client: EndpointClient(
                port: port, key: credential.key, account: account, region: region, clock: { environment.seconds }),
            isDryRun: isDryRun)
    }
}

/// An access key for each account, made anew for each server.
private struct TableOfKeys: CredentialSource {
    private let credentials: [String: Credential]

    init(_ accounts: [Account], _ environment: Environment) throws(SystemError) {
        var credentials: [String: Credential] = [:]
        for account in accounts {
            let secret = try environment.random(30).map { String($0, radix: 16) }.joined()
            let key = AccessKey(id: "AKIA\(account.id)", secret: secret)
            credentials[key.id] = Credential(key: key, account: account.id, created: Instant(seconds: environment.seconds))
        }
        self.credentials = credentials
    }

    func credential(_ keyID: String) -> Credential? { credentials[keyID] }

    func credential(of account: AccountID) -> Credential? { credentials.values.first { $0.account == account } }
}
