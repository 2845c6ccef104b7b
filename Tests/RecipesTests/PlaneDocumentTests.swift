import Model
import Platform
import Recipes
import Testing

private func read(_ text: String) throws(Failure) -> PlaneSettings {
    try PlaneDocument.settings(Array(text.utf8), file: "ingot.yaml")
}

private func errors(_ text: String) -> [String] {
    let message = failure { () throws(Failure) in try read(text) }
    return message.split(separator: "\n").filter { $0.hasPrefix("ingot.yaml:") }.map { String($0.dropFirst(11)) }
}

private let full = """
    organization:
      id: o-a1b2c3d4e5
      managementAccount: "111111111111"
      units:
        - {name: workloads, id: ou-ab12-11111111}
        - {name: development, id: ou-ab12-22222222, parent: workloads}
    accounts:
      - {id: "111111111111", name: build, unit: root}
      - {id: "222222222222", name: dev, unit: development}
      - {id: "333333333333", name: partner, subscriptions: [abc, def]}
      - {id: "137112412989", name: amazon, alias: amazon}
    regions:
      - {name: us-east-1, zones: [a, b]}
      - name: eu-west-1
    limits: {images: 100, publicImages: 1, launchPermissionsPerImage: 7, snapshots: 200, volumes: 30, elasticAddresses: 9}
    """

@Suite("Planes")
struct PlaneDocumentTests {
    @Test("a plane is read with all its fields")
    func whole() throws {
        let settings = try read(full)
        let directory = settings.directory
        #expect(settings.account.description == "111111111111")
        #expect(directory.accounts.map(\.name) == ["build", "dev", "partner", "amazon"])
        #expect(directory.accounts[3].alias == .amazon)
        #expect(directory.accounts.map(\.subscriptions) == [nil, nil, ["abc", "def"], nil])
        #expect(directory.caller(.account(directory.accounts[2].id)).subscriptions == ["abc", "def"])
        let organization = try #require(directory.organization)
        #expect(organization.arn.description == "arn:aws:organizations::111111111111:organization/o-a1b2c3d4e5")
        let caller = directory.caller(.account(directory.accounts[1].id))
        #expect(caller.units.map(\.id) == ["ou-ab12-22222222", "ou-ab12-11111111"])
        #expect(directory.caller(.account(directory.accounts[0].id)).organization == organization.arn)
        #expect(directory.caller(.account(directory.accounts[0].id)).units.isEmpty)
        #expect(directory.caller(.account(directory.accounts[2].id)).organization == nil)
        #expect(settings.regionNames == ["us-east-1", "eu-west-1"])
        #expect(settings.zones(of: try RegionName(parsing: "us-east-1")).map(\.name) == ["us-east-1a", "us-east-1b"])
        #expect(settings.zones(of: try RegionName(parsing: "eu-west-1")).count == 3)
        let limits = settings.limits
        #expect(
            [
                limits.images, limits.publicImages, limits.launchPermissionsPerImage, limits.snapshots, limits.volumes,
                limits.elasticAddresses,
            ]
                == [100, 1, 7, 200, 30, 9])
    }

    @Test("the example of docs/documents.md has all fields, and its limits are those without the field")
    func example() throws {
        let settings = try read(try DocumentsPage.example(below: "## ingot.yaml"))
        #expect(settings.directory.accounts.map(\.name) == ["build", "dev", "prod", "partner", "amazon"])
        #expect(settings.account == .zero && settings.directory.accounts.last?.alias == .amazon)
        #expect(settings.directory.accounts[3].subscriptions == ["a1b2c3"] && !settings.directory.accounts[3].isInOrganization)
        let production = settings.directory.caller(.account(settings.directory.accounts[2].id))
        #expect(production.units.map(\.id) == ["ou-ab12-22222222", "ou-ab12-11111111"])
        #expect(settings.regionNames == ["us-east-1", "eu-west-1"])
        #expect(settings.zones(of: try RegionName(parsing: "us-east-1")).count == 4)
        #expect(settings.limits == ServiceLimits())
    }

    @Test("an account is all that must be there")
    func smallest() throws {
        let settings = try read("accounts: [{id: \"111111111111\", name: build}]\n")
        #expect(settings.regionNames == RegionName.commercial && settings.limits == ServiceLimits())
        #expect(settings.directory.organization == nil)
    }

    @Test(
        "mistakes are reported at their places",
        arguments: [
            ("regions: []\n", ["1:1: error: the plane has no 'accounts'"]),
            ("accounts: []\n", ["1:1: error: the plane has no account"]),
            (
                "accounts: [{id: \"111111111111\", name: a}, {id: \"111111111111\", name: a}]\n",
                ["1:44: error: there are two accounts 111111111111", "1:64: error: there are two accounts 'a'"]
            ),
            (
                "accounts:\n  - {id: \"111111111111\", name: a, unit: root}\n",
                ["2:41: error: there is no organization that has units"]
            ),
            (
                "accounts: [{id: 123, name: a, color: red}]\n",
                ["1:17: error: \"123\" is not an account id", "1:31: error: unknown field 'color' in an entry of 'accounts'"]
            ),
            ("accounts: [{id: \"111111111111\", name: a, alias: acme}]\n", ["1:49: error: 'alias' cannot be 'acme'"]),
            (
                "accounts: [{id: \"111111111111\", name: a}]\nregions: [{name: us-east-9}, {name: us-east-1, zones: [a, a]}]\n",
                [
                    "2:18: error: there is no region 'us-east-9'", "2:55: error: the zones of a region are letters, each once",
                ]
            ),
            (
                "accounts: [{id: \"111111111111\", name: a}]\nlimits: {images: -1, pictures: 3}\n",
                ["2:18: error: 'images' must be 0 to 10000000, this is -1", "2:22: error: unknown field 'pictures' in 'limits'"]
            ),
            (
                """
                organization: {id: o-1, managementAccount: "111111111111", units: [{name: a, id: ou-x}]}
                accounts: [{id: "111111111111", name: a}]
                """, ["1:20: error: \"o-1\" is not the id of an organization"]
            ),
            (
                """
                organization:
                  id: o-a1b2c3d4e5
                  managementAccount: "111111111111"
                  units:
                    - {name: a, id: ou-ab12-11111111, parent: b}
                    - {name: b, id: ou-ab12-22222222}
                    - {name: b, id: ou-ab12-22222222}
                accounts: [{id: "111111111111", name: a, unit: c}]
                """,
                [
                    "5:47: error: there is no unit 'b' before this", "7:8: error: there are two units 'b'",
                    "7:17: error: there are two units ou-ab12-22222222", "8:48: error: there is no unit 'c' before this",
                ]
            ),
        ] as [(String, [String])])
    func mistakes(_ text: String, _ expected: [String]) {
        #expect(errors(text).sorted() == expected.sorted())
    }

    @Test("cut off anywhere, or with a byte changed, the document is read or refused, and never more")
    func broken() {
        let bytes = Array(full.utf8)
        for end in stride(from: 0, to: bytes.count, by: 3) {
            _ = try? PlaneDocument.settings(Array(bytes[..<end]), file: "ingot.yaml")
        }
        for position in stride(from: 0, to: bytes.count, by: 7) {
            var changed = bytes
            changed[position] ^= 0x11
            _ = try? PlaneDocument.settings(changed, file: "ingot.yaml")
        }
    }
}
