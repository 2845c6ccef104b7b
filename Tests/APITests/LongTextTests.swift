import API
import HTTPServer
import Testing

@Suite struct LongTextTests {
    /// As a list of images is: the same elements around other values.
    private static func page(_ number: Int) -> [UInt8] {
        Array(
            (0..<4000).map { "<item><imageId>ami-\(number)-\($0)</imageId><imageState>available</imageState></item>" }.joined()
                .utf8)
    }

    @Test("a long answer holds a small part of its bytes and gives all of them back, in order")
    func packing() throws {
        var text = LongText()
        let pages = (0..<4).map { Self.page($0) }
        var whole = 0
        while whole < 150 << 20 {
            let page = pages[text.pieces.count % pages.count]
            text.append(page)
            whole += page.count
        }
        #expect(text.pieces.reduce(0) { $0 + $1.count } == whole)
        #expect(text.held < 50 << 20)
        for (number, piece) in text.pieces.enumerated() {
            let bytes = try #require(piece.bytes())
            #expect(bytes == pages[number % pages.count] && bytes.count == piece.count)
        }
    }

    @Test("a shorter one is kept as it is, and an empty piece is none")
    func short() {
        var text = LongText()
        text.append([])
        let page = Self.page(0)
        while text.pieces.count * page.count < 14 << 20 { text.append(page) }
        #expect(text.held == text.pieces.count * page.count)
        #expect(text.pieces.allSatisfy { $0.bytes() == page })
    }
}
