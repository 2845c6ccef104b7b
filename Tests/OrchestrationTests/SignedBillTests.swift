import Evidence
import Ledger
import Model
import Orchestration
import Platform
import TestSupport
import Testing

/// The bills of materials as they are signed: whoever opens an envelope gets a document that strict validators accept.
@Suite struct SignedBillTests {
    /// spdx-tools and cyclonedx-python-lib from PyPI, where `make setup` puts them.
    private static let interpreter: String = {
        let cache =
            Programs.variable("XDG_CACHE_HOME").flatMap { $0.isEmpty ? nil : $0 } ?? "\(Programs.variable("HOME") ?? "")/.cache"
        return "\(cache)/ingot/validators/bin/python"
    }()

    @Test(
        "strict validators accept the predicates inside of the envelopes",
        .enabled(if: Files.exists(interpreter), "needs spdx-tools and cyclonedx-python-lib: make setup"))
    func predicates() throws {
        try Fixture.with { fixture in
            try fixture.recipe(
                """
                - files:
                    - write: {path: /etc/os-release, text: "ID=debian\\nVERSION_ID=12\\n"}
                    - write: {path: /var/lib/dpkg/status, text: "Package: a\\nStatus: install ok installed\\nArchitecture: amd64\\nVersion: 1:2~3\\nDepends: b\\n\\nPackage: b\\nStatus: install ok installed\\nArchitecture: all\\nVersion: 1\\n"}
                """)
            try fixture.pipeline("")
            let workspace = try fixture.workspace()
            let image = try fixture.build(in: workspace).sealed.image
            let files = try EvidenceFiles(of: image, in: workspace)
            let envelopes = try [DocumentKind.spdx, .cyclonedx].map { String(decoding: try files.envelope($0), as: UTF8.self) }
            let script = """
                import base64, json, sys
                from cyclonedx.schema import SchemaVersion
                from cyclonedx.validation.json import JsonStrictValidator
                from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
                from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
                spdx, cyclonedx = [json.loads(base64.b64decode(json.loads(line)['payload'])) for line in sys.stdin.read().split('\\n====\\n')]
                assert spdx['predicateType'] == 'https://spdx.dev/Document/v2.3', spdx['predicateType']
                assert cyclonedx['predicateType'] == 'https://cyclonedx.org/bom', cyclonedx['predicateType']
                document = JsonLikeDictParser().parse(spdx['predicate'])
                for error in validate_full_spdx_document(document): print(error.validation_message)
                print(len(document.packages), JsonStrictValidator(SchemaVersion.V1_5).validate_str(json.dumps(cyclonedx['predicate'])))
                """
            let said = try Python.run(script, input: envelopes.joined(separator: "\n====\n"), interpreter: Self.interpreter)
            #expect(said == "3 None\n")
        }
    }
}
