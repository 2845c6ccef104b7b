import Platform
import TestSupport
import Testing

@Suite struct SecretFileTests {
    private enum Outcome: Equatable {
        case bytes([UInt8]), absent, exposed, foreign(UInt32), large(Int), system
    }

    private func read(_ path: String) -> Outcome {
        do throws(SecretFile.Problem) { return try SecretFile.read(path, limit: 8).map { .bytes($0) } ?? .absent } catch {
            switch error {
            case .system: return .system
            case .exposed: return .exposed
            case .foreign(let owner): return .foreign(owner)
            case .large(let bytes): return .large(bytes)
            }
        }
    }

    @Test("what is made is for its owner alone, and is not written over")
    func making() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/keys/a"
            #expect(read(path) == .absent)
            #expect(try SecretFile.make(path, [1, 2], token: "x"))
            #expect(try !SecretFile.make(path, [3], token: "y"))
            #expect(read(path) == .bytes([1, 2]) && Files.names(in: folder + "/keys") == ["a"])
            let modes = try [path, folder + "/keys"].map { try Files.status($0).mode & 0o777 }
            #expect(modes == [0o600, 0o700])
        }
    }

    @Test(
        "what others may read or write, a link, and what is too large are refused", arguments: ["0640", "0604", "0620", "0602"])
    func refused(_ mode: String) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            #expect(try SecretFile.make(path, [1], token: "x"))
            try Shell.run("chmod \(mode) a", in: folder)
            #expect(read(path) == .exposed)
            try Shell.run("chmod 0600 a; ln -s a b; printf 123456789 >c; chmod 0600 c", in: folder)
            #expect(read(folder + "/b") == .system && read(folder + "/c") == .large(9) && read(path) == .bytes([1]))
        }
    }

    private static let isRoot = (try? Shell.run("id -u", in: "/")) == "0\n"

    @Test(
        "what somebody else put into a folder is refused, and taken where the folder is his", .enabled(if: isRoot, "needs root"))
    func owner() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            #expect(try SecretFile.make(path, [1], token: "x"))
            try Shell.run("chown 65534 a", in: folder)
            #expect(read(path) == .foreign(65534))
            try Shell.run("chown 65534 .", in: folder)
            #expect(read(path) == .bytes([1]))
        }
    }
}
