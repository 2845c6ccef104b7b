import API
import HTTPServer
import Model
import SigV4
import TestSupport
import Testing

/// Who is let in, and what the others are told, by protocol.
@Suite struct AcceptanceTests {
    private static let forms: [Form] = [
        Form(service: "ec2", body: "Action=DescribeRegions&Version=2016-11-15"),
        Form(service: "sts", body: "Action=GetCallerIdentity&Version=2011-06-15"),
        Form(service: "ssm", target: "AmazonSSM.GetParameter", body: #"{"Name":"/a"}"#),
    ]

    struct Form: CustomTestStringConvertible, Sendable {
        let service: String
        var target: String?
        let body: String
        var testDescription: String { service }

        var message: Message {
            var fields = [Message.Field("host", "127.0.0.1:8000")]
            fields.append(
                .init("content-type", target == nil ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.1"))
            if let target { fields.append(.init("x-amz-target", target)) }
            return Message(method: "POST", path: "/", fields: fields, body: Array(body.utf8))
        }
    }

    private static func answer(_ message: Message?, _ fixture: EndpointFixture) throws -> (status: Int, text: String) {
        let message = try #require(message)
        let response = fixture.endpoint.respond(
            to: Request(
                method: message.method, path: message.path, query: message.query,
                fields: message.fields.map { .init($0.name, $0.value) }, body: message.body))
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }

    private static func now() -> SigningTime { SigningTime(seconds: EndpointFixture.clock()) }

    @Test("a request that is signed rightly is answered, one that is not says so in the words of its protocol", arguments: forms)
    func words(_ form: Form) throws {
        try EndpointFixture.run { fixture in
            let signer = Signer(fixture.owner.key, region: "us-east-1", service: form.service)
            let right = try Self.answer(signer.signed(form.message, at: Self.now()), fixture)
            #expect(right.status == 200 || right.text.contains("ParameterNotFound"), "\(right)")

            let expected: [String: [(Int, String)]] = [
                "ec2": [
                    (403, "MissingAuthenticationToken"), (401, "AuthFailure"), (401, "AuthFailure"), (400, "RequestExpired"),
                    (400, "IncompleteSignature"),
                ],
                "sts": [
                    (403, "MissingAuthenticationToken"), (403, "InvalidClientTokenId"), (403, "SignatureDoesNotMatch"),
                    (403, "SignatureDoesNotMatch"), (400, "IncompleteSignature"),
                ],
                "ssm": [
                    (400, "MissingAuthenticationTokenException"), (400, "UnrecognizedClientException"),
                    (400, "InvalidSignatureException"), (400, "InvalidSignatureException"), (400, "IncompleteSignatureException"),
                ],
            ]
            let stranger = Signer(AccessKey(id: "AKIASTRANGER", secret: "s"), region: "us-east-1", service: form.service)
            let thief = Signer(AccessKey(id: fixture.owner.key.id, secret: "s"), region: "us-east-1", service: form.service)
            var unsigned = signer.signed(form.message, at: Self.now())
            unsigned?.fields.append(.init("x-amz-meta", "more"))
            let wrong: [Message?] = [
                form.message, stranger.signed(form.message, at: Self.now()), thief.signed(form.message, at: Self.now()),
                signer.signed(form.message, at: SigningTime(seconds: Self.now().seconds - 1000)), unsigned,
            ]
            for (message, words) in zip(wrong, try #require(expected[form.service])) {
                let (status, text) = try Self.answer(message, fixture)
                #expect(status == words.0, "\(text)")
                let code = form.service == "ssm" ? #""__type":"\#(words.1)""# : "<Code>\(words.1)</Code>"
                #expect(text.contains(code), "\(text)")
            }
        }
    }

    @Test("a key that is revoked is refused from then on")
    func revoked() throws {
        try withTemporaryFolder { folder in
            let environment = TestEnvironment().environment
            let file = CredentialFile(folder: folder, environment: environment)
            let kept = try file.make(for: AccountID(parsing: EndpointFixture.ownerID))
            let gone = try file.make(for: AccountID(parsing: EndpointFixture.ownerID))
            #expect(file.credential(gone.key.id) == gone)
            // Another process revokes it.
            try CredentialFile(folder: folder, environment: environment).revoke(gone.key.id)
            #expect(file.credential(gone.key.id) == nil)
            #expect(file.credential(kept.key.id) == kept)
            #expect(try file.all() == [kept])
            #expect(throws: Failure.self) { try file.revoke(gone.key.id) }
        }
    }

    @Test("an action that is not there, a version that is not there, and a service that is not there are told")
    func unknown() throws {
        try EndpointFixture.run { fixture in
            func answer(_ service: String, _ body: String, target: String? = nil) throws -> String {
                let signer = Signer(fixture.owner.key, region: "us-east-1", service: service)
                let form = Form(service: service, target: target, body: body)
                return try Self.answer(signer.signed(form.message, at: Self.now()), fixture).text
            }
            let cases: [(service: String, body: String, target: String?, words: String)] = [
                ("ec2", "Action=DescribeUnicorns&Version=2016-11-15", nil, "<Code>InvalidAction</Code>"),
                ("ec2", "Version=2016-11-15", nil, "<Code>MissingAction</Code>"),
                ("ec2", "Action=DescribeRegions", nil, "<Code>NoSuchVersion</Code>"),
                ("ec2", "Action=DescribeRegions&Version=2016-11-15&Colour=red", nil, "<Code>UnknownParameter</Code>"),
                ("sts", "Action=AssumeUnicorn&Version=2011-06-15", nil, "<Code>InvalidAction</Code>"),
                ("s3", "Action=DescribeRegions&Version=2016-11-15", nil, "<Code>InvalidAction</Code>"),
                ("ssm", "{}", "AmazonSSM.Unicorn", "UnknownOperationException"),
                // A signature for one service is none for another.
                ("sts", "Action=DescribeRegions&Version=2016-11-15", nil, "<Code>InvalidAction</Code>"),
            ]
            for (service, body, target, words) in cases {
                let text = try answer(service, body, target: target)
                #expect(text.contains(words), "\(text)")
            }
        }
    }
}
