import Crypto
import Guest
import ImageStore
import Model
import Testing

/// The same questions to every operation of the shipped profile.
@Suite struct ScrubOperationTests {
    static let plants = (try? ScrubFixture.profile().operations.map { ScrubPlant(operation: $0) }) ?? []

    /// Everything optional runs, so that no operation is left out of the tests.
    static let all = ScrubOptions(also: plants.map(\.operation.id))

    @Test("the shipped profile is read, and all its groups are there")
    func profileIsRead() throws {
        let profile = try ScrubFixture.profile()
        #expect(profile.operations.count == Self.plants.count)
        #expect(Set(profile.operations.map(\.group)) == Set(ScrubOperation.Group.allCases).subtracting([.recipe]))
        for operation in profile.operations { #expect(!operation.patterns.isEmpty, "\(operation.id)") }
    }

    @Test("an image with nothing to scrub stays the same, byte for byte")
    func cleanImageStays() throws {
        let fixture = try ScrubFixture()
        let before = try fixture.editor.finish()
        let report = try fixture.scrub()
        #expect(try fixture.editor.finish() == before)
        #expect(report.operations.allSatisfy { $0.status == .nothing || $0.status == .skipped })
        #expect(try fixture.findings() == [])
    }

    @Test("what an operation is for is gone or reset, reported, and all else stays", arguments: plants)
    func operationDoesItsWork(_ plant: ScrubPlant) throws {
        let (fixture, before) = try planted(plant)
        let report = try fixture.scrub(Self.alone(plant))
        let after = try fixture.editor.finish()
        let entry = try #require(report.operations.first { $0.id == plant.operation.id })
        if plant.operation.action == .check {
            #expect(entry.status == .failed)
            #expect(after == before)
            return
        }
        #expect(entry.status == .done, "\(entry)")
        #expect(entry.reason == nil)
        for path in plant.paths {
            #expect(entry.removed.contains { $0.path == path || path.hasPrefix($0.path + "/") }, "\(path) is not in the report")
            if plant.isRemoved { #expect(try !fixture.has(path), "\(path)") }
        }
        let changed = try TreeDiff.changes(
            from: try Tree(before, in: fixture.objects), to: try Tree(after, in: fixture.objects)
        ).map(\.path.description)
        for path in changed {
            #expect(
                plant.paths.contains { path == $0 || path.hasPrefix($0 + "/") } || Self.mayAppear(path, plant), "\(path) changed")
        }
    }

    @Test("a second scrub changes nothing", arguments: plants.filter { $0.operation.action != .check })
    func operationIsIdempotent(_ plant: ScrubPlant) throws {
        let (fixture, _) = try planted(plant)
        let options = Self.options(running: plant)
        try fixture.scrub(options)
        let once = try fixture.editor.finish()
        let report = try fixture.scrub(options)
        #expect(try fixture.editor.finish() == once)
        #expect(report.entries == 0 && report.bytes == 0)
    }

    @Test("the verifier finds what an operation left, and nothing after it ran", arguments: plants)
    func verifierCatches(_ plant: ScrubPlant) throws {
        let (fixture, _) = try planted(plant)
        var without = Self.alone(plant)
        without.skip.append(.init(operation: plant.operation.id, because: "the test wants to see it"))
        try fixture.scrub(without)
        let left = try fixture.findings(Self.options(running: plant)).filter { $0.operation == plant.operation.id }
        #expect(!left.isEmpty)
        if plant.operation.action == .check { return }
        try fixture.scrub(Self.options(running: plant))
        #expect(try fixture.findings(Self.options(running: plant)) == [])
    }

    private static func options(running plant: ScrubPlant) -> ScrubOptions { ScrubOptions(also: [plant.operation.id]) }

    /// Without operations that mean the same files, which must not do the work of this one.
    private static func alone(_ plant: ScrubPlant) -> ScrubOptions {
        var options = Self.options(running: plant)
        options.skip = Self.overlapping(plant).map { .init(operation: $0, because: "it means the same files") }
        return options
    }

    private static func mayAppear(_ path: String, _ plant: ScrubPlant) -> Bool {
        plant.operation.id == "boot-entries" && path == "/boot/loader/entries/debian-6.1.0.conf"
    }

    private static func overlapping(_ plant: ScrubPlant) -> [String] {
        let groups = [
            ["ssh-user-keys", "ssh-private-keys"], ["histories", "database-credentials"],
            ["build-tools", "infrastructure-credentials"],
            ["networkmanager-secrets", "networkmanager-connections", "generated-network"],
            ["dhcp", "blkid", "login-failures", "login-databases", "cloud-init-state", "runtime-files"],
            ["cloud-init-logs", "ssm", "aws-agents", "rhsm", "rotated-logs", "login-records", "login-failures", "logs"],
            ["process-accounting", "logs"], ["toe", "temporary-files", "backups"],
            ["ubuntu-pro", "proxy-files"], ["account-backups", "old-passwords", "backups"],
            ["editor-files", "backups"], ["lvm", "backups"], ["package-caches", "backups"],
            ["blkid", "backups"], ["authorized-keys", "backups"], ["rotated-logs", "backups"],
            ["core-dumps", "core-files"], ["configuration-management", "service-logs"],
            ["application-keys", "application-private-keys"], ["job-counters", "jobs"],
            ["installer", "rotated-logs"], ["cloud-init-disabled", "ssh-hostkeys"], ["database-dumps", "backups"],
        ]
        return groups.filter { $0.contains(plant.operation.id) }.flatMap { $0 }.filter { $0 != plant.operation.id }
    }

    private func planted(_ plant: ScrubPlant) throws -> (ScrubFixture, Digest) {
        let fixture = try ScrubFixture()
        for path in plant.paths {
            try fixture.editor.remove(try TreePath(parsing: path))
            try fixture.write(path, plant.content(of: path), mode: 0o640, uid: 3)
            try fixture.editor.updateMetadata(try TreePath(parsing: path)) { $0.attributes += plant.attributes }
        }
        return (fixture, try fixture.editor.finish())
    }
}
