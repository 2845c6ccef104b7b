import Text
import Hyperscan

/// Finds credentials of HTTP: `Basic dXNlcjpwYXNz` (RFC 7617), `Bearer …` (RFC 6750).
struct HeaderDetector: Detector {
    static let basic = SecretRule("http-basic", "User and password of HTTP", .password, .high)
    static let bearer = SecretRule("http-bearer", "Bearer token of HTTP", .password, .high)

    let rules = [basic, bearer]
    let literals = ["basic ", "bearer ", "bearer%20", "authorization:token ", "authorization: token "].map {
        Literal($0, ignoresCase: true)
    }
    let readsTextOnly = true

    private static let value = TokenPattern(#"\s{0,4}["']?([A-Za-z0-9+/._~\-]{8,}={0,2})"#)

    func inspect(_ content: Content, _ hit: Range<Int>, _ found: inout [Candidate]) {
        guard let match = Self.value.match(content.bytes, at: hit.upperBound) else { return }
        let value = content.bytes[match.credential]
        if ValueTest.lowered(content.bytes[hit.lowerBound]) == UInt8(ascii: "b") && hit.count == 6 {
            guard let decoded = Base64.decode(value), let colon = decoded.firstIndex(of: UInt8(ascii: ":")), colon > 0,
                decoded.allSatisfy({ (0x20...0x7E).contains($0) })
            else { return }
            let password = decoded[(colon + 1)...]
            if password.count < 3 || ValueJudge.isReference(password) || ValueJudge.isStandIn(password) { return }
            found.append(Candidate(Self.basic, match.credential, .form))
        } else if value.count >= 16, value.contains(where: { ByteSet.digits.contains($0) }), ValueTest.entropy(value) >= 3,
            !ValueTest.isDummy(value), !ValueJudge.isReference(value)
        {
            found.append(Candidate(Self.bearer, match.credential, .form))
        }
    }
}
