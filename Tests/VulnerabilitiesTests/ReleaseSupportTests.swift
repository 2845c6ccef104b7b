import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing
import Vulnerabilities

@Suite struct ReleaseSupportTests {
    private func assess(_ release: String, at day: String) throws -> Assessment {
        let view = try tree(["/etc/os-release": release])
        return try Assessment(of: view, by: .init(), at: try Instant(parsing: day))
    }

    @Test(
        "a release is a finding from the day after its last",
        arguments: [
            ("ID=debian\nVERSION_ID=\"10\"\n", "2024-06-30", false), ("ID=debian\nVERSION_ID=\"10\"\n", "2024-07-01", true),
            ("ID=amzn\nVERSION_ID=\"2\"\n", "2026-07-01", true), ("ID=amzn\nVERSION_ID=\"2023\"\n", "2026-07-01", false),
            ("ID=alpine\nVERSION_ID=3.18.4\n", "2025-05-10", true), ("ID=alpine\nVERSION_ID=3.2\n", "2030-01-01", false),
            ("ID=ubuntu\nVERSION_ID=\"20.04\"\n", "2025-05-30", true), ("ID=own\nVERSION_ID=\"1\"\n", "2099-01-01", false),
        ])
    func finding(_ release: String, _ day: String, _ hasEnded: Bool) throws {
        let assessment = try assess(release, at: day)
        #expect(assessment.findings.map(\.severity) == (hasEnded ? [.high] : []))
        #expect(assessment.findings.allSatisfy { $0.evidence.map(\.level) == [.endOfLife] && $0.id.hasPrefix("end-of-life:") })
    }

    @Test("a release that the table does not know has no end, and nobody says that it is supported")
    func unknown() throws {
        let support = try assess("ID=own\nVERSION_ID=\"1\"\n", at: "2026-01-01").support
        #expect(support.endOfLife == nil && support.release == "own 1")
    }

    private static let data = "/usr/share/distro-info"

    @Test(
        "Debian's and Ubuntu's dates are those of distro-info-data",
        .enabled(if: Files.exists(data + "/debian.csv"), "needs distro-info-data: apt-get install distro-info-data"),
        arguments: [("debian", ["10", "11", "12", "13"]), ("ubuntu", ["18.04", "20.04", "22.04", "24.04", "25.10"])])
    func oracle(_ id: String, _ versions: [String]) throws {
        let lines = String(decoding: try Files.read("\(Self.data)/\(id).csv"), as: UTF8.self).split(separator: "\n")
        let names = lines[0].split(separator: ",")
        let column = try #require(names.firstIndex(of: id == "debian" ? "eol-lts" : "eol"))
        for version in versions {
            let line = try #require(lines.first { $0.hasPrefix(version + ",") || $0.hasPrefix(version + " LTS,") })
            let expected = String(line.split(separator: ",", omittingEmptySubsequences: false)[column])
            #expect(
                try assess("ID=\(id)\nVERSION_ID=\"\(version)\"\n", at: "2020-01-01").support.endOfLife == expected, "\(version)")
        }
    }
}
