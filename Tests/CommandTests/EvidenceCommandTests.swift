import Platform
import TestSupport
import Testing

/// The signed documents of an image, as a user gets and verifies them.
@Suite struct EvidenceCommandTests {
    private static let recipe = """
        name: small
        version: 1.0.x
        parentImage: scratch
        sourceDate: 2026-01-01
        stages:
          - files:
              - write: {path: /etc/passwd, text: "root:x:0:0::/root:/bin/sh\\n"}
              - write: {path: /etc/machine-id, text: "4c9d6f02b1e84a5d9a3b7c1e0f2d8a66\\n"}
          - scrub

        """

    private static let repository = Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))

    /// A workspace with one image, and its documents in the folder `evidence`.
    private func with(_ body: (CommandRunner) throws -> Void) throws {
        try CommandRunner.withSmall { ingot in
            let profile = try Files.read(Self.repository + "/recipes/profiles/scrub-standard.yaml")
            try ingot.write("recipes/profiles/scrub-standard.yaml", String(decoding: profile, as: UTF8.self))
            try ingot.write("recipes/small.yaml", Self.recipe)
            let built = try ingot.run(["build", "small"])
            #expect(built.status == 0 && built.output.contains("findings 0"), "\(built.error)")
            let exported = try ingot.run(["certificate", "small", "--output-dir", "evidence"])
            #expect(exported.lines.contains("evidence/scrub-certificate.intoto.json"))
            try ingot.write("key.pub", try ingot.run(["keys", "show"]).output)
            try body(ingot)
        }
    }

    private static let certificate = "evidence/scrub-certificate.intoto.json"

    @Test("a certificate is shown, exported, and verified with the workspace and far from it")
    func verify() throws {
        try with { ingot in
            let shown = try ingot.run(["certificate", "small"])
            #expect(shown.status == 0 && shown.output.contains("machine id of /etc/machine-id"), "\(shown.error)")
            #expect(try ingot.run(["verify", Self.certificate, "--image", "small"]).status == 0)
            let far = ["verify", Self.certificate, "--key", "key.pub", "--home", "nowhere"]
            let valid = try ingot.run(far)
            #expect(valid.status == 0 && valid.output.contains(": valid"), "\(valid.error)")
            // Without a workspace and a key nobody is trusted.
            #expect(try ingot.run(["verify", Self.certificate, "--home", "nowhere"]).status == 77)
        }
    }

    @Test("each way in which a document can be wrong has its own exit status")
    func statuses() throws {
        try with { ingot in
            let text = String(decoding: try Files.read("\(ingot.folder)/\(Self.certificate)"), as: UTF8.self)
            try ingot.write("changed.json", text.replacing("\"payload\":\"eyJ", with: "\"payload\":\"eyK"))
            try ingot.write("cut.json", String(text.prefix(200)))
            #expect(try ingot.run(["verify", "changed.json"]).status == 77)
            #expect(try ingot.run(["verify", "cut.json"]).status == 65)
            #expect(try ingot.run(["verify", "none.json"]).status == 66)
            let other = "sha256:" + String(repeating: "0", count: 64)
            #expect(try ingot.run(["verify", Self.certificate, "--image", other]).status == 1)
            #expect(try ingot.run(["verify", Self.certificate, "--image", "sha256:0"]).status == 64)
            #expect(try ingot.run(["verify", Self.certificate, "--key", Self.certificate]).status == 65)
        }
    }

    @Test("after a change of keys old documents verify, and new ones are signed by the new key")
    func rotation() throws {
        try with { ingot in
            #expect(try ingot.run(["keys", "create", "next"]).status == 0)
            #expect(try ingot.run(["verify", Self.certificate]).status == 0)
            try ingot.write("recipes/small.yaml", Self.recipe.replacing("/bin/sh", with: "/bin/ash"))
            #expect(try ingot.run(["build", "small"]).status == 0)
            _ = try ingot.run(["certificate", "small", "--output-dir", "second"])
            let second = ["verify", "second/scrub-certificate.intoto.json"]
            #expect(try ingot.run(second).status == 0)
            #expect(try ingot.run(second + ["--key", "key.pub"]).status == 77)
            let exported = try ingot.run(["keys", "export", "next", "--output", "secret.pem"])
            #expect(exported.status == 0)
            #expect(try Files.status("\(ingot.folder)/secret.pem").mode & 0o777 == 0o600)
            #expect(try ingot.run(["keys", "export", "next", "--output", "secret.pem"]).status == 73)
        }
    }

    /// securesystemslib, in-toto-attestation and protobuf's schema of SLSA's provenance.
    private static let judge = """
        import json, sys
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from google.protobuf import json_format
        from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
        from in_toto_attestation.v1 import statement_pb2
        from in_toto_attestation.v1.statement import Statement
        from securesystemslib.dsse import Envelope
        from securesystemslib.signer import SSlibKey

        folder = sys.stdin.read().strip()
        key = load_pem_public_key(open(folder + "/key.pub", "rb").read())
        for name in ["scrub-certificate", "provenance"]:
            data = json.load(open(folder + "/evidence/" + name + ".intoto.json"))
            keyid = data["signatures"][0]["keyid"]
            envelope = Envelope.from_dict(data)
            envelope.verify([SSlibKey.from_crypto(key, keyid=keyid)], 1)
            message = json_format.Parse(envelope.payload.decode(), statement_pb2.Statement())
            Statement.copy_from_pb(message).validate()
            if name == "provenance":
                predicate = json.loads(envelope.payload)["predicate"]
                read = json_format.ParseDict(predicate, provenance_pb2.Provenance())
                assert len(read.build_definition.resolved_dependencies) > 0
            envelope.payload = envelope.payload.replace(b"sha256", b"sha257")
            try:
                envelope.verify([SSlibKey.from_crypto(key, keyid=keyid)], 1)
                print(name, "verifies what was changed")
            except Exception:
                print(name, "valid")
        """

    @Test(
        "other implementations of DSSE, in-toto and SLSA accept the documents",
        .enabled(if: AWSClients.hasAttestationTools, AWSClients.missingAttestationTools))
    func judges() throws {
        try with { ingot in
            let said = try AWSClients.python(Self.judge, input: ingot.folder)
            #expect(said == "scrub-certificate valid\nprovenance valid\n")
        }
    }
}
