/// A block of IPv4 addresses: `172.31.0.0/16`. Its text has no bits behind the prefix.
package struct AddressBlock: TextValue, Comparable {
    /// In host order.
    package let base: UInt32
    package let prefix: Int

    package init(parsing text: String) throws(Failure) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let bytes = parts.first?.split(separator: ".", omittingEmptySubsequences: false).map { decimal($0) } ?? []
        guard parts.count == 2, let prefix = decimal(parts[1]), 0...32 ~= prefix, bytes.count == 4,
            bytes.allSatisfy({ $0.map { 0...255 ~= $0 } ?? false })
        else {
            throw Failure(.invalid, "\"\(text)\" is not a block of addresses", hint: "write it like 172.31.0.0/16")
        }
        let address = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1 ?? 0) }
        self.init(base: address & Self.mask(prefix), prefix: prefix)
    }

    /// The number in the block of an address; nil where it is none, or not in the block.
    package func index(of text: String) -> Int? {
        guard let one = try? AddressBlock(parsing: text + "/32"), range.contains(one.base) else { return nil }
        return Int(one.base - base)
    }

    package init(base: UInt32, prefix: Int) {
        self.base = base
        self.prefix = prefix
    }

    private static func mask(_ prefix: Int) -> UInt32 { prefix == 0 ? 0 : UInt32.max << UInt32(32 - prefix) }

    package var count: Int { 1 << (32 - prefix) }

    /// The first address and the last one, in host order.
    package var range: ClosedRange<UInt32> { base...(base | ~Self.mask(prefix)) }

    package func contains(_ other: AddressBlock) -> Bool { prefix <= other.prefix && range.contains(other.base) }

    package func overlaps(_ other: AddressBlock) -> Bool { range.overlaps(other.range) }

    /// EC2's bounds on the blocks of VPCs and subnets.
    package static let networkPrefixes = 16...28

    /// The n-th of the blocks of a longer prefix that this one is made of.
    package func block(_ index: Int, prefix longer: Int) -> AddressBlock {
        AddressBlock(base: base + UInt32(index) << UInt32(32 - longer), prefix: longer)
    }

    /// The n-th address, in its usual form.
    package func address(_ index: Int) -> String { Self.text(base &+ UInt32(truncatingIfNeeded: index)) }

    private static func text(_ address: UInt32) -> String {
        stride(from: 24, through: 0, by: -8).map { String(address >> UInt32($0) & 255) }.joined(separator: ".")
    }

    package var description: String { "\(Self.text(base))/\(prefix)" }

    package static func < (a: Self, b: Self) -> Bool { (a.base, a.prefix) < (b.base, b.prefix) }
}
