import Crypto
import Evidence
import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct SBOMTests {
    /// spdx-tools and cyclonedx-python-lib from PyPI, where `make setup` puts them.
    private static let interpreter: String = {
        let cache =
            Programs.variable("XDG_CACHE_HOME").flatMap { $0.isEmpty ? nil : $0 } ?? "\(Programs.variable("HOME") ?? "")/.cache"
        return "\(cache)/ingot/validators/bin/python"
    }()
    private static let hasValidators = Files.exists(interpreter)

    private static let status = """
        Package: alpha
        Status: install ok installed
        Maintainer: A Person <a@example.com>
        Architecture: amd64
        Version: 2:1.0+dfsg-3~deb12u1
        Depends: absent | beta, virtual (>= 1)
        Description: short "quoted"
        Homepage: https://example.com/

        Package: beta
        Status: install ok installed
        Architecture: all
        Version: 1
        Provides: virtual (= 2)

        """

    private func bill(root: String = "a") throws -> BillOfMaterials {
        let view = try TreeEditor(root: nil, in: MemoryObjects(), date: 0)
        let files: [TreePath: String] = [
            "/etc/os-release": "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian 12\"\n", "/var/lib/dpkg/status": Self.status,
            "/srv/v/site-packages/Foo_Bar-1.0.dist-info/METADATA": "Name: Foo_Bar\nVersion: 1.0\n",
            "/srv/w/site-packages/Foo_Bar-1.0.dist-info/METADATA": "Name: Foo.Bar\nVersion: 1.0\n",
            "/srv/app/node_modules/@scope/thing/package.json": #"{"name": "@scope/thing", "version": "2.0.0"}"#,
            "/srv/app/lib/log4j-core-2.14.1.jar": "PK",
        ]
        for (path, text) in files {
            try view.makeDirectory(path.parent)
            try view.write(text, to: path)
        }
        let subject = BillOfMaterials.Subject(
            name: "web-server", version: "1.4.2/1", root: SHA256.digest(of: root), created: Instant(seconds: 1_700_000_000))
        return try BillOfMaterials(of: view, as: subject, tool: ("ingot", "0.1.0"))
    }

    @Test(
        "strict validators accept both documents",
        .enabled(if: hasValidators, "needs spdx-tools and cyclonedx-python-lib: make setup"))
    func validators() throws {
        let script = """
            import json, sys
            from cyclonedx.schema import SchemaVersion
            from cyclonedx.validation.json import JsonStrictValidator
            from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
            from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
            spdx, cyclonedx = sys.stdin.read().split('\\n====\\n')
            document = JsonLikeDictParser().parse(json.loads(spdx))
            for error in validate_full_spdx_document(document): print(error.validation_message)
            print(JsonStrictValidator(SchemaVersion.V1_5).validate_str(cyclonedx))
            """
        let bill = try bill()
        let input = try CanonicalJSON.text(of: SPDXDocument(bill)) + "\n====\n" + CanonicalJSON.text(of: CycloneDXDocument(bill))
        #expect(try Python.run(script, input: input, interpreter: Self.interpreter) == "None\n")
    }

    @Test("documents follow from the image: equal for equal ones, with another identifier for another")
    func determinism() throws {
        let (first, second, other) = (try bill(), try bill(), try bill(root: "b"))
        #expect(try CanonicalJSON.text(of: SPDXDocument(first)) == CanonicalJSON.text(of: SPDXDocument(second)))
        #expect(try CanonicalJSON.text(of: CycloneDXDocument(first)) == CanonicalJSON.text(of: CycloneDXDocument(second)))
        let (a, b) = (try CanonicalJSON.text(of: SPDXDocument(first)), try CanonicalJSON.text(of: SPDXDocument(other)))
        #expect(a != b && a.contains("2023-11-14T22:13:20Z"))
    }

    @Test("package URLs are those of their specification")
    func packageURLs() throws {
        let text = try CanonicalJSON.text(of: CycloneDXDocument(bill()))
        for url in [
            "pkg:deb/debian/alpha@2%3A1.0%2Bdfsg-3~deb12u1?arch=amd64&distro=debian-12", "pkg:pypi/foo-bar@1.0",
            "pkg:npm/%40scope/thing@2.0.0", "pkg:generic/log4j-core@2.14.1",
        ] { #expect(text.contains("\"purl\":\"\(url)\""), "\(url)") }
        let rpm = InstalledPackage(manager: .rpm, name: "bash", version: .init("1:5.2-1.amzn2023"))
        let amazon = OSRelease(Array("ID=amzn\nVERSION_ID=2023\n".utf8))
        #expect(PackageURL(rpm, of: amazon).description == "pkg:rpm/amzn/bash@5.2-1.amzn2023?distro=amzn-2023&epoch=1")
    }

    @Test("what packages need of each other stands in both documents")
    func dependencies() throws {
        let spdx = try CanonicalJSON.text(of: SPDXDocument(bill()))
        let needed =
            #"{"relatedSpdxElement":"SPDXRef-deb-beta-1","relationshipType":"DEPENDS_ON","spdxElementId":"SPDXRef-deb-alpha-2-1.0-dfsg-3-deb12u1"}"#
        #expect(spdx.contains(needed))
        let cyclonedx = try CanonicalJSON.text(of: CycloneDXDocument(bill()))
        #expect(
            cyclonedx.contains(#"{"dependsOn":["pkg:deb/debian/beta@1?arch=all&distro=debian-12"],"ref":"pkg:deb/debian/alpha@"#))
    }
}
