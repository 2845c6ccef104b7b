import Crypto
import FoundationEssentials
import Recipes
import Testing
import YAML

private func value(_ text: String) throws -> CanonicalValue { CanonicalValue(try YAMLParser.parse(Array(text.utf8))) }

@Suite("Canonical values")
struct CanonicalValueTests {
    @Test("comments, quotes, order of keys, anchors and formatting do not matter")
    func reformatting() throws {
        let one = try value("{profile: standard, except: [{rule: a, because: \"b c\"}], n: 4}")
        let other = try value(
            """
            # a comment
            n: "4"
            except:
              - because: &x b c   # why
                rule: 'a'
            "profile":
              standard
            """)
        #expect(one == other)
        #expect(one.canonicalBytes == other.canonicalBytes)
        #expect(one.digest == other.digest)
    }

    @Test(
        "different values have different bytes",
        arguments: [
            ("a", "b"), ("[a, b]", "[b, a]"), ("[a, b]", "[ab]"), ("[[a], b]", "[[a, b]]"), ("{a: b}", "[a, b]"), ("[]", "{}"),
            ("[]", "''"), ("null", "'null'"), ("null", "''"), ("{a: ''}", "{a: }"), ("{a: {b: c}}", "{a: b, c: ''}"),
            ("014", "14"), ("[\"a\", \"T\"]", "[\"aT\"]"), ("{a: b, c: d}", "{a: d, c: b}"),
        ])
    func different(one: String, other: String) throws {
        #expect(try value(one).canonicalBytes != value(other).canonicalBytes)
        #expect(try value(one) != value(other))
    }

    @Test("the bytes are a letter, a length in 8 bytes and the contents, keys in the order of their bytes")
    func bytes() throws {
        let length = { (count: UInt8) -> [UInt8] in [0, 0, 0, 0, 0, 0, 0, count] }
        let expected =
            Array("ingot.value.1\0M".utf8) + length(2) + length(1) + Array("Z".utf8) + Array("L".utf8) + length(2)
            + Array("T".utf8)
            + length(2) + Array("xyN".utf8) + length(1) + Array("aT".utf8) + length(0)
        #expect(try value("{a: '', Z: [xy, ~]}").canonicalBytes == expected)
    }

    @Test("flattened, every text has its path")
    func flattened() throws {
        let flat = try value("{profile: {except: [{rule: x}, y]}, tags: {a.b: c}, none: , list: [], map: {}}").flattened()
        #expect(
            flat.map { "\($0.path)=\($0.value)" } == [
                "list=[]", "map={}", "none=null", "profile.except[0].rule=x", "profile.except[1]=y", "tags[\"a.b\"]=c",
            ])
        #expect(try value("standard").flattened().map(\.path) == [""])
    }

    @Test("changes say what became different, by path")
    func changes() throws {
        let old = try value("{profile: {except: [{rule: x}]}, mode: safe, gone: 1}")
        let new = try value("{profile: {except: [{rule: y}]}, mode: safe, added: 2}")
        let changes = new.changes(since: old).map { "\($0.path): \($0.old ?? "-") to \($0.new ?? "-")" }
        #expect(changes == ["gone: 1 to -", "profile.except[0].rule: x to y", "added: - to 2"])
        #expect(new.changes(since: new).isEmpty)
    }

    @Test("as JSON it comes back equal", arguments: ["{a: [x, ~, {b: ''}], c: null}", "text", "[]", "~"])
    func json(text: String) throws {
        let value = try value(text)
        let encoded = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(CanonicalValue.self, from: encoded) == value)
    }
}
