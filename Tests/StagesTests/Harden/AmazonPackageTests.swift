import Guest
import ImageStore
import Model
import Stages
import TestSupport
import Testing

/// The rules of the profile for Amazon Linux that are about packages, on a tree with a database that rpm wrote.
@Suite struct AmazonPackageTests {
    private static let some = [
        "chrony", "telnet", "httpd", "sudo", "pam", "aide", "libselinux", "nftables", "cups", "openldap-clients",
    ]

    @Test(
        "what the profile says of packages is what rpm says of them", .enabled(if: RPMFixture.canRun, RPMFixture.missing))
    func packages() throws {
        let database = try RPMFixture.database(of: Self.some, version: "1-1.amzn2023")
        let editor = try TreeEditor(root: nil, in: MemoryObjects(), date: 1)
        try editor.makeDirectory("/var/lib/rpm")
        try editor.write(database, to: "/var/lib/rpm/rpmdb.sqlite")
        let profile = try HardeningProfileFile("cis-amazon-linux-2023-level-1", folder: ShippedProfile.folder).profile
        let states = profile.rules.flatMap(\.requirements).flatMap(Self.states)
        let installed = Set(try RPMFixture.installed(Array(Set(states.flatMap(\.names))).sorted(), in: database))
        #expect(states.count > 30 && installed == Set(Self.some))
        var outcomes: Set<Bool> = []
        for state in states {
            let there = state.names.filter(installed.contains)
            let expected =
                switch state.state {
                case .absent: there.isEmpty
                case .present: there.count == state.names.count
                case .anyOf: !there.isEmpty
                case .oneOf: there.count == 1
                }
            let finding = try state.check(editor)
            if case .met = finding {
                #expect(expected, "\(state.names): \(finding)")
            } else {
                #expect(!expected, "\(state.names): \(finding)")
            }
            outcomes.insert(expected)
        }
        #expect(outcomes == [true, false])
    }

    /// The states of packages in a requirement, those of alternatives too.
    private static func states(_ requirement: any HardeningRequirement) -> [PackageState] {
        if let state = requirement as? PackageState { return [state] }
        return (requirement as? AnyRequirement)?.alternatives.flatMap { $0.flatMap(states) } ?? []
    }
}
