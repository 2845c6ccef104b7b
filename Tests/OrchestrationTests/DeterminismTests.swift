import Cloud
import Crypto
import Glibc
import Ledger
import Model
import Orchestration
import Platform
import TestSupport
import Testing

@Suite(.serialized) struct DeterminismTests {
    static let stages = """
        - files: [{copy: {from: site, to: /var/www}}, {write: {path: /etc/name, text: web}}, {symlink: {path: /www, target: var/www}}]
        - validate: {files: [{path: /etc/name, contains: web}]}
        """

    private func root(seed: UInt64, at start: Int64, home: String, order: [String]) throws -> Digest? {
        try withTemporaryFolder { folder in
            let fixture = Fixture(folder: folder, test: TestEnvironment(seed: seed, at: Instant(seconds: start)))
            for name in order { try fixture.write("recipes/site/\(name)", "page \(name)\n", permissions: 0o640) }
            try fixture.recipe(Self.stages)
            try fixture.pipeline()
            return try fixture.build(in: try fixture.workspace(home: folder + "/" + home)).sealed.image.root
        }
    }

    @Test("the same recipe gives the same tree in other folders, at other times, with other randomness, umask, zone and locale")
    func sameEverywhere() throws {
        let names = (1...20).map { "\($0).html" }
        let first = try root(seed: 1, at: 1_700_000_000, home: "home", order: names)
        let mask = umask(0o077)
        unsafe setenv("TZ", "Asia/Seoul", 1)
        unsafe setenv("LC_ALL", "tr_TR.UTF-8", 1)
        tzset()
        defer {
            umask(mask)
            unsafe unsetenv("TZ")
            unsafe unsetenv("LC_ALL")
            tzset()
        }
        let second = try root(seed: 99, at: 1_900_000_000, home: "elsewhere/deep/home", order: names.reversed())
        #expect(first != nil && first == second)
    }
}
