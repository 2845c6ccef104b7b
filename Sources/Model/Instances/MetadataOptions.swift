/// How an instance is told about itself: the options of EC2's instance metadata service.
package struct MetadataOptions: Hashable, Sendable {
    /// Whether each request must carry a token (`HttpTokens`).
    package var needsTokens = false
    package var isEnabled = true
    package var isEnabledOverIPv6 = false
    /// How many routers an answer with a token may pass. Programs here are at no distance.
    package var hopLimit = 1
    /// Whether the instance's tags are told.
    package var showsTags = false

    package static let hopLimits = 1...64

    package init() {}

    /// Those of an instance of an image for which nothing else was asked.
    package init(imageNeedsTokens: Bool) {
        needsTokens = imageNeedsTokens
        hopLimit = imageNeedsTokens ? 2 : 1
    }

    package var tokensWord: String { needsTokens ? "required" : "optional" }
    package var endpointWord: String { Self.word(isEnabled) }
    package var ipv6Word: String { Self.word(isEnabledOverIPv6) }
    package var tagsWord: String { Self.word(showsTags) }

    private static func word(_ isOn: Bool) -> String { isOn ? "enabled" : "disabled" }
}

/// What is asked of the options; nil for what stays as it is.
package struct MetadataOptionsChange: Hashable, Sendable, Encodable {
    package var needsTokens: Bool?
    package var isEnabled: Bool?
    package var isEnabledOverIPv6: Bool?
    package var hopLimit: Int?
    package var showsTags: Bool?

    package init() {}

    /// By EC2's words, each of which may be missing. Throws EC2's error for another word, or a limit out of its bounds.
    package init(tokens: String?, endpoint: String?, ipv6: String?, hopLimit: Int?, tags: String?) throws(Failure) {
        needsTokens = try Self.flag(tokens, ("required", "optional"), of: "HttpTokens")
        isEnabled = try Self.flag(endpoint, ("enabled", "disabled"), of: "HttpEndpoint")
        isEnabledOverIPv6 = try Self.flag(ipv6, ("enabled", "disabled"), of: "HttpProtocolIpv6")
        showsTags = try Self.flag(tags, ("enabled", "disabled"), of: "InstanceMetadataTags")
        guard hopLimit.map({ MetadataOptions.hopLimits ~= $0 }) ?? true else {
            throw Failure(
                PlaneError(
                    .invalidParameterValue,
                    "Value (\(hopLimit ?? 0)) for parameter HttpPutResponseHopLimit is invalid. It must be from 1 to 64."))
        }
        self.hopLimit = hopLimit
    }

    private static func flag(
        _ text: String?, _ words: (on: String, off: String), of parameter: String
    ) throws(Failure) -> Bool? {
        switch text {
        case nil: return nil
        case words.on?: return true
        case words.off?: return false
        case let other?:
            throw Failure(PlaneError(.invalidParameterValue, "Invalid value '\(other.prefix(60))' for \(parameter)."))
        }
    }

    package var isEmpty: Bool { self == MetadataOptionsChange() }

    package func apply(to options: inout MetadataOptions) {
        options.needsTokens = needsTokens ?? options.needsTokens
        options.isEnabled = isEnabled ?? options.isEnabled
        options.isEnabledOverIPv6 = isEnabledOverIPv6 ?? options.isEnabledOverIPv6
        options.hopLimit = hopLimit ?? options.hopLimit
        options.showsTags = showsTags ?? options.showsTags
    }
}

extension TagSet {
    /// Throws EC2's error where a key could not be the last part of a path of the metadata service.
    package func checkAsMetadata() throws(Failure) {
        for tag in self where !Self.isMetadataName(tag.key) {
            throw Failure(
                PlaneError(
                    .invalidParameterValue,
                    """
                    '\(tag.key)' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not \
                    be a reserved name ('.', '..', '_index')
                    """))
        }
    }

    private static func isMetadataName(_ key: String) -> Bool {
        if [".", "..", "_index"].contains(key) { return false }
        return 1...255 ~= key.utf8.count
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: "-_+=,.@:".utf8.contains(byte)
                }
            }
    }
}
