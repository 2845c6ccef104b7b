import SigV4
import TestSupport
import Testing
import Text

/// Requests that were signed rightly and changed afterwards.
@Suite struct MutationTests {
    static let count = 24_000

    @Test("of twenty-four thousand changed requests none is accepted")
    func mutations() throws {
        let key = PublishedVector.key
        let verifier = Verifier(keys: { $0 == key.id ? key : nil })
        let originals = try Self.originals(key)
        for original in originals { _ = try verifier.verify(original, now: PublishedVector.seconds) }
        var random = SeededRandom(20_260_101)
        var accepted: [Message] = []
        var changed = 0
        while changed < Self.count {
            let original = originals[random.below(originals.count)]
            var message = original
            Self.change(&message, &random)
            if Self.means(message, theSameAs: original) { continue }
            changed += 1
            if (try? verifier.verify(message, now: PublishedVector.seconds)) != nil { accepted.append(message) }
        }
        let (count, first) = (accepted.count, accepted.first)
        #expect(count == 0, "\(String(describing: first))")
    }

    private static func originals(_ key: AccessKey) throws -> [Message] {
        let time = SigningTime(seconds: PublishedVector.seconds)
        let body = Array("Action=DescribeImages&Version=2016-11-15&Owner.1=self&Filter.1.Name=name&Filter.1.Value.1=a%20b".utf8)
        let form = Message(
            method: "POST", path: "/",
            fields: [.init("host", "127.0.0.1:8000"), .init("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: body)
        let json = Message(
            method: "POST", path: "/",
            fields: [
                .init("host", "127.0.0.1:8000"), .init("content-type", "application/x-amz-json-1.1"),
                .init("x-amz-target", "AmazonSSM.GetParameter"),
            ], body: Array(#"{"Name":"/web/port"}"#.utf8))
        let rest = Message(
            method: "GET", path: "/snapshots/snap-1/blocks/17", query: "blockToken=AbC", fields: [.init("host", "h")])
        var result: [Message] = []
        for (service, message) in [("ec2", form), ("ssm", json), ("ebs", rest)] {
            let signer = Signer(key, region: "eu-central-1", service: service)
            result.append(try #require(signer.signed(message, at: time)))
            result.append(try #require(signer.presigned(message, at: time, lifetime: 300)))
        }
        return result
    }

    /// One or two small changes.
    private static func change(_ message: inout Message, _ random: inout SeededRandom) {
        for _ in 0...random.below(2) {
            switch random.below(10) {
            case 0: message.method = ["GET", "POST", "PUT", "DELETE", "HEAD"][random.below(5)]
            case 1: message.path = changed(message.path, &random)
            case 2, 3: message.query = changed(message.query, &random)
            case 4: message.body = Array(changed(String(decoding: message.body, as: UTF8.self), &random).utf8)
            case 5:
                let name = [
                    "x-amz-target", "x-amz-date", "x-amz-security-token", "x-amz-meta", "host", "content-type", "authorization",
                ]
                message.fields.append(.init(name[random.below(name.count)], "AmazonSSM.DeleteParameter"))
            case 6: message.fields.remove(at: random.below(message.fields.count))
            default:
                let index = random.below(message.fields.count)
                let field = message.fields[index]
                message.fields[index] = .init(field.name, changed(field.value, &random))
            }
            if message.fields.isEmpty { message.fields = [.init("host", "none")] }
        }
    }

    /// With one character replaced, left out or put in.
    private static func changed(_ text: String, _ random: inout SeededRandom) -> String {
        var bytes = Array(text.utf8)
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=&%/;,.- ".utf8)
        let letter = letters[random.below(letters.count)]
        let place = random.below(bytes.count + 1)
        switch random.below(3) {
        case 0 where place < bytes.count: bytes[place] = letter
        case 1 where place < bytes.count: bytes.remove(at: place)
        default: bytes.insert(letter, at: place)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Blanks in a field, dots in a path, the order of parameters and the spelling of an encoding change no meaning.
    private static func means(_ a: Message, theSameAs b: Message) -> Bool {
        func fields(_ message: Message) -> [[String]] {
            message.fields.map { [$0.name] + $0.value.split(separator: " ").map(String.init) }
        }
        func segments(_ message: Message) -> [Substring] { message.path.split(separator: "/").filter { $0 != "." } }
        func parameters(_ message: Message) -> [[UInt8]?] {
            message.query.split(separator: "&").map { pair in
                PercentEncoding.decode((pair.contains("=") ? pair : pair + "=").utf8)
            }.sorted { ($0 ?? []).lexicographicallyPrecedes($1 ?? []) }
        }
        // Between the parts of an Authorization blanks are optional.
        func authorization(_ message: Message) -> [String] {
            message.fields.filter { $0.name == "authorization" }.map { $0.value.filter { $0 != " " && $0 != "," } }
        }
        func endsWithSlash(_ message: Message) -> Bool { message.path.hasSuffix("/") || message.path.hasSuffix("/.") }
        let isPathSame = segments(a) == segments(b) && endsWithSlash(a) == endsWithSlash(b) && a.path.hasPrefix("/")
        let isRestSame =
            fields(a).filter { $0[0] != "authorization" } == fields(b).filter { $0[0] != "authorization" }
            && authorization(a) == authorization(b)
        return a.method == b.method && isPathSame && parameters(a) == parameters(b) && a.body == b.body && isRestSame
    }
}
