import Model
import Platform
import Testing

private func accepts<Value: TextValue>(_ type: Value.Type, _ text: String) -> Bool {
    guard let value = try? Value(parsing: text) else { return false }
    return value.description == text
}

@Suite struct `Names and ids` {
    static let long = String(repeating: "a", count: 128)

    @Test(
        "names keep to their pattern",
        arguments: [
            ("abc", true), ("web server_1-x", true), (long, true), ("ab", false), (long + "a", false), (" abc", false),
            ("abc ", false),
            ("a.b", false), ("", false), ("abç", false), ("a\nb", false),
        ])
    func resource(_ text: String, _ valid: Bool) {
        #expect(accepts(ResourceName.self, text) == valid)
    }

    @Test(
        "AMI names keep to EC2's characters",
        arguments: [
            ("web-server-1.4.2/3", true), ("a()[] ./-'@_", true), (long, true), ("ab", false), (long + "a", false),
            ("a:b", false),
            ("abc\u{0}", false), ("abé", false), ("{{abc}}", false),
        ])
    func ami(_ text: String, _ valid: Bool) {
        #expect(accepts(AMIName.self, text) == valid)
    }

    @Test(
        "names of buckets are those of general purpose buckets",
        arguments: [
            ("abc", true), ("my.bucket-1", true), ("1a2", true), (String(repeating: "a", count: 63), true), ("ab", false),
            (String(repeating: "a", count: 64), false), ("Abc", false), ("a_b", false), ("-ab", false), ("ab-", false),
            (".ab", false), ("ab.", false), ("a..b", false), ("192.168.5.4", false), ("192.168.5.a", true), ("...", false),
            ("abç", false), ("", false),
        ])
    func bucket(_ text: String, _ valid: Bool) {
        #expect(accepts(BucketName.self, text) == valid)
    }

    @Test(
        "channels are short lower-case words",
        arguments: [
            ("dev", true), ("prod-eu1", true), ("1a", false), ("Prod", false), ("", false), ("a/b", false), ("-a", false),
            ("a b", false),
        ])
    func channel(_ text: String, _ valid: Bool) {
        #expect(accepts(ChannelName.self, text) == valid)
        #expect(accepts(ChannelName.self, String(repeating: "a", count: 63)))
        #expect(!accepts(ChannelName.self, String(repeating: "a", count: 64)))
    }

    @Test(
        "accounts are twelve digits",
        arguments: [
            ("222222222222", true), ("022222222222", true), ("22222222222", false), ("2222222222222", false),
            ("22222222222a", false), ("+22222222222", false),
        ])
    func account(_ text: String, _ valid: Bool) {
        #expect(accepts(AccountID.self, text) == valid)
    }

    @Test(
        "ids are a prefix and 17 hexadecimal digits, or 8 in old ones",
        arguments: [
            ("ami-0abcdef1234567890", true), ("ami-0abcdef123456789", false), ("ami-0abcdef12345678901", false),
            ("ami-0ABCDEF1234567890", false), ("snap-0abcdef1234567890", false), ("ami_0abcdef1234567890", false), ("", false),
            ("ami-", false), ("ami-abcd1234", true), ("ami-abcd123", false),
        ])
    func id(_ text: String, _ valid: Bool) {
        #expect(accepts(ImageID.self, text) == valid)
    }

    @Test("an id is made of random bytes, and can be read back")
    func random() throws {
        let bytes: [UInt8] = [0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xF0]
        #expect(ImageID(random: bytes).description == "ami-0123456789abcdef0")
        #expect(SnapshotID(random: bytes).description == "snap-0123456789abcdef0")
        #expect(try ImageID(parsing: ImageID(random: bytes).description) == ImageID(random: bytes))
    }
}

@Suite struct `Regions` {
    @Test("all commercial regions are codes, sorted, each once", arguments: RegionName.commercial)
    func commercial(_ code: String) throws {
        #expect(try RegionName(existing: code).description == code)
        #expect(accepts(RegionName.self, code))
        #expect(Set(RegionName.commercial).sorted() == RegionName.commercial)
    }

    @Test("an unknown region is not found, with a suggestion")
    func unknown() throws {
        let error = #expect(throws: Failure.self) { try RegionName(existing: "us-esat-1") }
        #expect(error?.code == .notFound)
        #expect(error?.hint?.contains("us-east-1") == true)
        let far = #expect(throws: Failure.self) { try RegionName(existing: "mars") }
        #expect(far?.hint?.contains("us-east-1") == true)
    }

    @Test(
        "what is no code is invalid",
        arguments: ["", "us", "us-east", "us-east-", "US-EAST-1", "us-east-1a", "../x-1", "us--1", "us-east-12"])
    func invalid(_ text: String) {
        #expect(!accepts(RegionName.self, text))
    }
}

@Suite struct `Tags` {
    @Test("keys and values keep to EC2's lengths, counted in characters")
    func lengths() throws {
        #expect(throws: Never.self) {
            try Tag(key: String(repeating: "ü", count: 128), value: String(repeating: "字", count: 256))
        }
        #expect(throws: Failure.self) { try Tag(key: String(repeating: "k", count: 129), value: "") }
        #expect(throws: Failure.self) { try Tag(key: "", value: "") }
        #expect(throws: Failure.self) { try Tag(key: "k", value: String(repeating: "v", count: 257)) }
    }

    @Test("the prefix aws: is reserved in every case", arguments: ["aws:x", "AWS:x", "Aws:x", "aws:"])
    func reserved(_ key: String) {
        #expect(throws: Failure.self) { try Tag(key: key, value: "") }
        #expect(throws: Never.self) { try Tag(key: "my\(key)", value: "") }
    }

    @Test("a resource has at most fifty tags, each key once, in order")
    func sets() throws {
        let fifty = try (10..<60).map { try Tag(key: "k\($0)", value: "v") }
        let set = try TagSet(fifty.reversed())
        #expect(set.tags == fifty)
        let one = try Tag(key: "other", value: "v")
        #expect(throws: Failure.self) { try TagSet(fifty + [one]) }
        #expect(throws: Failure.self) { try set.merging(TagSet([one])) }
        #expect(throws: Failure.self) { try TagSet([one, Tag(key: "other", value: "w")]) }
        let changed = try set.merging(TagSet([Tag(key: "k10", value: "w")]))
        #expect(changed.count == 50)
        #expect(changed["k10"] == "w")
        #expect(changed.removing(["k10", "k11"]).count == 48)
    }
}

@Suite struct `States of an image` {
    @Test("nothing follows deregistered, everything leads there, and nothing leads back to pending")
    func table() {
        #expect(ImageState.deregistered.successors.isEmpty)
        for state in ImageState.allCases where state != .deregistered { #expect(state.successors.contains(.deregistered)) }
        for state in ImageState.allCases { #expect(!state.successors.contains(.pending) && !state.successors.contains(state)) }
    }

    @Test("a move outside the table is a conflict that names the image")
    func conflict() throws {
        #expect(try ImageState.pending.moved(to: .available, of: "ami-1") == .available)
        let error = #expect(throws: Failure.self) { try ImageState.failed.moved(to: .available, of: "ami-1") }
        #expect(error?.code == .conflict)
        #expect(error?.message == "the image ami-1 is failed and cannot become available")
    }
}
