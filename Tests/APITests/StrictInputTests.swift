import API
import HTTPServer
import Platform
import SigV4
import TestSupport
import Testing

/// What an action does not read of a request in JSON.
struct StrictInputTests {
    private struct Answer {
        let status: Int
        let body: String
    }

    /// Sends a signed request of the owner's.
    private static func send(
        _ fixture: EndpointFixture, _ service: String, method: String = "POST", path: String = "/", query: String = "",
        target: String? = nil, fields: [Request.Field] = [], _ body: String
    ) throws -> Answer {
        var all = [Request.Field("host", "localhost"), .init("content-type", "application/x-amz-json-1.1")] + fields
        if let target { all.append(.init("x-amz-target", target)) }
        let message = Message(
            method: method, path: path, query: query, fields: all.map { .init($0.name, $0.value) }, body: Array(body.utf8))
        let signed = try #require(
            Signer(fixture.owner.key, region: "us-east-1", service: service)
                .signed(message, at: SigningTime(seconds: EndpointFixture.clock())))
        let response = fixture.endpoint.respond(
            to: Request(
                method: method, path: path, query: query, fields: signed.fields.map { .init($0.name, $0.value) },
                body: Array(body.utf8)))
        return Answer(status: response.status, body: String(decoding: response.body, as: UTF8.self))
    }

    private static func kms(_ fixture: EndpointFixture, _ action: String, _ body: String) throws -> Answer {
        try send(fixture, "kms", target: "TrentService.\(action)", body)
    }

    private static func ssm(_ fixture: EndpointFixture, _ action: String, _ body: String) throws -> Answer {
        try send(fixture, "ssm", target: "AmazonSSM.\(action)", body)
    }

    @Test("a member that an action does not know is refused by its name, and nothing is done")
    func unknown() throws {
        try EndpointFixture.run { (fixture) throws in
            let refused = try Self.kms(fixture, "CreateKey", #"{"Description":"a","CustomKeyStoreId":"cks-1"}"#)
            #expect(refused.status == 400)
            #expect(refused.body.contains("ValidationException"))
            #expect(refused.body.contains("The member CustomKeyStoreId is not supported here"))
            #expect(try Self.kms(fixture, "ListKeys", "{}").body.contains(#""Keys":[]"#))
            let null = try Self.kms(fixture, "CreateKey", #"{"Description":"a","CustomKeyStoreId":null}"#)
            #expect(null.status == 400 && null.body.contains("The member CustomKeyStoreId is not supported here"))
            #expect(try Self.kms(fixture, "ListKeys", "{}").body.contains(#""Keys":[]"#))
            #expect(try Self.kms(fixture, "CreateKey", #"{"Description":null}"#).status == 200)
        }
    }

    @Test(
        "a member is found that is not known at any depth",
        arguments: [
            (#"{"Name":"/a","Value":"b","Type":"String","Tags":[{"Key":"k","Value":"v","Extra":1}]}"#, "Tags.1.Extra"),
            (#"{"Name":"/a","Value":"b","Type":"String","Colour":"red"}"#, "Colour"),
            (#"{"Name":"/a","Value":"b","Type":"String","name":"/b"}"#, "name"),
            (#"{"Name":"/a","Value":"b","Type":"String","Tags":[{"Key":"k","Value":"v","Extra":null}]}"#, "Tags.1.Extra"),
        ])
    func deep(body: String, member: String) throws {
        try EndpointFixture.run { (fixture) throws in
            #expect(try Self.ssm(fixture, "PutParameter", body).body.contains("The member \(member) is not supported here"))
            #expect(try Self.ssm(fixture, "GetParameter", #"{"Name":"/a"}"#).body.contains("ParameterNotFound"))
        }
    }

    @Test(
        "a body that two readers could read in two ways is no input",
        arguments: [
            "", "[]", "{", #"{"Limit":1,"Limit":2}"#, #"{"Limit":01}"#, #"{"Limit":1}x"#, #"{"Limit":"1"}"#, #"{"Limit":1.5}"#,
            #"{"Limit":1e400}"#, #"{"Marker":"\#u{07}"}"#,
            "{\"a\":\(String(repeating: "[", count: 100))\(String(repeating: "]", count: 100))}",
        ])
    func malformed(body: String) throws {
        try EndpointFixture.run { (fixture) throws in
            let answer = try Self.kms(fixture, "ListKeys", body)
            #expect(answer.status == 400)
            #expect(answer.body.contains("SerializationException") || answer.body.contains("ValidationException"))
        }
    }

    @Test("numbers count by their value, and a body has a limit")
    func numbers() throws {
        try EndpointFixture.run { (fixture) throws in
            #expect(try Self.kms(fixture, "ListKeys", #"{"Limit":5.0}"#).status == 200)
            #expect(try Self.kms(fixture, "ListKeys", #"{"Limit":5e0}"#).status == 200)
            let long = #"{"Marker":"\#(String(repeating: "a", count: 1 << 20))"}"#
            #expect(try Self.kms(fixture, "ListKeys", long).status == 413)
        }
    }

    @Test("bodies that were cut or changed anywhere never crash, and only what is known gets through")
    func mutations() throws {
        let body = Array(#"{"Description":"é","MultiRegion":true,"Tags":[{"TagKey":"a","TagValue":"b"}]}"#.utf8)
        try EndpointFixture.run { (fixture) throws in
            for end in 0..<body.count {
                let cut = String(decoding: body[..<end], as: UTF8.self)
                #expect(try Self.kms(fixture, "CreateKey", cut).status == 400)
            }
            for index in body.indices {
                for bit in [0, 3, 5, 7] {
                    var changed = body
                    changed[index] ^= 1 << UInt8(bit)
                    let status = try Self.kms(fixture, "DescribeKey", String(decoding: changed, as: UTF8.self)).status
                    #expect(status == 400)
                }
            }
        }
    }

    @Test("of a REST request the query, the fields and the body are read, or refused")
    func rest() throws {
        try EndpointFixture.run { (fixture) throws in
            func start(query: String = "", fields: [Request.Field] = [], _ body: String = #"{"VolumeSize":1}"#) throws -> Answer {
                try Self.send(fixture, "ebs", path: "/snapshots", query: query, fields: fields, body)
            }
            #expect(try start(#"{"VolumeSize":1,"Zone":"a"}"#).body.contains("The member Zone is not supported here"))
            #expect(try start(#"{"VolumeSize":1,"Tags":[{"Key":"a","Value":"b","c":1}]}"#).body.contains("Tags.1.c"))
            #expect(try start(query: "dryRun=true").body.contains("The parameter dryRun is not supported here"))
            let stray = [Request.Field("x-amz-progress", "1")]
            #expect(try start(fields: stray).body.contains("The field x-amz-progress is not supported here"))
            #expect(try start().status == 201)
            let list = "/snapshots/snap-0123456789abcdef0/blocks"
            let answer = try Self.send(fixture, "ebs", method: "GET", path: list, #"{"MaxResults":5}"#)
            #expect(answer.body.contains("The member MaxResults is not supported here"))
        }
    }
}
