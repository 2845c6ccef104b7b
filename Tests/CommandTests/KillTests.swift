import FoundationEssentials
import Glibc
import Platform
import TestSupport
import Testing

/// SIGKILL at random points of the real program, which no planned fault of a test inside the process can stand for.
@Suite struct `Killed at a random point` {
    /// How many times the usual number of rounds.
    private static let factor = Killing.isThorough ? 10 : 1

    @Test("a build with a copy loses nothing, resumes, and ends as one that was not killed", arguments: 0..<5)
    func build(group: Int) throws {
        try CommandRunner.inFolder { ingot in
            let work = try BuildToKill(ingot)
            var killed = 0
            for round in 0..<(10 * Self.factor) {
                var random = SeededRandom(UInt64(group * 1000 + round))
                killed += try work.round(&random, BuildToKill.Kind.allCases[(group + round) % 3])
            }
            #expect(killed >= 5 * Self.factor, "most rounds must have met the build alive")
        }
    }

    @Test func `an import leaves nothing or an image, and works when it is repeated`() throws {
        try CommandRunner.inFolder { ingot in
            try Killing.writeData(ingot, "tree")
            try Shell.run("tar -cf tree.tar tree", in: ingot.folder)
            let killing = try Killing(ingot, ["import", "appliance", "tree.tar"])
            for round in 0..<(8 * Self.factor) {
                var random = SeededRandom(UInt64(round))
                let home = "home-\(round)"
                _ = try killing.kill(home, &random)
                try killing.expectSound(home)
                #expect(try ingot("import", "appliance", "tree.tar", "--home", home).status == 0)
                try killing.expectWhole(home, versions: 1, copies: 0)
                try Files.removeTree("\(ingot.folder)/\(home)")
            }
        }
    }

    @Test func `a copy is there whole or not at all, and works when it is repeated`() throws {
        try CommandRunner.inFolder { ingot in
            try Killing.writeData(ingot, "tree")
            #expect(try ingot("import", "appliance", "tree", "--home", "base").status == 0)
            let words = ["copy", "appliance", "--to", "eu-west-1"]
            let killing = try Killing(ingot, words, from: "base")
            for round in 0..<(8 * Self.factor) {
                var random = SeededRandom(UInt64(round))
                let home = "home-\(round)"
                try Shell.run("cp -a base \(home)", in: ingot.folder)
                _ = try killing.kill(home, &random)
                try killing.expectSound(home)
                #expect(try ingot.run(words + ["--home", home]).status == 0)
                try killing.expectWhole(home, versions: 1, copies: 1)
                try Files.removeTree("\(ingot.folder)/\(home)")
            }
        }
    }
}

/// A build of several stages, in homes that differ in how far they are.
private struct BuildToKill {
    enum Kind: CaseIterable {
        /// Nothing is there.
        case empty
        /// Nothing is there, and the builds that resume are killed too.
        case again
        /// The version before is there.
        case second
    }

    let ingot: CommandRunner
    let killing: Killing
    /// The roots of the two versions, of builds that were not killed.
    let roots: [String]

    init(_ ingot: CommandRunner) throws {
        self.ingot = ingot
        try Killing.writeData(ingot, "recipes/data")
        try ingot.write(
            "pipelines/killed.yaml", "name: killed\nrecipe: killed\nregion: us-east-1\ndistribution: [{region: us-west-2}]\n")
        try Self.writeRecipe(ingot, motd: "one")
        killing = try Killing(ingot, ["build", "killed"])
        #expect(try ingot("build", "killed", "--home", "base").status == 0)
        let first = try Killing.story(ingot, "base", "killed").image.rootDigest
        try Shell.run("cp -a base reference", in: ingot.folder)
        try Self.writeRecipe(ingot, motd: "two")
        #expect(try ingot("build", "killed", "--home", "reference").status == 0)
        roots = [first, try Killing.story(ingot, "reference", "killed").image.rootDigest]
        #expect(roots[0] != roots[1])
    }

    private static func writeRecipe(_ ingot: CommandRunner, motd: String) throws {
        try ingot.write(
            "recipes/killed.yaml",
            """
            name: killed
            version: 1.0.x
            parentImage: scratch
            sourceDate: 2026-01-01
            stages:
              - files:
                  - write: {path: /etc/passwd, text: "root:x:0:0::/root:/bin/sh\\n"}
                  - write: {path: /etc/machine-id, text: "0123456789abcdef0123456789abcdef\\n"}
                  - write: {path: /root/.bash_history, text: "secret\\n"}
              - files: [{copy: {from: data, to: /srv/data}}]
              - files: [{write: {path: /etc/motd, text: "\(motd)\\n"}}]
              - scrub
              - validate: {files: [{path: /root/.bash_history, exists: false}]}

            """)
        let profile = "recipes/profiles/scrub-standard.yaml"
        let root = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))
        try ingot.write(profile, String(decoding: try Files.read("\(root)/\(profile)"), as: UTF8.self))
    }

    /// - Returns: how many builds were met alive.
    func round(_ random: inout SeededRandom, _ kind: Kind) throws -> Int {
        let home = "home"
        defer { try? Files.removeTree("\(ingot.folder)/\(home)") }
        if kind == .second { try Shell.run("cp -a base \(home)", in: ingot.folder) }
        var killed = 0
        for _ in 0..<(kind == .again ? 1 + random.below(3) : 1) { killed += try killing.kill(home, &random) ? 1 : 0 }
        try killing.expectSound(home)
        let build = try ingot("build", "killed", "--home", home)
        #expect(build.status == 0, "\(build.error)")
        try killing.expectWhole(home, versions: kind == .second ? 2 : 1, copies: kind == .second ? 2 : 1)
        let story = try Killing.story(ingot, home, "killed")
        #expect(story.image.rootDigest == roots[1])
        #expect(story.copies.map(\.rootDigest) == [roots[1]] && story.copies.map(\.region) == ["us-west-2"])
        return killed
    }
}

