import Secrets
import TestSupport
import Testing

struct AssignmentFormTests {
    /// How languages and formats give a name a value; `N` and `V` stand for the two.
    private static let forms = [
        "N = \"V\"", "N='V'", "N: V", "\"N\": \"V\",", "'N' => 'V',", "N := \"V\"", "export N=V", "const N = `V`;", "$N = \"V\";",
        "N ?= \"V\"",
        "String N = \"V\";", "var N string = \"V\"", "set('N', 'V')", "System.setProperty(\"N\", \"V\")", "<N>V</N>",
        "<N>\n  V\n</N>", "N = \"\"\"V\"\"\"",
        "config['N'] = 'V'", "{\\\"N\\\": \\\"V\\\"}", "N ::= \"V\"", "\"N\" \"V\"", "N = r'V'",
    ]

    @Test(
        "A token without a form of its own is found in each way that its name can be given a value",
        arguments: AssignmentFormTests.forms)
    func isFound(form: String) throws {
        let scanner = try SecretScanner(key: [1])
        let canaries = try SecretCanaries(TestEnvironment(seed: 9).environment).canaries
        var missed: [String] = []
        for canary in canaries {
            // Those that are a name and a value: `datadog_key = …`.
            let line = String(decoding: canary.content, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
            guard canary.path.hasPrefix("/srv/canary/"), let range = line.firstRange(of: "_key = ") else { continue }
            let name = String(line[..<range.lowerBound]) + "_key"
            let text = form.replacing("N", with: name).replacing("V", with: String(line[range.upperBound...]))
            let found = try scanner.findings(in: Array((text + "\n").utf8), path: "/srv/app/settings.txt")
            if !found.contains(where: { $0.rule == canary.rule.id }) { missed.append(canary.rule.id) }
        }
        #expect(missed == [])
    }
}
