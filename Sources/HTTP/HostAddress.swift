import Glibc

/// An IP address.
package enum HostAddress: Hashable, Sendable, CustomStringConvertible {
    /// Four bytes.
    case v4([UInt8])
    /// Sixteen bytes.
    case v6([UInt8])

    /// Reads `192.0.2.1` or `2001:db8::1`, and nothing else that some programs take for an address.
    package init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
            self = .v4(Array(bytes.prefix(4)))
        } else if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
            self = .v6(bytes)
        } else {
            return nil
        }
    }

    package var description: String {
        let (family, bytes) =
            switch self {
            case .v4(let bytes): (AF_INET, bytes)
            case .v6(let bytes): (AF_INET6, bytes)
            }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "an unknown address" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The IPv4 address that this one stands for: itself, one that is mapped, compatible or translated (RFC 4291, RFC 6052), or that of
    /// a 6to4 gateway (RFC 3056).
    var embedded: [UInt8]? {
        guard case .v6(let bytes) = self else {
            if case .v4(let bytes) = self { return bytes }
            return nil
        }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
        let compatible = [UInt8](repeating: 0, count: 12)
        for prefix in [mapped, translated, compatible] where bytes.starts(with: prefix) { return Array(bytes.suffix(4)) }
        return bytes.starts(with: [0x20, 0x02]) ? Array(bytes[2..<6]) : nil
    }
}

/// Finds the addresses of a host.
package enum AddressLookup {
    /// By the machine's resolver. Also takes whatever the resolver takes for an address, so that `0x7f.1` is seen as what it means.
    @Sendable
    package static func system(_ host: String) throws(HTTPError) -> [HostAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            let reason = unsafe String(cString: gai_strerror(status))
            throw HTTPError(.hostNotFound, "the host \(host) was not found: \(reason)")
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [HostAddress] = []
        var next = unsafe list
        while let entry = unsafe next?.pointee {
            if let address = unsafe address(entry), !addresses.contains(address) { addresses.append(address) }
            unsafe next = entry.ai_next
        }
        return addresses
    }

    private static func address(_ entry: addrinfo) -> HostAddress? {
        guard let raw = unsafe entry.ai_addr else { return nil }
        switch unsafe entry.ai_family {
        case AF_INET:
            let socket = unsafe UnsafeRawPointer(raw).loadUnaligned(as: sockaddr_in.self)
            return .v4(unsafe withUnsafeBytes(of: socket.sin_addr) { unsafe Array($0) })
        case AF_INET6:
            let socket = unsafe UnsafeRawPointer(raw).loadUnaligned(as: sockaddr_in6.self)
            return .v6(unsafe withUnsafeBytes(of: socket.sin6_addr) { unsafe Array($0) })
        default: return nil
        }
    }
}
