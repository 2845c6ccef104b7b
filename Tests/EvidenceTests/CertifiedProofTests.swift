import Evidence
import Model
import Testing

@Suite struct CertifiedProofTests {
    private static let clean =
        #"{"proof": {"findings": [], "knownValues": {"hits": []}, "brokenStates": [], "canaries": {"planted": 4, "found": 4}}}"#

    private func objection(_ json: String) throws -> String? {
        CertifiedProof.objection(to: try JSONReader.read(Array(json.utf8), what: "a certificate"))
    }

    @Test("a certificate that says all of it, and found nothing, shows that the image is clean")
    func clean() throws {
        #expect(try objection(Self.clean) == nil)
    }

    @Test(
        "what a certificate found, or does not say, counts against the image",
        arguments: [
            (#""findings": []"#, #""findings": [{}]"#, "has findings of detectors"),
            (#""findings": [], "#, "", "says nothing of findings of detectors"),
            (#""hits": []"#, #""hits": [{}]"#, "has removed values"), (#""hits": []"#, "", "says nothing of removed values"),
            (#""brokenStates": []"#, #""brokenStates": ["x"]"#, "has broken states"),
            (#""brokenStates": []"#, #""brokenStates": null"#, "says nothing of broken states"),
            (#""found": 4"#, #""found": 3"#, "does not show that the detectors found every canary"),
            (#""planted": 4, "found": 4"#, #""planted": 0, "found": 0"#, "does not show that the detectors found every canary"),
            (#""planted": 4, "found": 4"#, "", "does not show that the detectors found every canary"),
            (#""proof""#, #""other""#, "says nothing of findings of detectors"),
        ])
    func objections(_ part: String, _ other: String, _ expected: String) throws {
        let text = Self.clean.replacing(part, with: other)
        #expect(text != Self.clean)
        #expect(try objection(text) == expected)
    }
}
