import Model
import Testing

@Suite struct AddressBlockTests {
    /// The examples of RFC 5952, sections 1 to 4, and of RFC 4291, section 2.2.
    @Test(
        "IPv6 addresses are written as RFC 5952 says, however they were written",
        arguments: [
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1"),
            ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:DB8::AA", "2001:db8::aa"), ("ff01:0:0:0:0:0:0:101", "ff01::101"),
            ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:0:0", "::"), ("1::", "1::"), ("::1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"),
        ])
    func written(text: String, expected: String) throws {
        let address = try #require(AddressBlock6.Address(text))
        #expect(address.description == expected)
        #expect(AddressBlock6.Address(expected) == address)
    }

    @Test(
        "what is no IPv6 address is none",
        arguments: [
            "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::1:2:3:4:5:6:7:8", "12345::", "g::", "1:",
            ":1",
            "1:2:3:4:5:6:7:", "::1%eth0", "::ffff:1.2.3.4", " ::1", "::1/64", "+1::", "-1::", "0x1::",
            String(repeating: "0", count: 60) + "::",
        ])
    func refused(text: String) { #expect(AddressBlock6.Address(text) == nil) }

    @Test("a block has no bits behind its prefix, and knows what is in it")
    func blocks() throws {
        let block = try AddressBlock6(parsing: "2600:1f18:4a:b7f::1/56")
        #expect(block.description == "2600:1f18:4a:b00::/56")
        let inner = try AddressBlock6(parsing: "2600:1f18:4a:b0f::/64")
        #expect(block.contains(inner) && !inner.contains(block) && inner.overlaps(block) && block.overlaps(inner))
        #expect(try !block.overlaps(AddressBlock6(parsing: "2600:1f18:4a:c00::/56")))
        #expect(try block.contains(#require(AddressBlock6.Address("2600:1f18:4a:bff:ffff:ffff:ffff:ffff"))))
        #expect(try !block.contains(#require(AddressBlock6.Address("2600:1f18:4a:aff:ffff:ffff:ffff:ffff"))))
        let all = try AddressBlock6(parsing: "::/0")
        #expect(all.contains(block) && AddressBlock6(base: block.base, prefix: 0) == all)
        let one = try AddressBlock6(parsing: "::ff/128")
        #expect(try one.description == "::ff/128" && !one.contains(#require(AddressBlock6.Address("::fe"))))
        for text in ["::", "::/129", "::/-1", "::/x", "1.2.3.4/8", "::/0/0"] {
            #expect(throws: Failure.self) { try AddressBlock6(parsing: text) }
        }
    }

    @Test("parts of addresses and noise are read or refused, and what is read is written so that it is read again")
    func noise() {
        let letters = Array("0123456789abcdef::::/.gG ")
        var seed: UInt64 = 42
        for _ in 0..<5000 {
            var text = ""
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for _ in 0..<Int(seed >> 33 & 31) {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(letters[Int(seed >> 33) % letters.count])
            }
            guard let address = AddressBlock6.Address(text) else { continue }
            #expect(AddressBlock6.Address(address.description) == address)
        }
    }

    @Test("a network's block is of the protocol that its text shows")
    func either() throws {
        #expect(try NetworkBlock(parsing: "10.1.2.3/8") == .ipv4(AddressBlock(parsing: "10.0.0.0/8")))
        #expect(try NetworkBlock(parsing: "2001:db8::/32").description == "2001:db8::/32")
        #expect(throws: Failure.self) { try NetworkBlock(parsing: "10.0.0.0") }
    }
}
