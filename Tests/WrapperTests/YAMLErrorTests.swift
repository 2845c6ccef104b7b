import Testing
import YAML

private func error(_ text: String, _ limits: YAMLParser.Limits = .init()) -> String { error(Array(text.utf8), limits) }

private func error(_ bytes: [UInt8], _ limits: YAMLParser.Limits = .init()) -> String {
    do throws(YAMLError) {
        _ = try YAMLParser.parse(bytes, limits: limits)
        return "no error"
    } catch {
        return error.description
    }
}

@Suite("YAML: what is refused")
struct YAMLErrorTests {
    @Test("a duplicate key names both places")
    func duplicateKey() {
        #expect(error("a: 1\nb: 2\na: 3\n") == "3:1: duplicate key 'a', first written at line 1, column 1")
        #expect(error("x: {k: 1, \"k\": 2}") == "1:11: duplicate key 'k', first written at line 1, column 5")
    }

    @Test("the same key in two mappings is no duplicate")
    func sameKeyElsewhere() { #expect(error("a: {k: 1}\nb: {k: 2, a: 3}") == "no error") }

    @Test("a tag is refused, also one of the core schema", arguments: ["!secret x", "!!binary x", "!!str x", "! x"])
    func tag(text: String) {
        let written = text.prefix { $0 != " " }
        #expect(error("a: " + text) == "1:4: tags ('\(written)') are not supported")
    }

    @Test("a tag on a list, a mapping or a key is refused")
    func tagOnCollection() {
        #expect(error("!x [a]") == "1:1: tags ('!x') are not supported")
        #expect(error("!x {a: b}") == "1:1: tags ('!x') are not supported")
        #expect(error("{!x a: b}") == "1:2: tags ('!x') are not supported")
    }

    @Test("a merge key is refused, a quoted << is a key")
    func mergeKey() {
        #expect(error("a: &a {k: v}\nb:\n  <<: *a\n") == "3:3: merge keys ('<<') are not supported")
        #expect(error("'<<': 1") == "no error")
    }

    @Test("a key that is a list or a mapping is refused")
    func complexKey() {
        #expect(error("? [a]\n: b") == "1:3: a key must be text, this is a list")
        #expect(error("{{a: b}: c}") == "1:2: a key must be text, this is a mapping")
    }

    @Test("several such errors are all reported, in one reading")
    func allAtOnce() throws {
        var messages: [String] = []
        let text = "a: !x 1\na: 2\n<<: 3\nb: 4\n"
        let node = try YAMLParser.parse(Array(text.utf8)) { messages.append($0.description) }
        #expect(
            messages == [
                "1:4: tags ('!x') are not supported",
                "2:1: duplicate key 'a', first written at line 1, column 1",
                "3:1: merge keys ('<<') are not supported",
            ])
        #expect(node["b"]?.text == "4")
    }

