import Crypto
import ImageStore
import Model
import TestSupport
import Testing

struct DirectoryPageTests {
    private let objects = MemoryObjects()

    private func entries(_ count: Int, changed: Int? = nil) throws -> [(name: Name, node: Node)] {
        try (0..<count).map { index in
            let content = FileContent(size: 1, form: .whole(SHA256.digest(of: "\(index == changed ? -1 : index)")))
            return (try #require(Name("file-\(index)")), Node(Metadata(mode: 0o644), .file(content, links: 1)))
        }
    }

    @Test(arguments: [0, 1, 32, 33, 100, 3000])
    func `a directory of any size comes back sorted`(count: Int) throws {
        let entries = try entries(count)
        let digest = try DirectoryObject.store(entries.reversed(), in: objects)
        let back = try DirectoryObject.entries(digest, in: objects)
        #expect(back.map(\.name) == entries.map(\.name).sorted())
        #expect(Dictionary(uniqueKeysWithValues: back.map { ($0.name, $0.node) }).count == count)
    }

    @Test func `one changed entry of a large directory makes two new objects`() throws {
        let before = try DirectoryObject.store(try entries(3000), in: objects)
        let count = objects.count
        let after = try DirectoryObject.store(try entries(3000, changed: 1234), in: objects)
        #expect(before != after)
        #expect(objects.count == count + 2)
    }

    @Test func `pages that are divided in another way are refused`() throws {
        let all = try entries(40).sorted { $0.name < $1.name }
        let left = try objects.put(DirectoryCoding.encode(Array(all.prefix(1))))
        let right = try objects.put(DirectoryCoding.encode(Array(all.dropFirst(1))))
        let list = DirectoryObject.encode([.init(first: all[0].name, digest: left), .init(first: all[1].name, digest: right)])
        #expect(throws: Failure.self) { try DirectoryObject.entries(try objects.put(list), in: objects) }
    }

    @Test func `a page that holds other names than its list says is refused`() throws {
        let all = try entries(40).sorted { $0.name < $1.name }
        let page = try objects.put(DirectoryCoding.encode(all))
        let other = try #require(Name("aaa"))
        let list = DirectoryObject.encode([.init(first: other, digest: page)])
        #expect(throws: Failure.self) { try DirectoryObject.entries(try objects.put(list), in: objects) }
    }

    @Test func `truncated and mutated lists of pages are refused or read, and never trap`() throws {
        let digest = try DirectoryObject.store(try entries(200), in: objects)
        let bytes = try objects.object(digest)
        for length in 0..<bytes.count {
            #expect(throws: Failure.self) {
                try DirectoryObject.entries(try objects.put(Array(bytes.prefix(length))), in: objects)
            }
        }
        for index in bytes.indices {
            var mutated = bytes
            mutated[index] ^= 0x11
            #expect(throws: Failure.self) { try DirectoryObject.entries(try objects.put(mutated), in: objects) }
        }
    }
}
