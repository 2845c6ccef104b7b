import Crypto
import FoundationEssentials
import Model
import Platform
import SigV4
import Synchronization
import Text

/// Temporary access keys, with tokens and an end. They are in memory alone: with the server they are gone.
final class SessionKeys: CredentialSource {
    private let environment: Environment
    private let sessions = Mutex<[String: Session]>([:])
    /// The access keys' ids of instances that act in a role, by the ARN of the session.
    private let ofInstances = Mutex<[String: String]>([:])

    /// A session of an account.
    struct Session: Sendable {
        let credential: Credential
        let ends: Instant
        /// `arn:aws:sts::111111111111:assumed-role/packer/build` and the id of who it is; nil where it is the account itself.
        let role: (arn: String, id: String)?
    }

    /// More than that are not kept at once.
    private static let most = 10_000

    init(environment: Environment) { self.environment = environment }

    func session(_ keyID: String) -> Session? {
        let now = Instant(seconds: environment.seconds)
        return sessions.withLock { $0[keyID] }.flatMap { $0.ends > now ? $0 : nil }
    }

    var seconds: Int64 { environment.seconds }

    /// The session of an instance.
    func known(_ arn: String) -> Session? { ofInstances.withLock { $0[arn] }.flatMap { session($0) } }

    func remember(_ session: Session, _ arn: String) {
        ofInstances.withLock { known in
            if known.count >= Self.most { known = known.filter { self.session($0.value) != nil } }
            known[arn] = session.credential.id
        }
    }

    func credential(_ keyID: String) -> Credential? { session(keyID)?.credential }

    func make(for account: AccountID, seconds: Int, role: (arn: String, id: String)?) throws(Failure) -> Session {
        let now = Instant(seconds: environment.seconds)
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try environment.random(16 + 30 + 96) } catch {
            throw Failure(.io, "the system gives no randomness for an access key", cause: error)
        }
        let key = AccessKey(
            id: "ASIA\(IdentifierLetters.text(bytes[..<16]))", secret: Data(bytes[16..<46]).base64EncodedString(),
            sessionToken: Data(bytes[46...]).base64EncodedString())
        let session = Session(
            credential: Credential(key: key, account: account, created: now), ends: now + TimeSpan(seconds: Int64(seconds)),
            role: role)
        try sessions.withLock { (sessions) throws(Failure) in
            if sessions.count >= Self.most { sessions = sessions.filter { $0.value.ends > now } }
            guard sessions.count < Self.most else {
                throw Failure(.exhausted, "there are \(Self.most) temporary access keys already")
            }
            sessions[key.id] = session
        }
        return session
    }
}
