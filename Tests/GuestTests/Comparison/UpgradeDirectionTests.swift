import Guest
import ImageStore
import TestSupport
import Testing

/// Whether a package went forwards or back is told in the order of its own package manager.
@Suite struct UpgradeDirectionTests {
    @Test(
        "apk's order of versions decides",
        arguments: [
            ("1.2_rc1-r0", "1.2-r0", "upgraded"), ("1.2-r0", "1.2_rc1-r0", "downgraded"), ("1.9-r0", "1.10-r0", "upgraded"),
            ("1.10-r3", "1.10-r2", "downgraded"), ("1.2-r0", "1.2_p1-r0", "upgraded"),
        ])
    func apk(_ old: String, _ new: String, _ expected: String) throws {
        let difference = try difference { editor, isNew in
            try editor.makeDirectory("/lib/apk/db")
            try editor.write("P:web\nV:\(isNew ? new : old)\nA:x86_64\n\n", to: "/lib/apk/db/installed")
        }
        let change = difference.changes.filter { $0.category == "packages" }
        #expect(change.map(\.note) == [expected] && change.map(\.isSecurityRelevant) == [expected == "downgraded"])
    }

    @Test(
        "rpm's order of versions decides, with its epoch", .enabled(if: RPMFixture.canRun, RPMFixture.missing),
        arguments: [
            ("1.0~rc1-1", "1.0-1", "upgraded"), ("1.0^git1-1", "1.0-1", "downgraded"), ("9.0-1", "1:1.0-1", "upgraded"),
            ("1.0-10", "1.0-9", "downgraded"),
        ])
    func rpm(_ old: String, _ new: String, _ expected: String) throws {
        let databases = try [old, new].map { try RPMFixture.database(of: ["web"], version: $0) }
        let difference = try difference { editor, isNew in
            try editor.makeDirectory("/var/lib/rpm")
            try editor.write(databases[isNew ? 1 : 0], to: "/var/lib/rpm/rpmdb.sqlite")
        }
        let change = difference.changes.filter { $0.category == "packages" }
        #expect(change.map(\.note) == [expected] && change.map(\.isSecurityRelevant) == [expected == "downgraded"])
    }

    private func difference(_ edit: (TreeEditor, _ isNew: Bool) throws -> Void) throws -> SemanticDifference {
        let objects = MemoryObjects()
        let trees = try [false, true].map { isNew in
            let editor = try TreeEditor(root: nil, in: objects, date: 1)
            try edit(editor, isNew)
            return try Tree(try editor.finish(), in: objects)
        }
        return try SemanticDifference(from: trees[0], to: trees[1], now: 1_800_000_000)
    }
}
