import Crypto
import Model

/// A directory as it is stored: one object of entries or, for many entries, a list of pages.
///
///     pages  "ingot directory pages 1\n"  count  (first name  digest)*
///
/// A page is a directory object of its own, which holds the entries from its first name to the next page's. A page ends behind a name
/// whose hash says so, so that an added or changed entry touches one page and the list, however large the directory is: what a
/// change costs to store, to copy and to compare follows the change.
package enum DirectoryObject {
    /// What the object of a directory holds.
    package enum Listing {
        case entries([(name: Name, node: Node)])
        case pages([Page])
    }

    package struct Page: Hashable, Sendable {
        package let first: Name
        package let digest: Digest

        package init(first: Name, digest: Digest) {
            self.first = first
            self.digest = digest
        }
    }

    /// A directory of up to so many entries is one object.
    private static let mostUnpaged = 32
    /// One name in so many ends a page; a power of two.
    private static let averagePage: UInt64 = 16

    private static let magic = Array("ingot directory pages 1\n".utf8)

    // MARK: Writing

    /// Stores a directory; the entries may come in any order.
    package static func store(_ entries: [(name: Name, node: Node)], in writer: any ObjectWriter) throws(Failure) -> Digest {
        if entries.count <= mostUnpaged { return try writer.put(DirectoryCoding.encode(entries)) }
        var pages: [Page] = []
        var open: [(name: Name, node: Node)] = []
        for entry in entries.sorted(by: { $0.name < $1.name }) {
            open.append(entry)
            if endsPage(entry.name) { try close(&open, &pages, writer) }
        }
        try close(&open, &pages, writer)
        return try writer.put(encode(pages))
    }

    private static func close(
        _ open: inout [(name: Name, node: Node)], _ pages: inout [Page], _ writer: any ObjectWriter
    ) throws(Failure) {
        guard let first = open.first?.name else { return }
        pages.append(Page(first: first, digest: try writer.put(DirectoryCoding.encode(open))))
        open.removeAll(keepingCapacity: true)
    }

    /// FNV-1a with a last mix, of the name alone.
    private static func endsPage(_ name: Name) -> Bool {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return (hash ^ (hash >> 32)) & (averagePage - 1) == 0
    }

    package static func encode(_ pages: [Page]) -> [UInt8] {
        var writer = ByteWriter()
        writer.raw(magic)
        writer.number(UInt64(pages.count))
        for page in pages {
            writer.string(page.first.bytes)
            writer.raw(page.digest.bytes)
        }
        return writer.bytes
    }

    // MARK: Reading

    static func decode(_ bytes: [UInt8]) throws(Failure) -> Listing {
        guard var list = try pages(bytes) else { return .entries(try DirectoryCoding.decode(bytes)) }
        var pages: [Page] = []
        while try list.advance() { pages.append(try page(bytes, at: list.start)) }
        return .pages(pages)
    }

    /// The list of pages as it is stored; nil where the directory is one object.
    static func pages(_ bytes: [UInt8]) throws(Failure) -> EncodedList? {
        guard bytes.starts(with: magic) else { return nil }
        var reader = ByteReader(bytes, of: "a list of directory pages", from: magic.count)
        let count = try reader.number(Int.self)
        guard count > 0, count <= bytes.count / Digest.byteCount else { throw reader.damaged("it claims \(count) pages") }
        return EncodedList(bytes, .pages, from: reader.position, count: count)
    }

    /// The one page that begins at an offset of a list.
    static func page(_ bytes: [UInt8], at offset: Int) throws(Failure) -> Page {
        var reader = ByteReader(bytes, of: "a list of directory pages", from: offset)
        guard let name = Name(try reader.string(limit: Name.maximumLength)) else {
            throw reader.damaged("a page has no valid name")
        }
        return Page(first: name, digest: try reader.digest())
    }

    /// All entries of a directory, sorted by name.
    package static func entries(_ digest: Digest, in objects: any ObjectReader) throws(Failure) -> [(name: Name, node: Node)] {
        try expand(try decode(try objects.object(digest)), in: objects)
    }

    static func expand(_ listing: Listing, in objects: any ObjectReader) throws(Failure) -> [(name: Name, node: Node)] {
        switch listing {
        case .entries(let entries): return entries
        case .pages(let pages):
            let entries = try entries(of: pages, in: objects)
            // Without this a directory could have a second form, and with it a second digest.
            guard isCanonical(entries, pages) else {
                throw Failure(.corrupt, "a directory of \(entries.count) entries is not divided into pages as it must be")
            }
            return entries
        }
    }

    /// The entries of some pages of a directory, in their order.
    static func entries(of pages: some Sequence<Page>, in objects: any ObjectReader) throws(Failure) -> [(name: Name, node: Node)]
    {
        var all: [(name: Name, node: Node)] = []
        for page in pages {
            let entries = try entries(of: page, in: objects)
            if let last = all.last, !(last.name < page.first) { throw damaged(page) }
            all += entries
        }
        return all
    }

    static func entries(of page: Page, in objects: any ObjectReader) throws(Failure) -> [(name: Name, node: Node)] {
        let entries = try DirectoryCoding.decode(try objects.object(page.digest))
        guard entries.first?.name == page.first else { throw damaged(page) }
        return entries
    }

    static func damaged(_ page: Page) -> Failure {
        Failure(.corrupt, "the directory page \(page.digest) does not hold what its list says")
    }

    private static func isCanonical(_ entries: [(name: Name, node: Node)], _ pages: [Page]) -> Bool {
        guard entries.count > mostUnpaged else { return false }
        var starts = pages.makeIterator()
        var isStart = true
        for entry in entries {
            if isStart && starts.next()?.first != entry.name { return false }
            isStart = endsPage(entry.name)
        }
        return starts.next() == nil
    }
}
