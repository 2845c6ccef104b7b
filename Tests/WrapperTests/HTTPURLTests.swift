import HTTP
import Testing

@Suite struct `HTTP addresses` {
    @Test(
        arguments: [
            ("http://Example.COM", "http://example.com/", 80),
            ("https://example.com:443/a/b?c=d#e", "https://example.com/a/b", 443),
            ("HTTP://10.0.0.1:8080/x", "http://10.0.0.1:8080/x", 8080),
            ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/", 8443),
        ])
    func `are taken apart, and shown without their query`(_ text: String, _ shown: String, _ port: Int) throws {
        let url = try HTTPURL(parsing: text)
        #expect(url.description == shown)
        #expect(url.port == port)
    }

    @Test func `keep the query for the request alone`() throws {
        let url = try HTTPURL(parsing: "https://example.com/file.tar?signature=abc#part")
        #expect(url.text == "https://example.com/file.tar?signature=abc")
        #expect(!"\(url)".contains("abc"))
        #expect(url.fileName == "file.tar")
    }

    @Test(
        arguments: [
            "ftp://example.com/", "file:///etc/passwd", "//example.com", "example.com", "http://", "http:///path",
            "http://user:secret@example.com/", "http://good.example\\@evil.example/", "http://a b/", "http://a/b c",
            "http://a/\u{7F}",
            "http://a:0/", "http://a:65536/", "http://a:8o/", "http://[::1/", "http://[fe80::1%25eth0]/", "http://[127.0.0.1]/",
            "http://exa%6dple.com/", "http://例え.jp/", "http://a\n/",
        ])
    func `that two programs could read differently are refused`(_ text: String) {
        #expect { _ = try HTTPURL(parsing: text) } throws: { error in
            let error = error as? HTTPError
            return error?.kind == .badAddress && error?.reason.contains("secret") == false
        }
    }
}

@Suite struct `The policy of addresses` {
    @Test(
        arguments: [
            "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.170.2", "100.100.100.200",
            "168.63.129.16",
            "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
            "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "febf::1", "ff02::1", "fd00:ec2::254",
        ])
    func `refuses this machine, its link, and metadata services, in every spelling`(_ text: String) throws {
        let address = try #require(HostAddress(text))
        #expect(AddressPolicy.refusal(of: address) != nil)
    }

    @Test(arguments: [
        "192.0.2.1", "10.0.0.1", "192.168.1.1", "8.8.8.8", "100.100.100.201", "2001:db8::1", "64:ff9b::808:808", "fd00::1",
    ])
    func `lets all other addresses through`(_ text: String) throws {
        let address = try #require(HostAddress(text))
        #expect(AddressPolicy.refusal(of: address) == nil)
        #expect(address.description == text)
    }

    @Test(arguments: ["127.1", "0x7f.0.0.1", "2130706433", "017700000001", "localhost"])
    func `sees what a short or odd form of an address means`(_ host: String) throws {
        let addresses = try AddressLookup.system(host)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { AddressPolicy.refusal(of: $0) != nil })
    }
}
