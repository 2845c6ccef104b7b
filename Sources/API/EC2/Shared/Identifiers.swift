import Cloud
import Model

extension QueryInput {
    /// The id of an image, which must be given.
    func imageID(_ key: String = "ImageId") throws(APIError) -> ImageID { try ImageID(asked: try required(key)) }

    func imageIDs(_ key: String = "ImageId") throws(APIError) -> [ImageID]? {
        let texts = try strings(key)
        if texts.isEmpty { return nil }
        var ids: [ImageID] = []
        for text in texts { ids.append(try ImageID(asked: text)) }
        return ids
    }

    func account(_ text: String) throws(APIError) -> AccountID {
        do throws(Failure) { return try AccountID(parsing: text) } catch {
            throw APIError("InvalidUserID.Malformed", "Invalid user id: \"\(text.prefix(100))\"")
        }
    }

    /// How many results a page may have, within EC2's bounds.
    func limit(_ key: String = "MaxResults", _ bounds: ClosedRange<Int> = 5...1000) throws(APIError) -> Int? {
        guard let limit = try int(key) else { return nil }
        guard bounds.contains(limit) else {
            throw APIError(
                "InvalidParameterValue",
                "Value ( \(limit) ) for parameter maxResults is invalid. Expecting a value between \(bounds.lowerBound) and \(bounds.upperBound)."
            )
        }
        return limit
    }

    func pageToken() throws(APIError) -> PageToken? {
        guard let text = string("NextToken") else { return nil }
        do throws(PlaneError) { return try PageToken(parsing: text) } catch { throw APIError(error) }
    }

    /// A time in ISO 8601, with or without fractions of seconds.
    func instant(_ key: String) throws(APIError) -> Instant {
        let text = try required(key)
        var whole = text
        if let dot = text.firstIndex(of: "."), let end = text[dot...].firstIndex(where: { $0 == "Z" || $0 == "+" || $0 == "-" }) {
            whole = String(text[..<dot]) + text[end...]
        }
        do throws(Failure) { return try Instant(parsing: whole) } catch { throw .invalid(text, of: key) }
    }
}

extension ImageQuery.Owner {
    /// An account, an alias of one, or `self`.
    init(asked text: String, _ input: QueryInput) throws(APIError) {
        if text == "self" {
            self = .own
        } else if let alias = OwnerAlias(rawValue: text) {
            self = .alias(alias)
        } else {
            self = .account(try input.account(text))
        }
    }
}

extension ImageQuery.Executor {
    /// An account, `all`, or `self`.
    init(asked text: String, _ input: QueryInput) throws(APIError) {
        switch text {
        case "self": self = .own
        case "all": self = .everyone
        default: self = .account(try input.account(text))
        }
    }
}

extension ImageID {
    init(asked text: String) throws(APIError) {
        self = try asking { () throws(Failure) in try ImageID(requested: text) }
    }
}

extension APIError {
    init(_ error: PlaneError) { self.init(error.code.rawValue, error.message, status: error.httpStatus) }
}