/// One command that is killed again and again.
struct Killing {
    struct Image: Decodable {
        let rootDigest: String
        let region: String
    }

    struct Story: Decodable {
        let image: Image
        let copies: [Image]
    }

    private struct List: Decodable {
        struct Image: Decodable {
            let state: String
            let source: String?

            private enum CodingKeys: String, CodingKey {
                case state = "State"
                case source = "SourceImageId"
            }
        }

        let images: [Image]

        private enum CodingKeys: String, CodingKey {
            case images = "Images"
        }
    }

    static var isThorough: Bool { unsafe getenv("INGOT_SLOW_TESTS") != nil }

    let ingot: CommandRunner
    private let words: [String]
    /// What the command takes when it is left alone.
    private let usual: Length

    /// A time in microseconds that is learnt anew: on a machine with other work, a first measurement may be far too long.
    private final class Length {
        var microseconds: Int
        init(_ microseconds: Int) { self.microseconds = microseconds }
    }

    /// Runs the command once to its end, to know how long it takes, in a home like `from` or in none.
    init(_ ingot: CommandRunner, _ words: [String], from: String? = nil) throws {
        self.ingot = ingot
        self.words = words
        if let from { try Shell.run("cp -a \(from) timed", in: ingot.folder) }
        let clock = ContinuousClock()
        var status: Int32 = 0
        let time = try clock.measure { status = try ingot.run(words + ["--home", "timed"]).status }
        #expect(status == 0)
        usual = Length(Int(time / .microseconds(1)))
        try Files.removeTree(ingot.folder + "/timed")
    }

    /// Many small files, and some of 1 MiB that are split into chunks, of bytes that do not compress.
    static func writeData(_ ingot: CommandRunner, _ folder: String, large: [String] = ["a", "b"]) throws {
        var random = SeededRandom(7)
        try Files.makeFolders("\(ingot.folder)/\(folder)/small")
        for number in 0..<40 {
            try FileDescriptor.open("\(ingot.folder)/\(folder)/small/\(number)", .create).write(random.bytes(2000 + 50 * number))
        }
        for name in large {
            try FileDescriptor.open("\(ingot.folder)/\(folder)/\(name)", .create).write(random.bytes(1 << 20))
        }
    }

    static func story(_ ingot: CommandRunner, _ home: String, _ image: String) throws -> Story {
        try ingot("show", image, "-o", "json", "--home", home, "--region", "us-east-1").json()
    }

    /// Starts the command and kills it at a random point. Whether it was still alive then.
    func kill(_ home: String, _ random: inout SeededRandom) throws -> Bool {
        let point = random.below(usual.microseconds)
        let seconds = "\(point / 1_000_000).\(String(1_000_000 + point % 1_000_000).dropFirst())"
        // The shell waits, so that the process is gone before the next command looks.
        let script = "\"$0\" \"$@\" > .out 2> .err & sleep \(seconds); kill -KILL $!; wait $!"
        let result = try ingot.shell(script, words + ["--home", home])
        #expect(result.status == 0 || result.status == 137, "\(result.error)")
        let wasAlive = result.status == 137
        if !wasAlive { usual.microseconds = max(10_000, point) }
        return wasAlive
    }

    /// What must hold right after a kill, before anything is mended.
    func expectSound(_ home: String) throws {
        // Killed before it had made the ledger, there is no workspace.
        guard Files.exists("\(ingot.folder)/\(home)/ledger.db") else { return }
        let check = try ingot("check", "--home", home)
        #expect(check.status == 0, "\(check.output)\(check.error)")
        let images: List = try ingot("images", "-o", "json", "--home", home).json()
        #expect(images.images.allSatisfy { $0.state == "available" })
    }

    /// What must hold after the command has run to its end.
    func expectWhole(_ home: String, versions: Int, copies: Int) throws {
        let images: List = try ingot("images", "--all", "-o", "json", "--home", home).json()
        #expect(images.images.allSatisfy { $0.state == "available" })
        #expect(images.images.count { $0.source == nil } == versions)
        #expect(images.images.count { $0.source != nil } == copies)
        let check = try ingot("check", "--home", home)
        #expect(check.status == 0 && !check.output.contains("damaged"), "\(check.output)\(check.error)")
    }
}
