import Model
import Testing

private func versions(_ texts: [String]) throws -> [ImageVersion] { try texts.map { try ImageVersion(parsing: $0) } }

@Suite struct `Image versions` {
    @Test("versions order by number, node by node, the build last")
    func order() throws {
        let sorted = try versions(["0.9.12/1", "1.2.3/1", "1.2.3/2", "1.2.3/10", "1.2.10/1", "1.10.0/1", "10.0.0/1"])
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test("the text comes back, without leading zeros")
    func text() throws {
        #expect(try ImageVersion(parsing: "1.4.2/3").description == "1.4.2/3")
        #expect(try ImageVersion(parsing: "2021.01.01/1").semantic == "2021.1.1")
        #expect(try ImageVersion(parsing: "0.0.1073741823/1073741823").patch == 1_073_741_823)
    }

    @Test(
        "what is no version is refused",
        arguments: [
            "", "1.4.2", "1.4/1", "1.4.2.1/1", "1.4.x/1", "1.4.2/0", "1.4.2/", "1.4.2/1/2", "-1.4.2/1", "1.4.1073741824/1",
            "1..2/1",
            "1.4.2/1073741824", "v1.4.2/1", " 1.4.2/1", "1.4.99999999999999999999/1", "+1.4.2/1",
        ])
    func refused(_ text: String) {
        #expect(throws: Failure.self) { try ImageVersion(parsing: text) }
    }
}

@Suite struct `Recipe versions` {
    @Test(
        "the next version follows those that exist",
        arguments: [
            // Written out: the build counts.
            ("1.4.2", [], "1.4.2/1"),
            ("1.4.2", ["1.4.2/1", "1.4.2/2", "1.4.3/9"], "1.4.2/3"),
            ("1.4.2", ["1.4.1/5", "2.0.0/1"], "1.4.2/1"),
            // One x: that node counts, from 0.
            ("1.4.x", [], "1.4.0/1"),
            ("1.4.x", ["1.4.0/1"], "1.4.1/1"),
            ("1.4.x", ["1.4.9/1", "1.4.10/3", "1.5.99/1", "2.0.0/1"], "1.4.11/1"),
            ("1.x.0", ["1.6.8/1", "2.9.0/1"], "1.7.0/1"),
            ("1.x.5", ["1.6.8/1"], "1.7.5/1"),
            ("x.0.0", ["1.6.8/1", "2.0.1/1"], "3.0.0/1"),
            ("x.0.0", [], "0.0.0/1"),
        ] as [(String, [String], String)])
    func next(_ pattern: String, _ existing: [String], _ expected: String) throws {
        let pattern = try VersionPattern(parsing: pattern)
        #expect(try pattern.next(after: versions(existing)).description == expected)
        #expect(try VersionPattern(parsing: pattern.description) == pattern)
    }

    @Test("the next version is above all that it counts on, and none of those that exist")
    func above() throws {
        var existing: [ImageVersion] = []
        for text in ["1.4.x", "1.x.0", "1.4.x", "1.4.2", "1.4.2", "x.1.1", "1.4.x", "x.0.0", "1.4.2", "2.x.0"] {
            let next = try VersionPattern(parsing: text).next(after: existing)
            #expect(!existing.contains(next))
            existing.append(next)
        }
        #expect(
            existing.map(\.description)
                == ["1.4.0/1", "1.5.0/1", "1.4.1/1", "1.4.2/1", "1.4.2/2", "2.1.1/1", "1.4.3/1", "3.0.0/1", "1.4.2/3", "2.2.0/1"])
    }

    @Test(
        "more than one x is refused, and so is a build number",
        arguments: ["x.x.x", "1.x.x", "x.2.x", "1.4.2/1", "1.4.x/1", "1.x", "1.4.X", "1.4.*"])
    func refused(_ text: String) {
        #expect(throws: Failure.self) { try VersionPattern(parsing: text) }
    }

    @Test("a node at its highest number has no next", arguments: [("1.4.x", "1.4.1073741823/1"), ("1.4.2", "1.4.2/1073741823")])
    func exhausted(_ pattern: String, _ existing: String) throws {
        let pattern = try VersionPattern(parsing: pattern)
        let existing = try versions([existing])
        let error = #expect(throws: Failure.self) { try pattern.next(after: existing) }
        #expect(error?.code == .exhausted)
    }
}

@Suite struct `Version selectors` {
    @Test(
        "a selector means the highest version that matches",
        arguments: [
            // The first three are Image Builder's documented example.
            ("x.x.x", "2.2.4/1"), ("1.x.x", "1.7.8/2"), ("1.6.x", "1.6.8/1"), ("1.7.8", "1.7.8/2"), ("1.7.8/1", "1.7.8/1"),
            ("3.x.x", nil),
            ("1.7.8/3", nil), ("1.5.x", nil),
        ] as [(String, String?)])
    func resolve(_ text: String, _ expected: String?) throws {
        let selector = try VersionSelector(parsing: text)
        let existing = try versions(["1.6.8/1", "1.7.8/2", "2.2.4/1", "1.7.8/1"])
        #expect(selector.resolve(among: existing)?.description == expected)
        #expect(selector.description == text)
    }

    @Test(
        "a number right of an x is refused, as Image Builder does",
        arguments: ["x.2.x", "1.x.8", "x.x.1", "x.x.x/1", "1.6.x/2", "1.6", "latest", ""])
    func refused(_ text: String) {
        #expect(throws: Failure.self) { try VersionSelector(parsing: text) }
    }

    @Test("a selector is written as it is read")
    func text() throws {
        #expect(VersionSelector.any.description == "x.x.x")
        let version = try ImageVersion(parsing: "1.2.3/4")
        #expect(VersionSelector(version).description == "1.2.3/4")
    }
}
