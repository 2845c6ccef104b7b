import Model
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

    @Test("version 4 is recognised and not computed; what is no vector is none")
    func others() {
        let vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"
        #expect(CVSS.score(vector)?.system == "CVSS_V4")
        #expect(CVSS.score(vector)?.base == nil)
        for text in ["", "high", "CVSS:3.1/AV:N", "CVSS:4.0/AV:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"] {
            #expect(CVSS.score(text) == nil)
        }
    }

    @Test(
        "bands of severity begin where the specification says", arguments: zip([0, 0.1, 4, 7, 9], Severity.allCases.dropFirst()))
    func bands(_ score: Double, _ severity: Severity) { #expect(Severity(score: score) == severity) }
}
