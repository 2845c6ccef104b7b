import Guest
import Model
import Platform
import TestSupport
import Testing
import Vulnerabilities

@Suite struct OSVMatchTests {
    /// The algorithm of https://ossf.github.io/osv-schema/#evaluation, over versions that are single numbers.
    private static let reference = """
        import json, sys
        def before_limits(v, events):
            limits = [e['limit'] for e in events if 'limit' in e]
            return not limits or any(l == '*' or v < int(l) for l in limits)
        def included(v, ranges):
            for events in ranges:
                if not before_limits(v, events): continue
                vulnerable = False
                order = {'fixed': 0, 'introduced': 1, 'last_affected': 2, 'limit': 3}
                def key(e):
                    kind, version = next(iter(e.items()))
                    return (-1 if version == '0' else 10**9 if version == '*' else int(version), order[kind])
                for e in sorted(events, key=key):
                    if 'introduced' in e and (e['introduced'] == '0' or v >= int(e['introduced'])): vulnerable = True
                    elif 'fixed' in e and v >= int(e['fixed']): vulnerable = False
                    elif 'last_affected' in e and v > int(e['last_affected']): vulnerable = False
                if vulnerable: return True
            return False
        for line in open('cases'):
            case = json.loads(line)
            v = case['v']
            print('affected' if str(v) in case['versions'] or included(v, case['ranges']) else 'not')
        """

    @Test("5000 generated ranges match as the schema's own algorithm says", .enabled(if: Shell.has("python3"), "needs python3"))
    func oracle() throws {
        var random = SeededRandom(17)
        var cases: [(version: Int, versions: [String], ranges: [[OSVMatch.Event]])] = []
        for _ in 0..<5000 {
            let ranges = (0..<Int.random(in: 1...2, using: &random)).map { _ in
                (0..<Int.random(in: 1...5, using: &random)).map { index -> OSVMatch.Event in
                    let version = String(Int.random(in: 1...12, using: &random))
                    return switch index == 0 ? 0 : Int.random(in: 0...9, using: &random) {
                    case 0...3: .introduced(Bool.random(using: &random) ? "0" : version)
                    case 4...6: .fixed(version)
                    case 7...8: .lastAffected(version)
                    default: .limit(Bool.random(using: &random) ? "*" : version)
                    }
                }
            }
            let versions = (0..<Int.random(in: 0...2, using: &random)).map { _ in String(Int.random(in: 1...12, using: &random)) }
            cases.append((Int.random(in: 1...12, using: &random), versions, ranges))
        }
        try withTemporaryFolder { folder in
            let lines = cases.map {
                "{\"v\": \($0.version), \"versions\": \(quoted($0.versions)), \"ranges\": \(shown($0.ranges))}\n"
            }
            try Files.writeDurably("\(folder)/cases", Array(lines.joined().utf8))
            try Files.writeDurably("\(folder)/reference.py", Array(Self.reference.utf8))
            let answers = try Shell.run("python3 reference.py", in: folder).split(separator: "\n")
            try #require(answers.count == cases.count)
            for (order, answer) in [(VersionOrder.dpkg, answers), (.semantic, answers), (.rpm, answers)] {
                for (test, expected) in zip(cases, answer) {
                    let verdict = OSVMatch.verdict(
                        of: String(test.version), versions: test.versions, ranges: test.ranges, order: order)
                    let isAffected = if case .affected = verdict { true } else { false }
                    #expect(isAffected == (expected == "affected"), "\(test)")
                }
            }
        }
    }

    private func quoted(_ texts: [String]) -> String { "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]" }

    private func shown(_ ranges: [[OSVMatch.Event]]) -> String {
        let lists = ranges.map { events in
            let shown = events.map { event in
                switch event {
                case .introduced(let version): "{\"introduced\":\"\(version)\"}"
                case .fixed(let version): "{\"fixed\":\"\(version)\"}"
                case .lastAffected(let version): "{\"last_affected\":\"\(version)\"}"
                case .limit(let version): "{\"limit\":\"\(version)\"}"
                }
            }
            return "[" + shown.joined(separator: ",") + "]"
        }
        return "[" + lists.joined(separator: ",") + "]"
    }

    @Test("a version without a place in the order is decided by the list of versions alone")
    func unknown() {
        let ranges: [[OSVMatch.Event]] = [[.introduced("0"), .fixed("1.2")]]
        #expect(OSVMatch.verdict(of: "(devel)", versions: [], ranges: ranges, order: .semantic) == .unknown)
        #expect(
            OSVMatch.verdict(of: "(devel)", versions: ["(devel)"], ranges: ranges, order: .semantic) == .affected(fixedIn: nil))
        #expect(OSVMatch.verdict(of: "1.1", versions: [], ranges: ranges, order: nil) == .unknown)
        #expect(OSVMatch.verdict(of: "1.1", versions: [], ranges: ranges, order: .semantic) == .affected(fixedIn: "1.2"))
    }
}
