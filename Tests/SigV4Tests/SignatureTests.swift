import Crypto
import SigV4
import Testing

@Suite struct SignatureTests {
    private let signer = Signer(PublishedVector.key, region: "us-east-1", service: "service")
    private let time = SigningTime(seconds: PublishedVector.seconds)

    @Test("an access key that is printed or dumped, alone or within something, does not show its secret")
    func printed() {
        struct Holder { let key: AccessKey }
        let key = AccessKey(id: "AKIDEXAMPLE", secret: "the-secret", sessionToken: "the-token")
        var dumped = ""
        dump(Holder(key: key), to: &dumped)
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), "\(Holder(key: key))", "\(Optional(key) as Any) \([key])", dumped] {
            #expect(text.contains("AKIDEXAMPLE") && !text.contains("the-secret") && !text.contains("the-token"))
        }
    }

    @Test("the requests of AWS's test suite get the signatures that it gives, and are accepted", arguments: PublishedVector.all)
    func published(_ vector: PublishedVector) throws {
        #expect(time.description == PublishedVector.time)
        let signed = try #require(signer.signed(vector.message, at: time))
        let authorization = try #require(signed.fields.first { $0.name == "authorization" }?.value)
        #expect(authorization.hasSuffix("Signature=\(vector.signature)"))
        let acceptance = try verifier.verify(signed, now: PublishedVector.seconds)
        #expect(acceptance.key == PublishedVector.key)
        #expect(acceptance.scope == CredentialScope(day: "20150830", region: "us-east-1", service: "service"))
    }

    @Test(
        "a path with dots and empty segments has the signature of the path without them",
        arguments: [
            ("/example/..", "/"), ("/example1/example2/../..", "/"), ("//", "/"), ("//example//", "/example/"), ("/./", "/"),
            ("/./example", "/example"),
        ])
    func normalized(_ path: String, _ plain: String) throws {
        func authorization(_ path: String) -> String? {
            let message = Message(method: "GET", path: path, fields: [.init("host", "example.amazonaws.com")])
            return signer.signed(message, at: time)?.fields.last?.value
        }
        #expect(authorization(path) == authorization(plain))
        #expect(authorization("/example1") != authorization(plain))
    }

    @Test("a request with the signature in its query is accepted until its time is over, and not before it begins")
    func presigned() throws {
        let message = Message(
            method: "GET", path: "/", query: "Action=DescribeRegions&Version=2016-11-15",
            fields: [.init("host", "127.0.0.1:8000")])
        let signed = try #require(signer.presigned(message, at: time, lifetime: 60))
        #expect(try verifier.verify(signed, now: PublishedVector.seconds + 60).scope.service == "service")
        #expect(refusal(of: signed, now: PublishedVector.seconds + 61) == .expired)
        #expect(refusal(of: signed, now: PublishedVector.seconds - Verifier.clockSkew - 1) == .expired)
        for lifetime in [0, 604_801, -1] {
            let long = try #require(signer.presigned(message, at: time, lifetime: lifetime))
            #expect(refusal(of: long) == .incomplete)
        }
    }

    @Test("a signature is good for a quarter of an hour in both directions")
    func skew() throws {
        let signed = try #require(signer.signed(PublishedVector.all[0].message, at: time))
        for offset in [-900, 900] { _ = try verifier.verify(signed, now: PublishedVector.seconds + Int64(offset)) }
        for offset in [-901, 901] { #expect(refusal(of: signed, now: PublishedVector.seconds + Int64(offset)) == .expired) }
    }

    @Test(
        "what has a meaning and is not signed is refused",
        arguments: [
            "x-amz-target", "x-amz-security-token", "x-amz-content-sha256", "x-amz-anything", "content-type",
        ])
    func unsigned(_ name: String) throws {
        var signed = try #require(signer.signed(PublishedVector.all[0].message, at: time))
        signed.fields.append(.init(name, "AmazonSSM.GetParameter"))
        #expect(refusal(of: signed) == .incomplete)
        signed.fields[signed.fields.count - 1] = .init("user-agent", "curl")
        _ = try verifier.verify(signed, now: PublishedVector.seconds)
    }

    @Test("a body that is left out of the signature is refused, unless the service allows it")
    func unsignedBody() throws {
        var message = PublishedVector.all[0].message
        message.fields.append(.init("x-amz-content-sha256", Verifier.unsignedPayload))
        var signed = try #require(signer.signed(message, at: time))
        #expect(refusal(of: signed) == .incomplete)
        signed.body = [1, 2, 3]
        _ = try verifier.verify(signed, now: PublishedVector.seconds, allowsUnsignedBody: { $0.service == "service" })
        #expect(throws: SignatureError.self) {
            try verifier.verify(signed, now: PublishedVector.seconds, allowsUnsignedBody: { $0.service == "other" })
        }
    }

    @Test("a stated digest must be that of the body")
    func statedDigest() throws {
        var message = PublishedVector.all[0].message
        message.fields.append(.init("x-amz-content-sha256", SHA256.digest(of: "other").hex))
        #expect(refusal(of: try #require(signer.signed(message, at: time))) == .mismatch)
    }

    @Test("temporary credentials need their session token, others may have none")
    func sessionToken() throws {
        var key = PublishedVector.key
        key.sessionToken = "token"
        let temporary = Verifier(keys: { [key] id in id == key.id ? key : nil })
        let plain = try #require(signer.signed(PublishedVector.all[0].message, at: time))
        let whole = Signer(key, region: "us-east-1", service: "service")
        let signed = try #require(whole.signed(PublishedVector.all[0].message, at: time))
        _ = try temporary.verify(signed, now: PublishedVector.seconds)
        #expect(refusal(of: signed) == .unknownKey)
        #expect(throws: SignatureError.self) { try temporary.verify(plain, now: PublishedVector.seconds) }
    }

    @Test("a request without signature, with two, or with one that cannot be read says so")
    func unreadable() throws {
        let message = PublishedVector.all[0].message
        #expect(refusal(of: message) == .missing)
        var signed = try #require(signer.signed(message, at: time))
        let authorization = try #require(signed.fields.last)
        signed.fields.append(authorization)
        #expect(refusal(of: signed) == .incomplete)
        for text in [
            "", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=", "Basic YTpi",
            authorization.value.replacing("/service/", with: "/Service/"),
            authorization.value.replacing("aws4_request", with: "aws4"),
            authorization.value.replacing("host;x-amz-date", with: "x-amz-date;host"),
            authorization.value.replacing("host;x-amz-date", with: "x-amz-date"),
            authorization.value.replacing("host;x-amz-date", with: "host;host;x-amz-date"),
            authorization.value.replacing("20150830", with: "20150831"), authorization.value + ", Signature=00",
        ] {
            signed = message
            signed.fields += [.init("x-amz-date", PublishedVector.time), .init("authorization", text)]
            #expect(refusal(of: signed) == .incomplete, "\(text)")
        }
    }

    @Test("an access key that nobody has is told from a wrong signature")
    func unknownKey() throws {
        let stranger = Signer(AccessKey(id: "AKIDSTRANGER", secret: "secret"), region: "us-east-1", service: "service")
        #expect(refusal(of: try #require(stranger.signed(PublishedVector.all[0].message, at: time))) == .unknownKey)
        let thief = Signer(AccessKey(id: "AKIDEXAMPLE", secret: "secret"), region: "us-east-1", service: "service")
        #expect(refusal(of: try #require(thief.signed(PublishedVector.all[0].message, at: time))) == .mismatch)
    }

    private let verifier = Verifier(keys: { $0 == PublishedVector.key.id ? PublishedVector.key : nil })

    private func refusal(of message: Message, now: Int64 = PublishedVector.seconds) -> SignatureError.Kind? {
        do throws(SignatureError) {
            _ = try verifier.verify(message, now: now)
            return nil
        } catch { return error.kind }
    }
}
