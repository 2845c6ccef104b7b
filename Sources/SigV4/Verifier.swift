import Crypto

/// Checks signatures of requests.
package final class Verifier: Sendable {
    /// How far the clocks of both sides may be apart, in seconds.
    package static let clockSkew: Int64 = 900
    /// In place of the body's digest, where a service leaves the body out of the signature.
    package static let unsignedPayload = "UNSIGNED-PAYLOAD"

    /// What is known of a request that was accepted.
    package struct Acceptance: Sendable, Hashable {
        package let key: AccessKey
        package let scope: CredentialScope
    }

    private let keys: @Sendable (_ id: String) -> AccessKey?
    private let cache = SigningKeyCache()

    /// `keys` finds the access key of an id.
    package init(keys: @escaping @Sendable (_ id: String) -> AccessKey?) { self.keys = keys }

    /// - Parameter now: seconds since 1970.
    /// - Parameter allowsUnsignedBody: whether a request to that scope may leave its body out.
    package func verify(
        _ message: Message, now: Int64, allowsUnsignedBody: (CredentialScope) -> Bool = { _ in false }
    ) throws(SignatureError) -> Acceptance {
        let authorization = try Authorization(message)
        try Self.checkTime(authorization, now)
        try Self.checkCoverage(authorization, message)
        guard let key = keys(authorization.keyID) else {
            throw SignatureError(.unknownKey, "nobody has this access key")
        }
        guard Self.areEqual(key.sessionToken ?? "", authorization.sessionToken ?? "") else {
            throw SignatureError(.unknownKey, "this is not the access key's session token")
        }
        let payload = try Self.payload(message, allowsUnsignedBody(authorization.scope))
        guard let canonical = CanonicalRequest.bytes(message, signed: authorization.signedFields, payload: payload) else {
            throw SignatureError(.mismatch, "the target is no valid percent-encoding")
        }
        let (signingKey, isNew) = cache.key(key, authorization.scope)
        let signature = signingKey.signature(of: canonical, time: authorization.time, scope: authorization.scope)
        guard Self.areEqual(signature.hex, authorization.signature) else {
            throw SignatureError(.mismatch, "this is not the signature of this request")
        }
        if isNew { cache.keep(signingKey, of: key, authorization.scope) }
        return Acceptance(key: key, scope: authorization.scope)
    }

    private static func checkTime(_ authorization: Authorization, _ now: Int64) throws(SignatureError) {
        let age = now - authorization.time.seconds
        guard age >= -clockSkew, age <= authorization.lifetime ?? clockSkew else {
            throw SignatureError(
                .expired, "the signature was made at \(authorization.time), and it is \(SigningTime(seconds: now))")
        }
    }

    /// What has a meaning must be signed: Host, Content-Type, and every field that begins with `x-amz-`.
    private static func checkCoverage(_ authorization: Authorization, _ message: Message) throws(SignatureError) {
        let signed = Set(authorization.signedFields)
        let present = Set(message.fields.map(\.name))
        guard signed.contains("host") else { throw SignatureError(.incomplete, "Host is not signed") }
        guard signed.isSubset(of: present) else { throw SignatureError(.incomplete, "a signed field is not there") }
        for name in present where name == "content-type" || name.hasPrefix("x-amz-") {
            guard signed.contains(name) else { throw SignatureError(.incomplete, "the field \(name.prefix(60)) is not signed") }
        }
    }

    /// The payload's place in the canonical request.
    private static func payload(_ message: Message, _ allowsUnsigned: Bool) throws(SignatureError) -> String {
        let stated = message.values("x-amz-content-sha256")
        guard stated.count <= 1 else { throw SignatureError(.incomplete, "there is more than one X-Amz-Content-Sha256") }
        if stated.first == unsignedPayload {
            guard allowsUnsigned else { throw SignatureError(.incomplete, "the body is not signed") }
            return unsignedPayload
        }
        let digest = SHA256.digest(of: message.body).hex
        if let stated = stated.first, stated != digest { throw SignatureError(.mismatch, "this is not the digest of the body") }
        return digest
    }

    /// In a time that does not depend on where they differ.
    private static func areEqual(_ a: String, _ b: String) -> Bool { ConstantTime.areEqual(Array(a.utf8), Array(b.utf8)) }
}
