import Crypto
import Text

/// Signs requests.
package struct Signer: Sendable {
    private let key: AccessKey
    private let region: String
    private let service: String

    package init(_ key: AccessKey, region: String, service: String) {
        self.key = key
        self.region = region
        self.service = service
    }

    /// The message with X-Amz-Date, X-Amz-Security-Token where the key has one, and Authorization. All fields are signed that it has by then.
    /// Nil where its path or query is no valid percent-encoding.
    package func signed(_ message: Message, at time: SigningTime) -> Message? {
        var message = message
        message.fields.append(.init("x-amz-date", time.description))
        if let token = key.sessionToken { message.fields.append(.init("x-amz-security-token", token)) }
        let names = Set(message.fields.map(\.name)).sorted()
        let payload = message.values("x-amz-content-sha256").first ?? SHA256.digest(of: message.body).hex
        guard let signature = signature(message, names, payload, time) else { return nil }
        let credential = "\(key.id)/\(scope(time))"
        message.fields.append(
            .init(
                "authorization",
                "\(algorithm) Credential=\(credential), SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"))
        return message
    }

    /// The message with the signature in its query, good for `lifetime` seconds; the fields that it has are signed.
    package func presigned(_ message: Message, at time: SigningTime, lifetime: Int) -> Message? {
        var message = message
        let names = Set(message.fields.map(\.name)).sorted()
        var parameters = [
            ("X-Amz-Algorithm", algorithm), ("X-Amz-Credential", "\(key.id)/\(scope(time))"), ("X-Amz-Date", time.description),
            ("X-Amz-Expires", String(lifetime)), ("X-Amz-SignedHeaders", names.joined(separator: ";")),
        ]
        if let token = key.sessionToken { parameters.append(("X-Amz-Security-Token", token)) }
        let added = parameters.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        message.query += (message.query.isEmpty ? "" : "&") + added
        guard let signature = signature(message, names, SHA256.digest(of: message.body).hex, time) else { return nil }
        message.query += "&X-Amz-Signature=\(signature)"
        return message
    }

    private func signature(_ message: Message, _ names: [String], _ payload: String, _ time: SigningTime) -> String? {
        guard let canonical = CanonicalRequest.bytes(message, signed: names, payload: payload) else { return nil }
        return SigningKey(secret: key.secret, scope: scope(time)).signature(of: canonical, time: time, scope: scope(time)).hex
    }

    private func scope(_ time: SigningTime) -> CredentialScope {
        CredentialScope(day: time.day, region: region, service: service)
    }
}
