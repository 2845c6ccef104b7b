import FoundationEssentials
import TestSupport
import Testing
import Text

@Suite struct `The redactor` {
    private let secret = "p@ss word/1?"

    private func redactor(_ values: String...) -> Redactor {
        var redactor = Redactor()
        for value in values { redactor.add(value) }
        return redactor
    }

    /// What comes out of lines that come one after the other.
    private func lines(_ lines: [String], _ redactor: Redactor) -> [String] {
        var result: [String] = []
        var stream = RedactedLines(redactor)
        for line in lines { stream.take(line) { result.append($0) } }
        stream.finish { result.append($0) }
        return result
    }

    @Test func `blots a value out wherever it stands`() {
        #expect(redactor(secret).redacted("a \(secret)\(secret) b") == "a ************ b")
        #expect(redactor("ab", "abc").redacted("abcab") == "************")
        #expect(redactor().redacted(secret) == secret)
        #expect(redactor("").redacted("x") == "x")
    }

    @Test(arguments: ["p%40ss%20word%2F1%3F", "p%40ss%20word%2f1%3f"]) func `blots the percent-encoded value out`(_ form: String)
    {
        #expect(redactor(secret).redacted("https://host/?q=\(form)&x") == "https://host/?q=******&x")
    }

    @Test(arguments: 0..<7) func `blots the value out of base64, wherever it stands in what is encoded`(_ place: Int) {
        let text = String(repeating: "u", count: place) + secret + "tail"
        let encoded = Data(text.utf8).base64EncodedString()
        let redacted = redactor(secret).redacted(encoded)
        #expect(redacted.contains("******"))
        // At most the six bits at either end that the value shares with its neighbours are left.
        #expect(redacted.count <= encoded.count - secret.utf8.count * 4 / 3 + 1 + 6)
        let safe = encoded.replacing("+", with: "-").replacing("/", with: "_")
        #expect(redactor(secret).redacted(safe).contains("******"))
    }

    @Test func `finds a value that was cut over lines, as fold and base64 do`() {
        #expect(redactor(secret).redacted("x p@ss\n wor\r\nd/1? y") == "x ******\n\r\n y")
        #expect(lines(["x p@ss", " wor", "d/1? y", "z"], redactor(secret)) == ["x ******", "", " y", "z"])
        let wrapped = Data((String(repeating: "a", count: 50) + secret).utf8).base64EncodedString()
        let first = String(wrapped.prefix(76))
        let redacted = lines([first, String(wrapped.dropFirst(76))], redactor(secret)).joined(separator: "\n")
        #expect(redacted.contains("******"))
    }

    @Test func `gives lines out as soon as nothing can begin in them`() {
        var given: [String] = []
        var stream = RedactedLines(redactor(secret))
        stream.take("plain") { given.append($0) }
        #expect(given == ["plain"])
        stream.take("ends with p@ss") { given.append($0) }
        #expect(given == ["plain"])
        stream.take("port") { given.append($0) }
        #expect(given == ["plain", "ends with p@ss", "port"])
    }

    @Test func `keeps back no more than a few lines, whatever is printed`() {
        var given = 0
        var stream = RedactedLines(redactor(secret))
        stream.take("p") { _ in given += 1 }
        for _ in 0..<100 { stream.take("") { _ in given += 1 } }
        #expect(given > 90)
    }

    @Test func `lines without a value come out as they went in`() {
        var random = SeededRandom(7)
        for _ in 0..<200 {
            let input = (0..<random.below(6)).map { _ in
                String((0..<random.below(5)).map { _ in Character(["p", "@", "s", " ", "é"][random.below(5)]) })
            }
            #expect(lines(input, redactor(secret)) == input)
        }
    }

    @Test func `however a text is cut into lines, no value shows`() {
        var random = SeededRandom(8)
        for _ in 0..<200 {
            var input = ["start "]
            for character in "pp@ss wop@ss word/1?p@ss" {
                if random.below(3) == 0 { input.append("") }
                input[input.count - 1].append(character)
            }
            let output = lines(input, redactor(secret)).joined()
            #expect(!output.contains(secret))
            #expect(output == "start pp@ss wo******p@ss")
        }
    }

    @Test func `says whether a value occurs`() {
        #expect(redactor(secret).occurs(in: "a p%40ss%20word%2F1%3F"))
        #expect(!redactor(secret).occurs(in: "p@ss wor"))
        #expect(!redactor().occurs(in: ""))
    }
}
