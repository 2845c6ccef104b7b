import Model
import TestSupport
import Testing

@Suite struct RoleTrustTests {
    @Test("a trust policy lets in whom it names, and what is not understood lets nobody in")
    func trust() throws {
        let account = try AccountID(parsing: "111111111111")
        func allows(_ statements: String) -> Bool {
            RoleTrust.allows(account, by: "{\"Version\": \"2012-10-17\", \"Statement\": \(statements)}")
        }
        let yes = "{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"111111111111\"}, \"Action\": \"sts:AssumeRole\"}"
        #expect(allows(yes) && allows("[\(yes)]"))
        #expect(
            allows(
                yes.replacing(
                    "\"111111111111\"", with: "[\"arn:aws:iam::222222222222:root\", \"arn:aws:iam::111111111111:root\"]")))
        #expect(allows(yes.replacing("{\"AWS\": \"111111111111\"}", with: "\"*\"").replacing("sts:AssumeRole", with: "sts:*")))
        #expect(!allows(yes.replacing("111111111111", with: "222222222222")))
        #expect(!allows(yes.replacing("{\"AWS\": \"111111111111\"}", with: "{\"Service\": \"ec2.amazonaws.com\"}")))
        #expect(!allows(yes.replacing("sts:AssumeRole", with: "sts:TagSession")))
        #expect(!allows(yes.replacing("\"Action\"", with: "\"NotAction\"")))
        #expect(
            !allows(
                yes.replacing("\"Action\"", with: "\"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"true\"}}, \"Action\"")))
        let no = yes.replacing("Allow", with: "Deny")
        #expect(!allows("[\(yes), \(no)]"))
        #expect(!allows("[\(yes), \(no.replacing("\"Action\"", with: "\"Condition\": {}, \"Action\""))]"))
        #expect(!allows("[\(yes), {\"Effect\": \"Deny\", \"NotPrincipal\": {\"AWS\": \"1\"}, \"Action\": \"*\"}]"))
        #expect(!RoleTrust.allows(account, by: "nonsense") && !RoleTrust.allows(account, by: "{}"))
    }
}

/// boto3 on temporary keys.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct SessionClientTests {
    @Test("temporary keys act for their account, with their token alone, and roles for those that they trust")
    func sessions() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                sts = client("sts"); iam = client("iam")
                def using(c, token=True, service="sts"):
                    return boto3.client(service, region_name="us-east-1", endpoint_url=sts.meta.endpoint_url, aws_access_key_id=c["AccessKeyId"],
                        aws_secret_access_key=c["SecretAccessKey"], aws_session_token=c["SessionToken"] if token is True else token, config=Config(retries={"total_max_attempts": 1}))
                c = sts.get_session_token(DurationSeconds=900)["Credentials"]
                print(using(c).get_caller_identity()["Arn"], len(using(c, service="ec2").describe_vpcs()["Vpcs"]))
                print(fails(lambda: using(c, None).get_caller_identity()), fails(lambda: using(c, "other").get_caller_identity()), fails(lambda: using(c).get_session_token()))
                trust = lambda who: json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}]})
                r = iam.create_role(RoleName="builder", AssumeRolePolicyDocument=trust("222222222222"))["Role"]["Arn"]
                assume = lambda s, **more: s.assume_role(**{**dict(RoleArn=r, RoleSessionName="build"), **more})
                a = assume(other("sts")); print(a["AssumedRoleUser"]["Arn"])
                print(using(a["Credentials"]).get_caller_identity()["Arn"], using(a["Credentials"]).get_caller_identity()["Account"])
                print(fails(lambda: assume(sts)), fails(lambda: assume(other("sts"), RoleArn=r + "x")), fails(lambda: assume(other("sts"), DurationSeconds=7200)))
                print(fails(lambda: sts.get_session_token(DurationSeconds=1000000)), fails(lambda: sts.decode_authorization_message(EncodedMessage="x")))
                """)
            #expect(
                output == """
                    arn:aws:iam::111111111111:root 1
                    ('InvalidClientTokenId', 403) ('InvalidClientTokenId', 403) ('AccessDenied', 403)
                    arn:aws:sts::111111111111:assumed-role/builder/build
                    arn:aws:sts::111111111111:assumed-role/builder/build 111111111111
                    ('AccessDenied', 403) ('AccessDenied', 403) ('ValidationError', 400)
                    ('ValidationError', 400) ('InvalidAuthorizationMessageException', 400)

                    """)
        }
    }
}
