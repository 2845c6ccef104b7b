/// An absolute http or https address in its parts (RFC 3986). Whatever two programs could take for different hosts is refused.
package struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
    package enum Scheme: String, Sendable {
        case http, https
        var port: Int { self == .http ? 80 : 443 }
    }

    package let scheme: Scheme
    /// A name in lower case, or an address; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// As it is written, with the leading slash.
    package let path: String
    /// What follows the `?`. It may hold a signature or a token.
    package let query: String?

    package static let maximumLength = 8192

    package init(parsing text: String) throws(HTTPError) {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw Self.wrong("it is too long, or has blanks or characters that are not ASCII; encode those as %XX")
        }
        guard let colon = text.firstIndex(of: ":"), let scheme = Scheme(rawValue: text[..<colon].lowercased()),
            text[colon...].hasPrefix("://")
        else { throw Self.wrong("it does not begin with http:// or https://") }
        let rest = text[colon...].dropFirst(3)
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let end = rest.firstIndex(of: "#") ?? rest.endIndex
        let mark = rest[..<end].firstIndex(of: "?")
        self.scheme = scheme
        (host, port) = try Self.authority(rest[..<authorityEnd], scheme)
        let path = rest[authorityEnd..<(mark ?? end)]
        self.path = path.isEmpty ? "/" : String(path)
        query = mark.map { String(rest[rest.index(after: $0)..<end]) }
    }

    private static func authority(_ text: Substring, _ scheme: Scheme) throws(HTTPError) -> (String, Int) {
        if text.contains("@") { throw wrong("it has a user name or a password in it") }
        var host = text
        var port = scheme.port
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            host = text[..<colon]
            let digits = text[text.index(after: colon)...]
            guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits), 1...65535 ~= number else {
                throw wrong("its port is not a number from 1 to 65535")
            }
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = String(host.dropFirst().dropLast())
            guard case .v6? = HostAddress(address) else { throw wrong("what stands in brackets is no IPv6 address") }
            return (address, port)
        }
        let isName = host.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard isName, 1...253 ~= host.utf8.count else { throw wrong("it names no host") }
        return (host.lowercased(), port)
    }

    private static func wrong(_ reason: String) -> HTTPError { HTTPError(.badAddress, "the address cannot be used: \(reason)") }

    /// The whole address, for curl alone.
    package var text: String { description + (query.map { "?\($0)" } ?? "") }

    /// For people and logs: without the query.
    package var description: String { origin + path }

    /// Scheme, host and port, as `https://example.com:8443`.
    package var origin: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(scheme.rawValue)://\(shown)" + (port == scheme.port ? "" : ":\(port)")
    }

    /// What stands behind the last slash of the path; empty for a folder.
    package var fileName: String { String(path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...]) }
}