    @Test("what was found before the reading ends is reported too")
    func reportedBeforeTheEnd() {
        var messages: [String] = []
        #expect(throws: YAMLError.self) {
            try YAMLParser.parse(Array("a: 1\na: 2\nb: [".utf8)) { messages.append($0.message) }
        }
        #expect(messages == ["duplicate key 'a', first written at line 1, column 1"])
    }

    @Test("a second document is refused where it starts")
    func twoDocuments() {
        #expect(error("a: 1\n---\nb: 2\n") == "2:1: a second document starts here")
        #expect(error("a: 1\n...\n---\n") == "3:1: a second document starts here")
    }

    @Test("a document without content is refused", arguments: ["", "\n", "# only a comment\n"])
    func empty(text: String) { #expect(error(text) == "1:1: the document is empty") }

    @Test("bytes that are not UTF-8 are refused with their place")
    func notUTF8() {
        #expect(error(Array("a: b\nc: ".utf8) + [0xFF, 0x0A]) == "2:4: the bytes here are not UTF-8")
        #expect(error(Array("a: ".utf8) + [0xC0, 0xAF]) == "1:4: the bytes here are not UTF-8")
        #expect(error([0xED, 0xA0, 0x80]) == "1:1: the bytes here are not UTF-8")
    }

    @Test("UTF-16 is refused by its name")
    func utf16() {
        #expect(error([0xFF, 0xFE, 0x61, 0x00]) == "1:1: the document is UTF-16")
        #expect(error([0xFE, 0xFF, 0x00, 0x61]) == "1:1: the document is UTF-16")
    }

    @Test("a control character is refused with its place")
    func controlCharacter() { #expect(error("é: 1\nb: \u{7}\n") == "2:4: control characters are not allowed") }

    @Test(
        "a syntax error has the place that libyaml names",
        arguments: [
            ("a: b: c", "1:5: mapping values are not allowed in this context"),
            ("a: [1, 2", "1:9: while parsing a flow sequence: did not find expected ',' or ']'"),
            ("é: 1\n\tb: 2", "2:1: while scanning a plain scalar: found a tab character that violates indentation"),
            ("a: 'x", "1:6: while scanning a quoted scalar: found unexpected end of stream"),
            ("%YAML 3.0\n---\na", "1:1: found incompatible YAML document"),
        ])
    func syntax(text: String, message: String) { #expect(error(text) == message) }
}

@Suite("YAML: limits")
struct YAMLLimitTests {
    @Test("a document of the most bytes is read, one byte more is refused")
    func bytes() {
        let limits = YAMLParser.Limits(bytes: 8)
        #expect(error("a: 12345", limits) == "no error")
        #expect(error("a: 123456", limits) == "1:1: the document has 9 bytes, the limit is 8")
    }

    @Test("the deepest nesting is read, one level more is refused")
    func depth() {
        let nested = { (levels: Int) in String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
        #expect(error(nested(64)) == "no error")
        #expect(error(nested(65)) == "1:65: lists and mappings stand more than 64 deep in each other")
        #expect(error(nested(50_000)) == "1:65: lists and mappings stand more than 64 deep in each other")
    }

    @Test("an alias cannot nest deeper than what is written out")
    func depthThroughAliases() {
        let limits = YAMLParser.Limits(depth: 4)
        #expect(error("[&a [[1]], [[2]], [*a]]", limits) == "no error")
        #expect(error("[&a [[1]], [[*a]]]", limits) == "1:14: lists and mappings stand more than 4 deep in each other")
        #expect(error("[&a [[1], 2], [[*a]]]", limits) == "1:17: lists and mappings stand more than 4 deep in each other")
        #expect(error("[&a [[1]], &b [*a], [*b]]", limits) == "1:22: lists and mappings stand more than 4 deep in each other")
    }

    @Test("as many aliases as the limit are read, one more is refused")
    func aliases() {
        let text = { (count: Int) in "[&a x" + String(repeating: ", *a", count: count) + "]" }
        #expect(error(text(100)) == "no error")
        #expect(error(text(101)) == "1:408: more than 100 aliases")
    }

    @Test("nodes are counted with aliases expanded")
    func nodes() {
        // The list, its three elements, and the three texts in the first of them, twice.
        let text = "[&a [x, y], *a]"
        #expect(error(text, YAMLParser.Limits(nodes: 7)) == "no error")
        #expect(error(text, YAMLParser.Limits(nodes: 6)) == "1:13: the document has more than 6 values, aliases expanded")
    }

    @Test("a document of ten aliases a level is refused long before it is expanded")
    func bomb() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(error(text) == "5:45: the document has more than 100000 values, aliases expanded")
    }

    @Test("an alias within what it names is refused")
    func recursion() {
        #expect(error("&a [*a]") == "1:5: the alias '*a' stands within what it names")
        #expect(error("a: &a\n  b: {c: *a}") == "2:10: the alias '*a' stands within what it names")
    }

    @Test("an alias without an anchor is refused")
    func unknownAnchor() { #expect(error("a: *b") == "1:4: the alias '*b' names no anchor above it") }
}
