import Model
import Platform
import TestSupport
import Testing
import Vulnerabilities

@Suite struct CVSSTests {
    /// https://www.first.org/cvss/v3.1/examples
    @Test(
        "base scores of version 3 are those of the published examples",
        arguments: [
            ("AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1), ("AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
            ("AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1), ("AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", 9.9),
            ("AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 4.2), ("AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 8.8),
            ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5), ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            ("AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N", 6.8), ("AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8),
            ("AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8), ("AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 8.8),
            ("AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", 4.6), ("AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N", 7.4),
            ("AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H", 9.6), ("AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0),
        ])
    func version3(_ metrics: String, _ expected: Double) {
        #expect(CVSS.score("CVSS:3.1/" + metrics)?.base == expected)
        #expect(CVSS.score("CVSS:3.0/" + metrics)?.system == "CVSS_V3")
    }

    /// https://www.first.org/cvss/v2/guide, section 3.3
    @Test(
        "base scores of version 2 are those of the published examples",
        arguments: [
            ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8), ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10), ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2),
        ])
    func version2(_ vector: String, _ expected: Double) { #expect(CVSS.score(vector)?.base == expected) }

    /// https://www.first.org/cvss/v4.0/examples, and the ends of the scale.
    @Test(
        "scores of version 4 are those of the published examples",
        arguments: [
            ("AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.3),
            ("AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 7.7),
            ("AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 5.2),
            ("AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 8.3),
            ("AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 4.6),
            ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
            ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10),
            ("AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0),
        ])
    func version4(_ metrics: String, _ expected: Double) {
        #expect(CVSS.score("CVSS:4.0/" + metrics)?.base == expected)
        #expect(CVSS.score("CVSS:4.0/" + metrics)?.system == "CVSS_V4")
    }

    private static let interpreter: String = {
        let cache =
            Programs.variable("XDG_CACHE_HOME").flatMap { $0.isEmpty ? nil : $0 } ?? "\(Programs.variable("HOME") ?? "")/.cache"
        return "\(cache)/ingot/validators/bin/python"
    }()
    private static let hasOracle = (try? Python.run("import cvss", input: "", interpreter: interpreter)) != nil

    @Test(
        "five thousand vectors of version 4 have the score that another program computes",
        .enabled(if: hasOracle, "needs cvss from PyPI: make setup"))
    func version4Oracle() throws {
        let metrics: [(String, String)] = [
            ("AV", "NALP"), ("AC", "LH"), ("AT", "NP"), ("PR", "NLH"), ("UI", "NPA"), ("VC", "HLN"), ("VI", "HLN"), ("VA", "HLN"),
            ("SC", "HLN"), ("SI", "HLN"), ("SA", "HLN"), ("E", "XAPU"), ("CR", "XHML"), ("IR", "XHML"), ("AR", "XHML"),
            ("MAV", "XNALP"),
            ("MVC", "XHLN"), ("MSI", "XSHLN"), ("MSA", "XSHLN"),
        ]
        var random = SeededRandom(11)
        let vectors = (0..<5000).map { number in
            "CVSS:4.0/"
                + metrics.prefix(number % 2 == 0 ? 11 : metrics.count).map { "\($0.0):\(Array($0.1)[random.below($0.1.count)])" }
                .joined(separator: "/")
        }
        let script = "import sys\nfrom cvss import CVSS4\nfor line in sys.stdin.read().split(): print(CVSS4(line).base_score)"
        let expected = try Python.run(script, input: vectors.joined(separator: "\n"), interpreter: Self.interpreter)
        let wrong = zip(vectors, expected.split(separator: "\n")).filter { CVSS.score($0.0)?.base != Double($0.1) }
        #expect(wrong.count == 0, "\(wrong.prefix(3))")
    }

    @Test("what is no vector has no score")
    func others() {
        for text in ["", "high", "CVSS:3.1/AV:N", "CVSS:4.0/AV:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"] {
            #expect(CVSS.score(text) == nil)
        }
    }

    @Test(
        "bands of severity begin where the specification says", arguments: zip([0, 0.1, 4, 7, 9], Severity.allCases.dropFirst()))
    func bands(_ score: Double, _ severity: Severity) { #expect(Severity(score: score) == severity) }
}
