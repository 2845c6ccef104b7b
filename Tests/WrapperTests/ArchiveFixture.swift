import Archive
import Glibc
import Testing

/// A folder of its own for one test, removed at the end, and GNU tar as the second opinion.
final class ArchiveFixture {
    let folder: String

    init() throws {
        let made: String? = unsafe "/tmp/ingot-archive-XXXXXX".withCString { template in
            guard let copy = unsafe strdup(template) else { return nil }
            defer { unsafe free(copy) }
            return unsafe mkdtemp(copy).map { unsafe String(cString: $0) }
        }
        folder = try #require(made)
    }

    deinit { _ = try? Self.run("chmod -R u+rwx \(folder); rm -rf \(folder)") }

    func path(_ name: String) -> String { folder + "/" + name }

    /// Whether `program` is installed where Debian puts programs.
    static func has(_ program: String) -> Bool {
        ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].contains { unsafe access($0 + program, X_OK) == 0 }
    }

    static var hasFullDevice: Bool { unsafe access("/dev/full", W_OK) == 0 }

    /// Runs shell commands in the folder; a failure is a failure of the test. Gives standard output and standard error.
    @discardableResult
    func shell(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let (status, output) = try Self.run("cd \(folder) && export LC_ALL=C && set -e; \(script)")
        #expect(status == 0, "\(script): \(output)", sourceLocation: sourceLocation)
        return output
    }

    private static func run(_ script: String) throws -> (status: Int32, output: String) {
        guard let stream = unsafe popen("exec 2>&1; " + script, "r") else {
            throw ArchiveError(.io(errno), operation: "run sh", reason: "")
        }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, stream)
            if count == 0 { break }
            output += buffer.prefix(count)
        }
        return (unsafe pclose(stream), String(decoding: output, as: UTF8.self))
    }

    func bytes(of name: String) throws -> [UInt8] {
        let descriptor = unsafe open(path(name), O_RDONLY)
        try #require(descriptor >= 0)
        defer { _ = close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count <= 0 { return content }
            content += buffer.prefix(count)
        }
    }

    /// What GNU tar sees in an archive, names in their raw bytes.
    func listing(_ name: String) throws -> String {
        try shell("tar tvf \(name) --xattrs --xattrs-include='*' --numeric-owner --full-time --quoting-style=escape")
    }

    /// Makes `tree` with everything that a root filesystem has.
    func makeTree() throws {
        try shell(
            """
            umask 022; mkdir tree; cd tree
            printf plain > plain; chmod 640 plain; ln plain hard; ln -s ../plain soft; mkdir -m 1777 sticky
            cp /bin/true setuid; chmod 4755 setuid; mkfifo -m 600 pipe
            printf one > "$(printf 'bad\\377\\376name')"; printf two > "$(printf 'e\\314\\201nfd')"; printf three > 한글
            ln -s "$(printf 'bad\\377\\376name')" softbad; ln "$(printf 'bad\\377\\376name')" hardbad
            ln -s 한글 soft한; ln 한글 hard한
            long=$(printf 'x%.0s' $(seq 200)); mkdir $long; printf deep > $long/$(printf '한%.0s' $(seq 70))
            ln -s $long$long softlong; ln $long/$(printf '한%.0s' $(seq 70)) hardlong
            truncate -s 3M sparse; printf data | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none
            truncate -s 1M hole; printf x > tail; truncate -s 100000 tail
            touch -d '2001-02-03T04:05:06.123456789Z' plain; touch -d '1960-01-01T00:00:00Z' old
            touch -d '1960-01-01T00:00:00.25Z' oldfraction; touch -d '2300-01-01Z' late
            find . -newermt 2025-01-01 ! -newermt 2200-01-01 -exec touch -h -d '2024-05-06T07:08:09Z' {} +
            if setfattr -n user.b -v two plain 2>/dev/null; then
              setfattr -n user.a -v "$(printf 'line\\nline')" plain; setfattr -n user.eq=al%25 -v x old
            fi
            if [ $(id -u) = 0 ]; then
              mknod -m 600 null c 1 3; mknod -m 660 disk b 259 70000; chown 1234:5678 plain; chown 3000000:4000000000 late
              if command -v setcap >/dev/null; then setcap cap_net_raw+ep setuid; fi
            fi
            """)
    }

    /// Reads an archive and writes what it reads.
    func rewrite(_ source: String, to target: String, compression: ArchiveCompression = .none) throws {
        var reader = try ArchiveReader(path: path(source))
        var writer = try ArchiveWriter(path: path(target), compression: compression)
        while let entry = try reader.next() {
            try writer.add(entry)
            while let block = try reader.nextBlock() {
                try reader.withBytes { (bytes: Span<UInt8>) throws(ArchiveError) in try writer.write(bytes, at: block.offset) }
            }
        }
        try writer.finish()
    }
}

/// An entry and its content, for comparing archives.
struct ArchiveMember: Equatable {
    var entry: ArchiveEntry
    var content: [UInt8]
}

/// All of an archive.
func members(_ reader: consuming ArchiveReader) throws(ArchiveError) -> [ArchiveMember] {
    var all: [ArchiveMember] = []
    while let entry = try reader.next() {
        all.append(ArchiveMember(entry: entry, content: try reader.readAll(limit: 1 << 24)))
    }
    return all
}

/// What reading fails with, if it does.
func failure<Result>(_ body: () throws(ArchiveError) -> Result) -> ArchiveError? {
    do throws(ArchiveError) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
