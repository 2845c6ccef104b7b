import FoundationEssentials
import SigV4
import TestSupport
import Testing

/// botocore, AWS's own library, signs: its requests are accepted.
@Suite struct OracleTests {
    @Test("requests that botocore signs are accepted, in both forms", .enabled(if: AWSClients.isAvailable, AWSClients.missing))
    func botocore() throws {
        let requests = try JSONDecoder().decode([Signed].self, from: Data(try AWSClients.python(Self.script).utf8))
        #expect(requests.count == 400)
        let verifier = Verifier(keys: { $0 == PublishedVector.key.id ? PublishedVector.key : nil })
        for request in requests {
            let message = Message(
                method: request.method, path: request.path, query: request.query,
                fields: request.fields.map { .init($0[0], $0[1]) }, body: Array(request.body.utf8))
            #expect(throws: Never.self, "\(message)") { try verifier.verify(message, now: request.now) }
        }
    }

    private struct Signed: Decodable {
        let method: String
        let path: String
        let query: String
        let fields: [[String]]
        let body: String
        let now: Int64
    }

    private static let script = #"""
        import json, random, time
        from urllib.parse import urlsplit, quote
        from botocore.auth import SigV4Auth, SigV4QueryAuth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        random.seed(7)
        key = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        text = lambda: "".join(random.choice("abc XYZ019-._~/%+&=*?:@é\u1234") for _ in range(random.randrange(12)))
        result = []
        for number in range(400):
            isQuery = number % 2
            method = "GET" if isQuery else random.choice(["GET", "POST", "PUT"])
            path = "/" + "/".join(quote(text(), safe="") for _ in range(random.randrange(4)))
            query = "&".join(f"{quote(text(), safe='-_.~')}={quote(text(), safe='-_.~')}" for _ in range(random.randrange(4)))
            url = "http://127.0.0.1:8000" + path + ("?" + query if query else "")
            body = "" if method == "GET" else text()
            headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM." + str(number)} if body else {}
            request = AWSRequest(method=method, url=url, data=body.encode(), headers=headers)
            auth = SigV4QueryAuth(key, "ssm", "us-east-1", expires=300) if isQuery else SigV4Auth(key, "ssm", "us-east-1")
            auth.add_auth(request)
            parts = urlsplit(request.url)
            fields = [[n.lower(), str(v)] for n, v in request.headers.items()]
            if not any(n == "host" for n, _ in fields): fields.append(["host", parts.netloc])
            result.append(dict(method=method, path=parts.path, query=parts.query, fields=fields, body=body, now=int(time.time())))
        print(json.dumps(result))
        """#
}
