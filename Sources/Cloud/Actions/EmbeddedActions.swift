import Crypto
import Model
import Platform
import Records
import SQLite

/// The actions of one account in a region of the simulated plane. The rules are Model's; what is here asks them, inside the
/// transaction that acts on the answer.
struct EmbeddedActions: RegionActions {
    let plane: EmbeddedPlane
    let region: EmbeddedRegion
    let caller: Caller
    let isDryRun: Bool

    init(plane: EmbeddedPlane, region: EmbeddedRegion, principal: Principal, isDryRun: Bool) {
        self.plane = plane
        self.region = region
        self.isDryRun = isDryRun
        caller = plane.settings.directory.caller(principal)
    }

    var now: Instant { Instant(seconds: plane.environment.seconds) }

    /// Who owns what is made. A service makes nothing of its own.
    var account: AccountID {
        get throws(Failure) {
            if let account = caller.principal.account { return account }
            throw Failure(PlaneError(.unsupportedOperation, "\(caller.principal) can't own resources."))
        }
    }

    func read<T: Sendable>(_ task: @autoclosure () -> String, _ body: (Session) throws -> T) throws(Failure) -> T {
        let result = try region.database.read(task(), body)
        if isDryRun { throw Failure(.dryRun) }
        return result
    }

    /// Changes everything in `body` or nothing. A dry run comes as far as the end, and is then taken back.
    @discardableResult
    func write<T: Sendable>(_ task: @autoclosure () -> String, _ body: (Session) throws -> T) throws(Failure) -> T {
        try region.database.write(task()) { session in
            let result = try body(session)
            if isDryRun { throw Failure(.dryRun) }
            return result
        }
    }

    /// Remembers what a client's token made, so that the same request again is answered and not done. `body` gives the id.
    func once<ID: TextValue>(
        _ action: String, token: String?, request: some Encodable, _ session: Session, _ body: () throws -> ID
    ) throws -> ID {
        guard let token else { return try body() }
        let account = try account
        if let known: ID = try known(action, token: token, request: request, session) { return known }
        let id = try body()
        try session.run("DELETE FROM client_tokens WHERE used < ?", now - Self.tokenLife)
        try session.run(
            "INSERT INTO client_tokens VALUES (?, ?, ?, ?, ?, ?)", account, action, token, try Self.digest(of: request),
            id.description, now)
        return id
    }

    /// What the token made before; another request under the same token is refused.
    func known<ID: TextValue>(
        _ action: String, token: String?, request: some Encodable, _ session: Session
    ) throws -> ID? {
        guard let token else { return nil }
        let sql = "SELECT request, result FROM client_tokens WHERE account = ? AND action = ? AND token = ? AND used >= ?"
        let digest = try Self.digest(of: request)
        return try session.first(sql, try account, action, token, now - Self.tokenLife) { row in
            guard try row.digest("request") == digest else { throw Failure(.tokenMismatch) }
            return try row.parsed("result")
        }
    }

    private static let tokenLife = TimeSpan.days(1)

    private static func digest(of request: some Encodable) throws -> Digest {
        SHA256.digest(of: try CanonicalJSON.text(of: request))
    }
}
