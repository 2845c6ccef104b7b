/// Which addresses requests may go to.
package struct AddressPolicy: Sendable {
    /// Origins that the operator named, which may lie anywhere.
    private var allowed: Set<String> = []

    /// Everything but this machine itself, what answers on its link alone, and the metadata services of clouds, which give keys to
    /// whoever can ask. Private networks are let through: that is where many keep their mirrors.
    package static let outside = AddressPolicy()

    package func allowing(_ url: HTTPURL) -> AddressPolicy {
        var policy = self
        policy.allowed.insert(url.origin)
        return policy
    }

    /// Throws where one of the addresses is refused: a name with a good and a bad address is not to be trusted at all.
    func check(_ addresses: [HostAddress], of url: HTTPURL) throws(HTTPError) {
        if allowed.contains(url.origin) { return }
        for address in addresses {
            guard let reason = Self.refusal(of: address) else { continue }
            let host = address.description == url.host ? url.host : "\(url.host) (\(address))"
            throw HTTPError(.refusedAddress, "\(host) is \(reason), where requests may not go")
        }
    }

    /// What is wrong with an address; nil for one that may be asked.
    package static func refusal(of address: HostAddress) -> String? {
        if let v4 = address.embedded, let reason = refusal(v4: v4) { return reason }
        guard case .v6(let bytes) = address else { return nil }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0x80...0xBF): return "a link-local address"
        case (0xFF, _): return "a multicast address"
        case (0xFD, 0x00) where bytes[2] == 0x0E && bytes[3] == 0xC2: return "a metadata service"
        default: return nil
        }
    }

    /// By the registry of RFC 6890. `0.0.0.0` and its like reach this machine.
    private static func refusal(v4: [UInt8]) -> String? {
        switch (v4[0], v4[1], v4[2], v4[3]) {
        case (0, _, _, _): "this machine itself"
        case (127, _, _, _): "a loopback address"
        case (169, 254, _, _): "a link-local address"
        case (100, 100, 100, 200), (168, 63, 129, 16): "a metadata service"
        case (224...239, _, _, _): "a multicast address"
        case (240...255, _, _, _): "a reserved address"
        default: nil
        }
    }
}
