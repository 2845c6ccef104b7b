import Text

/// What a request says about its signature.
struct Authorization {
    enum Form {
        case header, query
    }

    var form: Form
    var keyID: String
    var scope: CredentialScope
    var time: SigningTime
    /// In the query form: for how many seconds the signature is good.
    var lifetime: Int64?
    var signedFields: [String]
    /// As it came.
    var signature: String
    var sessionToken: String?

    /// The longest lifetime of a signature in the query form: a week.
    private static let longestLifetime: Int64 = 604_800

    init(_ message: Message) throws(SignatureError) {
        let headers = message.values("authorization")
        let query = try Self.parameters(message.query)
        let isInQuery = query.keys.contains { $0.hasPrefix("X-Amz-") }
        guard headers.count <= 1, headers.isEmpty || !isInQuery else {
            throw SignatureError(.incomplete, "the request is signed more than once")
        }
        if let header = headers.first {
            try self.init(header: header, message)
        } else if isInQuery {
            try self.init(query: query)
        } else {
            throw SignatureError(.missing, "the request is not signed")
        }
    }

    private init(header: String, _ message: Message) throws(SignatureError) {
        guard header.hasPrefix(algorithm + " ") else {
            throw SignatureError(.incomplete, "the Authorization is not \(algorithm)")
        }
        var parts: [String: String] = [:]
        for part in header.dropFirst(algorithm.count + 1).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, parts.updateValue(String(pair[1]), forKey: String(pair[0])) == nil else {
                throw SignatureError(.incomplete, "the Authorization cannot be read")
            }
        }
        let dates = message.values("x-amz-date")
        guard dates.count == 1 else { throw SignatureError(.incomplete, "there is not one X-Amz-Date") }
        let tokens = message.values("x-amz-security-token")
        guard tokens.count <= 1, parts.count == 3 else { throw SignatureError(.incomplete, "the Authorization cannot be read") }
        try self.init(
            .header, credential: parts["Credential"], date: dates[0], fields: parts["SignedHeaders"],
            signature: parts["Signature"])
        sessionToken = tokens.first
    }

    private init(query: [String: String]) throws(SignatureError) {
        guard query["X-Amz-Algorithm"] == algorithm else {
            throw SignatureError(.incomplete, "the X-Amz-Algorithm is not \(algorithm)")
        }
        guard let text = query["X-Amz-Expires"], 1...6 ~= text.utf8.count, text.utf8.allSatisfy(isDigit), let span = Int64(text),
            1...Self.longestLifetime ~= span
        else { throw SignatureError(.incomplete, "the X-Amz-Expires is not a number of seconds up to a week") }
        try self.init(
            .query, credential: query["X-Amz-Credential"], date: query["X-Amz-Date"], fields: query["X-Amz-SignedHeaders"],
            signature: query["X-Amz-Signature"])
        lifetime = span
        sessionToken = query["X-Amz-Security-Token"]
    }

    private init(
        _ form: Form, credential: String?, date: String?, fields: String?, signature: String?
    ) throws(SignatureError) {
        guard let credential, let (keyID, scope) = CredentialScope.parse(credential) else {
            throw SignatureError(.incomplete, "the Credential is not a key, a day, a region and a service")
        }
        guard let date, let time = SigningTime(parsing: date), time.day == scope.day else {
            throw SignatureError(.incomplete, "the X-Amz-Date is not a time on the Credential's day")
        }
        guard let fields, let signature, !fields.isEmpty else {
            throw SignatureError(.incomplete, "the signature or its SignedHeaders are missing")
        }
        signedFields = fields.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        for (name, next) in zip(signedFields, signedFields.dropFirst()) where name >= next {
            throw SignatureError(.incomplete, "the SignedHeaders are not in order")
        }
        self.form = form
        self.keyID = keyID
        self.scope = scope
        self.time = time
        self.signature = signature
    }

    /// The parameters that speak of the signature, decoded; none may come twice.
    private static func parameters(_ query: String) throws(SignatureError) -> [String: String] {
        var result: [String: String] = [:]
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0]),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : pair[pair.endIndex...])
            else { throw SignatureError(.incomplete, "the query is no valid percent-encoding") }
            let text = String(decoding: name, as: UTF8.self)
            guard text.lowercased().hasPrefix("x-amz-") else { continue }
            guard text.hasPrefix("X-Amz-"), result.updateValue(String(decoding: value, as: UTF8.self), forKey: text) == nil else {
                throw SignatureError(.incomplete, "the query has a parameter of the signature twice, or in other letters")
            }
        }
        return result
    }
}
