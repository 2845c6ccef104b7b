import Testing
import XML

@Suite struct `Reading XML` {
    private func parse(_ text: String, _ limits: XMLReader.Limits = .init()) throws -> XMLElement {
        try XMLReader.parse(Array(text.utf8), limits: limits)
    }

    @Test func `gives elements, their text and their order`() throws {
        let root = try parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a listing -->
            <List xmlns="http://example.com/"><Name>b</Name><Item><Key>a &amp; b&#233;</Key></Item><Item><Key><![CDATA[<x>]]></Key></Item></List>
            """)
        #expect(root.name == "List")
        #expect(root["Name"]?.text == "b")
        #expect(root.all("Item").compactMap { $0["Key"]?.text } == ["a & bé", "<x>"])
        #expect(root["Nothing"] == nil)
    }

    @Test func `takes text that is longer than expat's buffers`() throws {
        let text = String(repeating: "é", count: 100_000)
        #expect(try parse("<a>\(text)</a>").text == text)
    }

    @Test(arguments: ["", "<a>", "<a></b>", "<a/><b/>", "text", "<a>&unknown;</a>", "<a \u{1}/>"])
    func `refuses what is not a document`(_ text: String) {
        #expect(throws: XMLError.self) { try parse(text) }
    }

    @Test func `says where the fault is`() {
        #expect { try parse("<a>\n</b>") } throws: { "\($0)" == "line 2: mismatched tag" }
    }

    @Test func `refuses entities that grow, before they do`() {
        let entities = (1...9).map { "<!ENTITY l\($0) \"\(String(repeating: "&l\($0 - 1);", count: 10))\">" }.joined()
        let bomb = "<!DOCTYPE a [<!ENTITY l0 \"lol\">\(entities)]><a>&l9;</a>"
        #expect { try parse(bomb) } throws: { "\($0)".contains("document type") }
    }

    @Test func `refuses entities from outside`() {
        let document = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"
        #expect { try parse(document) } throws: { "\($0)".contains("document type") }
    }

    @Test func `refuses a document beyond its limits`() {
        #expect(throws: XMLError.self) { try parse("<a><b><c/></b></a>", .init(depth: 2)) }
        #expect(throws: XMLError.self) { try parse("<a><b/><b/></a>", .init(elements: 2)) }
        #expect(throws: XMLError.self) { try parse("<aaaa/>", .init(bytes: 6)) }
        #expect(throws: Never.self) { try parse("<a><b/></a>", .init(bytes: 11, depth: 2, elements: 2)) }
    }
}
