import Guest
import Model
import Platform
import TestSupport
import Testing

@Suite struct VersionOrderTests {
    private static let hasRPM = Shell.has("rpm")

    @Test(
        "4000 generated pairs compare as rpm compares them", .enabled(if: hasRPM, "needs rpm: apt-get install rpm"))
    func rpmOracle() throws {
        var numbers = Numbers(seed: 3)
        let letters = Array("00123789abAZ.._~~^^+")
        func part() -> String { String((0..<(1 + numbers.next(7))).map { _ in letters[numbers.next(letters.count)] }) }
        func version() -> String {
            (numbers.next(5) == 0 ? "\(numbers.next(3)):" : "") + part() + (numbers.next(3) > 0 ? "-" + part() : "")
        }
        var pairs: [(String, String)] = []
        for _ in 0..<4000 {
            let first = version()
            let isNear = numbers.next(2) == 0
            pairs.append((first, isNear ? String(first.dropLast()) + String(letters[numbers.next(letters.count)]) : version()))
        }
        let script = """
            for line in io.lines("pairs") do
              local a, b = line:match("^(%S+) (%S+)$")
              io.write(rpm.vercmp(a, b), "\\n")
            end
            """
        try withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/pairs", Array(pairs.map { "\($0) \($1)\n" }.joined().utf8))
            try Files.writeDurably("\(folder)/compare.lua", Array(script.utf8))
            let answers = try Shell.run("rpm --eval '%{lua: dofile(\"compare.lua\")}'", in: folder).split(separator: "\n")
            try #require(answers.count == pairs.count)
            for ((a, b), answer) in zip(pairs, answers) {
                let (first, second) = (RPMVersion(a), RPMVersion(b))
                #expect((first < second ? -1 : first == second ? 0 : 1) == Int(answer), "\(a) and \(b)")
            }
        }
    }

    @Test(
        "epochs and releases of rpm count, and no release comes before any",
        arguments: [
            ("1:1-1", "2-1", ">"), ("1-1", "1-2", "<"), ("1", "1-2", "<"), ("0:1-1", "1-1", "="), ("1.0^git1-1", "1.0-9", ">"),
        ])
    func rpmParts(_ a: String, _ b: String, _ expected: String) {
        let (x, y) = (RPMVersion(a), RPMVersion(b))
        #expect((x < y ? "<" : x == y ? "=" : ">") == expected)
    }

    @Test(
        "versions of apk order as its own test data say",
        arguments: [
            ("2.34", "0.1.0_alpha", ">"), ("0.1.0_alpha", "0.1.0_alpha", "="), ("0.1.0_alpha2", "0.1.0_alpha", ">"),
            ("1.0.4-r3", "1.0.4-r4", "<"), ("1.1", "1.1_alpha1", ">"), ("1.2.1", "1.2", ">"), ("1.3_alpha", "1.3_alpha2", "<"),
            ("2.3.0b-r1", "2.3.0b-r2", "<"), ("0.12.3", "0.12", ">"), ("3.1_p16", "3.1_p17", "<"), ("1.06-r6", "006", "<"),
            ("1.39", "1.00_beta2", ">"), ("1.00_beta2", "0.9.2", ">"), ("6.4", "2.6-r5", ">"), ("1.02", "1.03-r1", "<"),
            ("4.2.52_p2-r1", "4.2.52_p4-r2", "<"), ("1.02.07", "1.02.10-r1", "<"), ("20050405", "1.8", ">"),
            ("2.11-r1", "2.11", ">"), ("2.5.1-r8", "2.5.1a-r1", "<"), ("1.7", "1.7b", "<"), ("1.8.5", "1.8.5_p2", "<"),
            ("2.9.11_pre20051101-r3", "2.9.11_pre20051101", ">"), ("0.9.8c-r1", "0.9.8d", "<"), ("1.3_pre1-r1", "1.3.2", "<"),
            ("1.0_p10-r0", "1.0_p9-r0", ">"), ("0.1.0_alpha_pre2", "0.1.0_alpha", "<"), ("7.0.17", "7.0.174", "<"),
            ("2.2.4_git20230717-r4", "2.2.4-r4", ">"),
            // What goes on is newer than what ends, but for suffixes of what comes before a release.
            ("1.0", "1.0-r0", "<"), ("1.0-r0", "1.0-r00", "="), ("1.0_p", "1.0_p0", "<"), ("1.0_p-r1", "1.0_p0", "<"),
            ("1.0-r9", "1.0_p", "<"), ("1.0_rc", "1.0_rc0", "<"), ("1.0_rc1", "1.0-r0", "<"),
        ])
    func apk(_ a: String, _ b: String, _ expected: String) throws {
        let (x, y) = (try #require(ApkVersion(a)), try #require(ApkVersion(b)))
        #expect((x < y ? "<" : x == y ? "=" : ">") == expected)
        #expect((y < x ? "<" : x == y ? "=" : ">") == (expected == "<" ? ">" : expected == ">" ? "<" : "="))
    }

    @Test("what is no version of apk is none", arguments: ["", "1.0bc", "23_foo", "1.0-1", "v1", "1..2"])
    func noApk(_ text: String) { #expect(ApkVersion(text) == nil) }

    @Test("semantic versions order as the specification's own example does")
    func semantic() throws {
        // https://semver.org/#spec-item-11
        let order = [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
            "1.0.0", "2.0.0", "2.1.0", "2.1.1", "v10.0.0",
        ].compactMap { SemanticVersion($0) }
        #expect(order.count == 12)
        for (a, b) in zip(order, order.dropFirst()) { #expect(a < b && !(b < a), "\(a) and \(b)") }
        #expect(SemanticVersion("1.0.0+build1") == SemanticVersion("1.0.0"))
        #expect(SemanticVersion("1.x") == nil && SemanticVersion("(devel)") == nil)
    }

    @Test("versions of Python order as PEP 440's own example does")
    func python() throws {
        let order = [
            "1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2",
            "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0", "1.0+abc.5", "1.0+abc.7", "1.0+5",
            "1.0.post456.dev34", "1.0.post456", "1.0.15", "1.1.dev1", "1!0.1",
        ].compactMap { PythonVersion($0) }
        #expect(order.count == 21)
        for (a, b) in zip(order.dropFirst(), order.dropFirst(2)) { #expect(a < b && !(b < a), "\(a) and \(b)") }
        #expect(PythonVersion("1.0.0") == PythonVersion("1") && PythonVersion("1.0-RC.1") == PythonVersion("1.0rc1"))
        #expect(PythonVersion("1.0-5") == PythonVersion("1.0.post5") && PythonVersion("one") == nil)
    }
}
