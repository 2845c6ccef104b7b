import Hyperscan
import Secrets
import TestSupport
import Testing

struct KnownValueTests {
    private static let value = Array("S3cret/\"Value\"?9z".utf8)

    @Test("A known value is found in every encoding, at every place of the stream and of its pieces")
    func everyEncoding() throws {
        let search = try KnownValueSearch([KnownValue(name: "a password", bytes: Self.value)])
        let forms: [(ValueEncoding, [UInt8])] = [
            (.raw, Self.value), (.utf16, Self.value.flatMap { [$0, 0] }),
            (.lowerHex, Array("5333637265742f2256616c7565223f397a".utf8)),
            (.upperHex, Array("5333637265742F2256616C7565223F397A".utf8)),
            (.base64, Array("UzNjcmV0LyJWYWx1ZSI/OXo=".utf8)), (.base64, Array("eDpTM2NyZXQvIlZhbHVlIj85eg==".utf8)),
            (.url, Array("S3cret%2F%22Value%22%3F9z".utf8)), (.url, Array("S3cret%2f%22Value%22%3f9z".utf8)),
            (.json, Array("S3cret/\\\"Value\\\"?9z".utf8)),
        ]
        for (encoding, form) in forms {
            let stream = [UInt8](repeating: 0x61, count: 100) + form + [UInt8](repeating: 0x62, count: 50)
            #expect(try search.hits(in: stream).map(\.encoding).contains(encoding), "\(encoding)")
            for size in [1, 7, 33, 101, 120] {
                var scan = try search.begin()
                for start in stride(from: 0, to: stream.count, by: size) {
                    try scan.append(Array(stream[start..<min(stream.count, start + size)]).span)
                }
                #expect(scan.hits == (try search.hits(in: stream)), "\(encoding) in pieces of \(size)")
                #expect(scan.bytes == UInt64(stream.count))
            }
        }
    }

    @Test("What is not there is not found, and values that occur by chance are named as not searched for")
    func nothing() throws {
        var random = SeededRandom(4)
        let search = try KnownValueSearch([
            KnownValue(name: "long", bytes: random.bytes(20)), KnownValue(name: "pin", bytes: Array("123".utf8)),
        ])
        #expect(search.tooShort == ["pin"])
        #expect(try search.hits(in: random.bytes(300_000)).isEmpty)
        #expect(try KnownValueSearch([]).hits(in: [1, 2, 3]).isEmpty)
    }

    @Test("Thousands of values are searched for in one pass, and each is named by its place in the list")
    func thousands() throws {
        var random = SeededRandom(5)
        let values = (0..<2000).map { KnownValue(name: "value \($0)", bytes: random.bytes(16)) }
        let search = try KnownValueSearch(values)
        var stream = random.bytes(1 << 16)
        stream += values[7].bytes + random.bytes(100) + values[1999].bytes
        #expect(try search.hits(in: stream).map(\.value) == [7, 1999])
    }
}
