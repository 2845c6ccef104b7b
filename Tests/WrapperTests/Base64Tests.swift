import TestSupport
import Testing
import Text

@Suite struct Base64Tests {
    @Test(
        "the vectors of RFC 4648, section 10, are written and read, without padding too",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(_ plain: String, _ text: String) {
        #expect(Base64.text(Array(plain.utf8)) == text)
        #expect(Base64.decodeStrictly(text) == Array(plain.utf8))
        #expect(Base64.decode(text.utf8.filter { $0 != UInt8(ascii: "=") }) == Array(plain.utf8))
    }

    @Test(
        "what two readers could read in two ways is no strict base64",
        arguments: ["Zg", "Zh==", "Zm9v\n", " Zm9v", "_-8=", "Zg==="])
    func strict(_ text: String) { #expect(Base64.decodeStrictly(text) == nil) }

    @Test("either alphabet and lines are read leniently; other bytes and impossible lengths are not")
    func lenient() {
        #expect(Base64.decode("_-\r\n8=".utf8) == [0xFF, 0xEF] && Base64.decode("/+8=".utf8) == [0xFF, 0xEF])
        #expect(Base64.decode("Zm9vY".utf8) == nil && Base64.decode("Zm*v".utf8) == nil && Base64.decode("Zg==Zg==".utf8) == nil)
    }

    @Test("bytes of any length come back")
    func roundTrip() {
        var random = SeededRandom(4648)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8(random.below(256)) }
            #expect(Base64.decodeStrictly(Base64.text(bytes)) == bytes)
        }
    }
}
