import Testing
import YAML

private func parse(_ text: String) throws(YAMLError) -> Node { try YAMLParser.parse(Array(text.utf8)) }

@Suite("YAML: trees and marks")
struct YAMLParserTests {
    @Test("scalars keep their source text and their style")
    func scalars() throws {
        let node = try parse("- 0644\n- 'it''s'\n- \"a\\tb\"\n- |\n  x\n- >\n  y\n")
        let shown = try #require(node.elements).map { node in
            guard case .scalar(let text, let style) = node.content else { return "not a scalar" }
            return "\(text) \(style)"
        }
        #expect(shown == ["0644 plain", "it's singleQuoted", "a\tb doubleQuoted", "x\n literal", "y\n folded"])
    }

    @Test("mappings keep the document's order")
    func order() throws {
        let pairs = try #require(try parse("b: 1\na: 2\nc: 3").pairs)
        #expect(pairs.map { $0.key.text } == ["b", "a", "c"])
    }

    @Test("a mark counts lines and columns from 1, columns in characters, offsets in bytes")
    func marks() throws {
        let node = try parse("설명: 웹\nb: [x, é, y]\n")
        let pairs = try #require(node.pairs)
        #expect(pairs[0].key.mark == Mark(line: 1, column: 1, offset: 0))
        #expect(pairs[0].value.mark == Mark(line: 1, column: 5, offset: 8))
        let elements = try #require(pairs[1].value.elements)
        #expect(pairs[1].value.mark == Mark(line: 2, column: 4, offset: 15))
        #expect(elements.map(\.mark.column) == [5, 8, 11])
        #expect(elements.map(\.mark.offset) == [16, 19, 23])
    }

    @Test("a byte order mark belongs to no column")
    func byteOrderMark() throws {
        let node = try parse("\u{FEFF}a: b\n")
        let pair = try #require(node.pairs?.first)
        #expect(pair.key.text == "a")
        #expect(pair.key.mark == Mark(line: 1, column: 1, offset: 3))
        #expect(pair.value.mark == Mark(line: 1, column: 4, offset: 6))
    }

    @Test("after a byte order mark the first line is not indented")
    func byteOrderMarkAndIndentation() throws {
        let pairs = try #require(try parse("\u{FEFF}a: b\nc: d\n").pairs)
        #expect(pairs.map { $0.key.mark } == [Mark(line: 1, column: 1, offset: 3), Mark(line: 2, column: 1, offset: 8)])
        #expect(throws: YAMLError("control characters are not allowed", at: Mark(line: 1, column: 4, offset: 6))) {
            try parse("\u{FEFF}a: \u{7}")
        }
    }

    @Test("lines may end with CR LF and CR", arguments: ["a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r"])
    func lineEnds(text: String) throws {
        let pairs = try #require(try parse(text).pairs)
        #expect(pairs.map { $0.key.mark.line } == [1, 2])
        #expect(SourceText(Array(text.utf8)).line(2) == "b: 2")
    }

    @Test("an alias stands for what its anchor names, at its own place")
    func alias() throws {
        let node = try parse("a: &x {k: v}\nb: *x\n")
        #expect(node["b"]?["k"]?.text == "v")
        #expect(node["b"]?.mark == Mark(line: 2, column: 4, offset: 16))
    }

    @Test("an anchor that is given again counts from there")
    func anchorAgain() throws {
        let node = try parse("[&a 1, *a, &a 2, *a]")
        #expect(node.elements?.map(\.text) == ["1", "1", "2", "2"])
    }

    @Test("a NUL in a quoted scalar is part of its text")
    func nul() throws { #expect(try parse("\"a\\0b\"").text == "a\0b") }

    @Test("the document may name YAML 1.1 or 1.2 and end with three dots", arguments: ["1.1", "1.2"])
    func directive(version: String) throws { #expect(try parse("%YAML \(version)\n---\na\n...\n").text == "a") }
}

@Suite("YAML: typed reads by the core schema")
struct YAMLTypedReadTests {
    @Test(
        "only plain true and false are booleans",
        arguments: ["yes", "no", "on", "off", "True", "FALSE", "y", "'true'", "\"false\""])
    func notBoolean(text: String) throws { #expect(try parse(text).boolean == nil) }

    @Test("plain true and false are booleans")
    func boolean() throws {
        #expect(try parse("true").boolean == true)
        #expect(try parse("false").boolean == false)
    }

    @Test("nothing is null, ~ and an empty plain value", arguments: ["a: null", "a: ~", "a:", "a: # comment"])
    func null(text: String) throws { #expect(try parse(text)["a"]?.isNull == true) }

    @Test("quoted and other words are not null", arguments: ["a: ''", "a: 'null'", "a: Null", "a: none", "a: []"])
    func notNull(text: String) throws { #expect(try parse(text)["a"]?.isNull == false) }

    @Test("plain decimals are integers", arguments: [("0", 0), ("8", 8), ("-12", -12), ("16000", 16000)])
    func integer(text: String, value: Int) throws { #expect(try parse(text).integer == value) }

    @Test(
        "what looks like a number to other readers is text",
        arguments: ["014", "0x10", "0o14", "1_000", "1e3", "+5", "12:30:45", "'8'", "-0", "99999999999999999999", "1.0", "١"])
    func notInteger(text: String) throws { #expect(try parse(text).integer == nil) }

    @Test("a node says what it is")
    func kind() throws {
        let nodes = try #require(try parse("[a, 1, true, ~, [], {}]").elements)
        #expect(nodes.map(\.kind) == ["text", "a number", "true or false", "nothing", "a list", "a mapping"])
    }
}
