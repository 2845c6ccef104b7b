import Guest
import Model
import Testing

@Suite struct PackageVersionTests {
    @Test(
        "versions order as the policy's examples do",
        arguments: [
            ("1.0~rc1", "1.0"), ("1.0", "1.0+b1"), ("1.0-1", "1.0-1.1"), ("9", "10"), ("1:0.1", "2:0.0"), ("1.0~~", "1.0~~a"),
            ("1.0~~a", "1.0~"), ("1.0", "1.0a"), ("2.36-9+deb12u9", "2.36-9+deb12u10"),
            ("99999999999999999998", "99999999999999999999"),
        ])
    func order(_ a: String, _ b: String) throws {
        #expect(try PackageVersion(parsing: a) < PackageVersion(parsing: b))
        #expect(try !(PackageVersion(parsing: b) < PackageVersion(parsing: a)))
    }

    @Test("a missing epoch, a missing revision and leading zeros are zero")
    func equality() throws {
        #expect(try PackageVersion(parsing: "0:1.02-0") == PackageVersion(parsing: "1.2"))
    }

    @Test("what is no version is refused", arguments: ["", "a1", "1 0", "1:", "x:1", "1-", "-1:1", "1_0"])
    func refused(_ text: String) { #expect(throws: Failure.self) { try PackageVersion(parsing: text) } }

    @Test("3000 generated pairs compare as dpkg compares them", .enabled(if: Host.hasDpkg, Host.dpkgMissing))
    func oracle() throws {
        var numbers = Numbers(seed: 7)
        func version() -> String {
            let letters = Array("0012399aAbz.+~~-")
            let body = String((0..<(1 + numbers.next(6))).map { _ in letters[numbers.next(letters.count)] })
            let epoch = numbers.next(5) == 0 ? "\(numbers.next(3)):" : ""
            let text = epoch + "\(numbers.next(3))" + body
            return text.hasSuffix("-") ? text + "1" : text
        }
        var pairs: [(String, String)] = []
        while pairs.count < 3000 {
            let first = version()
            var second = version()
            // Half of the pairs differ in their last character only.
            if numbers.next(2) == 0 { second = String(first.dropLast()) + String(Array("019~a+z")[numbers.next(7)]) }
            pairs.append((first, second))
        }
        let script = """
            while read a b; do
              if dpkg --compare-versions "$a" lt "$b" 2>/dev/null; then echo '<'
              elif dpkg --compare-versions "$a" eq "$b" 2>/dev/null; then echo '='; else echo '>'; fi
            done
            """
        let answers = try Host.shell(script, input: pairs.map { "\($0) \($1)\n" }.joined()).output.split(separator: "\n")
        try #require(answers.count == pairs.count)
        for ((a, b), answer) in zip(pairs, answers) {
            let (first, second) = (try PackageVersion(parsing: a), try PackageVersion(parsing: b))
            #expect((first < second ? "<" : first == second ? "=" : ">") == answer, "\(a) and \(b)")
        }
    }
}
