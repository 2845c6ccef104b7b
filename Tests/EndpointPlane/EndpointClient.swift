import Model
import Platform
import SigV4
import XML

/// Asks one region of an endpoint in EC2's Query protocol, in the name of who has the access key.
struct EndpointClient: Sendable {
    let port: UInt16
    let key: AccessKey
    /// Whose key it is.
    let account: AccountID
    let region: RegionName
    /// Seconds since 1970.
    let clock: @Sendable () -> Int64

    private static let version = "2016-11-15"

    /// The root of the answer. What the endpoint refuses is a `Failure` with its `PlaneError`.
    func ask(_ action: String, _ form: QueryForm) throws(Failure) -> XMLElement {
        var form = form
        form.set("Action", action)
        form.set("Version", Self.version)
        let answer: LoopbackHTTP.Answer
        do { answer = try LoopbackHTTP.exchange(try request(form.body), port: port) } catch let failure as Failure {
            throw failure
        } catch { throw Failure(.unavailable, "the endpoint did not answer \(action): \(error)") }
        let root: XMLElement
        do { root = try XMLReader.parse(answer.body, limits: .init(bytes: 64 << 20, elements: 5_000_000)) } catch {
            throw Failure(.corrupt, "the answer to \(action) is no XML: \(error)")
        }
        guard answer.status == 200 else { throw try Self.refusal(root, answer.status) }
        guard root.name == "\(action)Response" else { throw Failure(.corrupt, "the answer to \(action) is a <\(root.name)>") }
        return root
    }

    private func request(_ body: [UInt8]) throws(Failure) -> [UInt8] {
        let message = Message(
            method: "POST", path: "/",
            fields: [
                .init("host", "127.0.0.1:\(port)"), .init("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
            ], body: body)
        let signer = Signer(key, region: region.description, service: "ec2")
        guard let signed = signer.signed(message, at: SigningTime(seconds: clock())) else {
            throw Failure(.bug, "the request cannot be signed")
        }
        var head = "POST / HTTP/1.1\r\n"
        for field in signed.fields { head += "\(field.name): \(field.value)\r\n" }
        head += "content-length: \(body.count)\r\nconnection: close\r\n\r\n"
        return Array(head.utf8) + body
    }

    /// `<Response><Errors><Error><Code/><Message/>…`
    private static func refusal(_ root: XMLElement, _ status: Int) throws(Failure) -> Failure {
        guard let error = root["Errors"]?["Error"] else { throw Failure(.corrupt, "status \(status) without an error") }
        let code = try error.text("Code")
        let message = try error.text("Message")
        guard let known = PlaneError.Code(rawValue: code) else {
            return Failure(.failed, "\(code) (\(status)): \(message)")
        }
        return Failure(PlaneError(known, message, httpStatus: status))
    }
}
