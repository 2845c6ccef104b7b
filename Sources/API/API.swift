// API: the endpoint that AWS's own clients talk to.
//
// A request goes one way: the server reads it, its signature is checked, the service and the region of the signature's scope choose the
// protocol and the action (`Services`), the action reads its input, asks the plane and writes its answer. An action is a type of its
// own, in a file with those on the same subject, and one line in the list of its service; whatever is not in a list is refused in the words of
// its protocol.
import Cloud
import HTTPServer
import Model
import Platform
import SigV4
import Text

/// Answers requests of AWS clients over a plane.
package final class Endpoint: Sendable {
    private let plane: any Plane
    private let environment: Environment
    private let credentials: any CredentialSource
    private let sessions: SessionKeys
    private let verifier: Verifier
    private let resetHook: ResetHook?
    private let workshop: Workshop?
    private let report: @Sendable (_ trouble: String) -> Void

    /// `report` is told of what answers do not say: what failed at this end.
    package init(
        plane: any Plane, credentials: any CredentialSource, environment: Environment, resetHook: ResetHook? = nil,
        workshop: Workshop? = nil, report: @escaping @Sendable (_ trouble: String) -> Void = { _ in }
    ) {
        self.report = report
        self.resetHook = resetHook
        self.workshop = workshop
        self.plane = plane
        self.environment = environment
        self.credentials = credentials
        let sessions = SessionKeys(environment: environment)
        self.sessions = sessions
        verifier = Verifier(keys: { (credentials.credential($0) ?? sessions.credential($0))?.key })
    }

    /// The temporary access keys of roles that this endpoint accepts.
    package var roleKeys: any RoleKeySource { sessions }

    /// Never fails: what goes wrong is an answer too.
    package func respond(to request: Request) -> Response {
        if let answer = resetHook?.respond(to: request) { return answer }
        let requestID = RequestID.make(environment)
        let form = WireForm(of: request)
        do throws(APIError) {
            let call = try accept(request, form, requestID)
            return try Services.answer(request, form, call)
        } catch {
            if !error.detail.isEmpty { report("request \(requestID): \(error.detail.joined(separator: ": "))") }
            return form.response(to: error, requestID: requestID)
        }
    }

    /// The caller, once the signature is his.
    private func accept(_ request: Request, _ form: WireForm, _ requestID: String) throws(APIError) -> Call {
        let acceptance: Verifier.Acceptance
        do throws(SignatureError) {
            // Of a block of a snapshot a checksum is signed, and compared with the block.
            acceptance = try verifier.verify(
                Message(request), now: environment.seconds,
                allowsUnsignedBody: { $0.service == "ebs" && request.method == PutSnapshotBlock.method })
        } catch { throw form.error(for: error) }
        // Revoked a moment ago.
        let known = credentials.credential(acceptance.key.id) ?? sessions.credential(acceptance.key.id)
        guard let credential = known, credential.key == acceptance.key else {
            throw form.unknownKey
        }
        let region: RegionName
        do throws(Failure) { region = try RegionName(parsing: acceptance.scope.region) } catch {
            throw APIError("InvalidRegion", error.message)
        }
        return Call(
            plane: plane, sessions: sessions, account: credential.account, keyID: acceptance.key.id, region: region,
            service: acceptance.scope.service, now: Instant(seconds: environment.seconds), requestID: requestID,
            workshop: workshop)
    }
}

extension Message {
    init(_ request: Request) {
        self.init(
            method: request.method, path: request.path, query: request.query,
            fields: request.fields.map { Field($0.name, $0.value) }, body: request.body)
    }
}

/// The ids of requests, in the form of a UUID.
enum RequestID {
    static func make(_ environment: Environment) -> String {
        // Without randomness the answer is still worth more than its id.
        let bytes = (try? environment.random(UUIDText.byteCount)) ?? [UInt8](repeating: 0, count: UUIDText.byteCount)
        return UUIDText.text(bytes, version: 4)
    }
}
