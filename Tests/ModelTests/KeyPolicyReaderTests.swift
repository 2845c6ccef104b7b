import Model
import TestSupport
import Testing

/// Documents of policies, and names of keys, from whoever sent them.
@Suite struct KeyPolicyReaderTests {
    private static let good = #"""
        {"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":["111111111111","arn:aws:iam::222222222222:role/x"],"Service":"ec2.amazonaws.com"},"Action":["kms:*"],"Resource":["*"],"Condition":{"ForAnyValue:StringLikeIfExists":{"kms:EncryptionContext:App":["a","b"]},"Bool":{"kms:GrantIsForAWSResource":true}}}]}
        """#

    @Test(
        "what a policy does not say rightly is refused",
        arguments: [
            ("", "no JSON"), ("my policy", "no JSON"), ("[]", "no object"), ("{}", "no statements"),
            (#"{"Statement":[]}"#, "no statements"),
            (#"{"Statement":[{}],"More":1}"#, "an element More"), (#"{"Version":"2013","Statement":[{}]}"#, "version"),
            (#"{"Statement":[1]}"#, "no object"), (#"{"Statement":{"Effect":"allow"}}"#, "Effect"),
            (#"{"Statement":{"Effect":"Allow","Principal":"*","Resource":"*"}}"#, "Action"),
            (#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","NotAction":"kms:*","Resource":"*"}}"#, "Action"),
            (#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"Decrypt","Resource":"*"}}"#, "no service"),
            (#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*"}}"#, "Resource"),
            (#"{"Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*"}}"#, "Principal"),
            (
                #"{"Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"*"},"Action":"kms:*","Resource":"*"}}"#,
                "an element NotPrincipal"
            ),
            (#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"me"},"Action":"kms:*","Resource":"*"}}"#, "no principal"),
            (
                #"{"Statement":{"Effect":"Allow","Principal":{"Robot":"me"},"Action":"kms:*","Resource":"*"}}"#,
                "kind of principal"
            ),
            (
                #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringSame":{"a":"b"}}}}"#,
                "no operator"
            ),
            (
                #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"ForSome:StringEquals":{"a":"b"}}}}"#,
                "no operator"
            ),
            (
                #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"a":{}}}}}"#,
                "a value"
            ),
        ])
    func refused(_ text: String, _ reason: String) {
        let error = #expect(throws: PlaneError.self) { try KeyPolicyReader.read(text) }
        #expect(error?.code == .malformedPolicyDocumentException)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test("a policy is read with all of its parts, and is kept as it was written")
    func read() throws {
        let policy = try KeyPolicyReader.read(Self.good)
        #expect(policy.text == Self.good)
        let statement = try #require(policy.statements.first)
        #expect(
            statement.principals == [
                .account(try AccountID(parsing: "111111111111")), .arn("arn:aws:iam::222222222222:role/x"),
                .service("ec2.amazonaws.com"),
            ])
        #expect(statement.conditions.map(\.operation) == [.bool, .stringLike])
        #expect(statement.conditions.map(\.key) == ["kms:grantisforawsresource", "kms:EncryptionContext:App"])
        #expect(statement.conditions[1].quantifier == .any && statement.conditions[1].isOptional)
    }

    @Test("no prefix and no changed byte of a policy makes the reader fail in another way than by an error")
    func mutated() {
        let bytes = Array(Self.good.utf8)
        for end in 0..<bytes.count - 1 {
            #expect(throws: PlaneError.self) { try KeyPolicyReader.read(String(decoding: bytes.prefix(end), as: UTF8.self)) }
        }
        var random = SeededRandom(7)
        for _ in 0..<2000 {
            var changed = bytes
            changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            _ = try? KeyPolicyReader.read(String(decoding: changed, as: UTF8.self))
        }
        #expect(throws: PlaneError.self) { try KeyPolicyReader.read(String(repeating: " ", count: 40000) + Self.good) }
    }

    @Test("ids, ARNs and aliases of keys are taken in the forms that KMS has, and in no other")
    func names() throws {
        let id = "1234abcd-12ab-34cd-56ef-1234567890ab"
        let multi = "mrk-1234abcd12ab34cd56ef1234567890ab"
        for text in [
            id, multi, "alias/golden", "arn:aws:kms:us-east-1:111111111111:key/\(id)",
            "arn:aws:kms:us-east-1:111111111111:alias/a/b",
        ] {
            #expect(try KeyReference(parsing: text).description == text)
        }
        for text in [
            "", "x", id.uppercased(), String(id.dropLast()), "mrk-1234", "alias/", "alias/a b",
            "alias/" + String(repeating: "a", count: 251),
            "arn:aws:kms:us-east-1:111111111111:key/x", "arn:aws:iam:us-east-1:111111111111:key/\(id)",
            "arn:aws:kms:us-east-1:1:key/\(id)",
        ] {
            #expect(throws: Failure.self) { try KeyReference(parsing: text) }
        }
        let bytes = [UInt8](0..<16)
        #expect(KeyID(random: bytes, isMultiRegion: false).description == "00010203-0405-0607-0809-0a0b0c0d0e0f")
        #expect(KeyID(random: bytes, isMultiRegion: true).isMultiRegion)
    }
}
