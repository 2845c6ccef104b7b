/// What gpgv's status lines say of a signed text (GnuPG, doc/DETAILS).
///
/// One good signature is enough, and none may be anything else but good or by a key that is not known. That is stricter than apt, which
/// passes over signatures by keys that have expired or were revoked where another one is good.
struct SignatureVerdict {
    private var words: Set<String> = []
    /// The first line that speaks against it.
    private(set) var objection: String?
    /// Of all valid signatures: the keys' fingerprints, those of subkeys too.
    private(set) var fingerprints: Set<String> = []
    /// Of all valid signatures: the fingerprints of the primary keys, each once.
    private(set) var primaries: [String] = []

    private static let objections: Set<Substring> = [
        "BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "NODATA", "FAILURE",
    ]
    /// The reason of an `ERRSIG` where the key is not there: suites are signed by the keys of several releases.
    private static let missingKey: Substring = "9"

    mutating func read(_ line: String) {
        let parts = line.split(separator: " ")
        guard parts.count > 1, parts[0] == "[GNUPG:]" else { return }
        if Self.objections.contains(parts[1]), !Self.isUnknownKey(parts) { objection = objection ?? String(parts[1]) }
        words.insert(String(parts[1]))
        // VALIDSIG fingerprint … fingerprint-of-the-primary-key
        if parts[1] == "VALIDSIG", parts.count > 2, let last = parts.last {
            let primary = parts.count > 11 ? String(last) : String(parts[2])
            fingerprints.formUnion([String(parts[2]), primary])
            if !primaries.contains(primary) { primaries.append(primary) }
        }
    }

    /// `VALIDSIG` alone says that the mathematics are right: it also comes with keys that were revoked or have expired.
    var isGood: Bool { objection == nil && words.isSuperset(of: ["GOODSIG", "VALIDSIG"]) }

    /// `ERRSIG keyid pkalgo hashalgo sigclass time reason`
    private static func isUnknownKey(_ parts: [Substring]) -> Bool {
        parts[1] == "ERRSIG" && parts.count > 7 && parts[7] == missingKey
    }
}
