/// A block of IPv6 addresses: `2600:1f18:4a:b00::/56`. Its text has no bits behind the prefix and is written as RFC 5952 says.
package struct AddressBlock6: TextValue, Comparable {
    /// The first address of the block.
    package let base: Address
    package let prefix: Int

    /// An address of 128 bits, as its two halves.
    package struct Address: Hashable, Comparable, Sendable, CustomStringConvertible {
        package var high: UInt64
        package var low: UInt64

        package init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        package static func < (a: Self, b: Self) -> Bool { (a.high, a.low) < (b.high, b.low) }
    }

    package init(parsing text: String) throws(Failure) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = decimal(parts[1]), 0...128 ~= prefix, let address = Address(String(parts[0])) else {
            throw Failure(.invalid, "\"\(text)\" is not a block of IPv6 addresses", hint: "write it like 2001:db8:1:2::/64")
        }
        self.init(base: address, prefix: prefix)
    }

    /// Bits behind the prefix are cleared.
    package init(base: Address, prefix: Int) {
        self.base = Address(high: base.high & Self.mask(prefix), low: base.low & Self.mask(prefix - 64))
        self.prefix = prefix
    }

    /// Of one half: so many leading ones.
    private static func mask(_ ones: Int) -> UInt64 {
        ones <= 0 ? 0 : ones >= 64 ? UInt64.max : UInt64.max << UInt64(64 - ones)
    }

    package func contains(_ other: AddressBlock6) -> Bool {
        prefix <= other.prefix && AddressBlock6(base: other.base, prefix: prefix) == self
    }

    package func contains(_ address: Address) -> Bool { AddressBlock6(base: address, prefix: prefix).base == base }

    package func overlaps(_ other: AddressBlock6) -> Bool { contains(other) || other.contains(self) }

    package var description: String { "\(base)/\(prefix)" }

    package static func < (a: Self, b: Self) -> Bool { (a.base, a.prefix) < (b.base, b.prefix) }
}

extension AddressBlock6.Address {
    /// Groups of up to four hexadecimal digits, with `::` for some of zeros. An IPv4 address at the end is not taken.
    package init?(_ text: String) {
        guard text.utf8.count <= 39, let halves = Self.halves(text) else { return nil }
        let given = halves.head.count + halves.tail.count
        guard halves.isOpen ? given < 8 : given == 8 else { return nil }
        let groups = halves.head + Array(repeating: 0, count: 8 - given) + halves.tail
        self.init(
            high: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) }, low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) })
    }

    /// What stands before and behind `::`; all is before it where there is none.
    private static func halves(_ text: String) -> (head: [UInt16], tail: [UInt16], isOpen: Bool)? {
        let bytes = Array(text.utf8)
        let colon = UInt8(ascii: ":")
        guard let gap = bytes.indices.dropLast().first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon }) else {
            return groups(bytes[...]).map { ($0, [], false) }
        }
        guard let head = groups(bytes[..<gap]), let tail = groups(bytes[(gap + 2)...]) else { return nil }
        return (head, tail, true)
    }

    private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        if bytes.isEmpty { return [] }
        var groups: [UInt16] = []
        for part in bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            let isHex = part.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
                    || UInt8(ascii: "A")...UInt8(ascii: "F") ~= byte
            }
            guard 1...4 ~= part.count, isHex, let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16) else {
                return nil
            }
            groups.append(group)
        }
        return groups
    }

    /// As RFC 5952 says: lower case, no leading zeros, and `::` for the first of the longest runs of zeros, of two at least.
    package var description: String {
        let groups = [high, low].flatMap { half in stride(from: 48, through: 0, by: -16).map { half >> UInt64($0) & 0xFFFF } }
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 } else if index + 1 - start > longest.count { longest = start..<(index + 1) }
        }
        func text(_ part: ArraySlice<UInt64>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        if longest.count < 2 { return text(groups[...]) }
        return "\(text(groups[..<longest.lowerBound]))::\(text(groups[longest.upperBound...]))"
    }
}
