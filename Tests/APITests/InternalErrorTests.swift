import API
import Cloud
import HTTPServer
import Model
import Platform
import SigV4
import Synchronization
import TestSupport
import Testing

/// What fails at this end is told to whoever runs the endpoint, and not to who asks.
@Suite struct InternalErrorTests {
    @Test(
        "an answer about folders that cannot be made says nothing of them, in the words of each service, and the endpoint's own report does",
        arguments: [
            ("ec2", "Action=DescribeImages&Version=2016-11-15", nil, "An internal error has occurred."),
            ("kms", "{}", "TrentService.ListKeys", "The request can't be answered now."),
            ("ssm", "{}", "AmazonSSM.DescribeParameters", "An internal error has occurred."),
        ] as [(String, String, String?, String)])
    func paths(service: String, body: String, target: String?, expected: String) throws {
        try withTemporaryFolder { folder in
            let environment = Environment.system()
            // A file lies where the regions are to be.
            try Files.writeDurably(folder + "/regions", Array("no folder".utf8))
            let account = Account(id: try AccountID(parsing: EndpointFixture.ownerID), name: "owner")
            let credentials = CredentialFile(folder: folder, environment: environment)
            let key = try credentials.make(for: account.id).key
            let reports = Mutex<[String]>([])
            let endpoint = Endpoint(
                plane: EmbeddedPlane(
                    folder: folder + "/regions", environment: environment,
                    settings: PlaneSettings(directory: AccountDirectory(accounts: [account]))),
                credentials: credentials, environment: environment,
                report: { text in reports.withLock { $0.append(text) } })
            let type = target == nil ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.1"
            var fields = [Message.Field("host", "localhost"), Message.Field("content-type", type)]
            if let target { fields.append(Message.Field("x-amz-target", target)) }
            let signed = try #require(
                Signer(key, region: "us-east-1", service: service).signed(
                    Message(method: "POST", path: "/", query: "", fields: fields, body: Array(body.utf8)),
                    at: SigningTime(seconds: EndpointFixture.clock())))
            let answer = endpoint.respond(
                to: Request(
                    method: "POST", path: "/", query: "", fields: signed.fields.map { .init($0.name, $0.value) },
                    body: Array(body.utf8)))
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(answer.status == 500 && text.contains(expected) && !text.contains(folder), "\(text)")
            let told = reports.withLock { $0 }
            #expect(told.count == 1 && told.allSatisfy { $0.contains(folder) }, "\(told)")
        }
    }
}
