import Model
import Testing

/// Names of resources.
@Suite struct ARNTests {
    @Test(
        "an ARN has six fields, of which region and account may be empty, and is written as it was read",
        arguments: [
            "arn:aws:kms:us-east-1:111111111111:key/1234", "arn:aws:iam::111111111111:role/service-role/x",
            "arn:aws:autoscaling:us-east-1:111111111111:autoScalingGroup:1:autoScalingGroupName/x", "arn:aws:s3:::bucket",
            "arn:aws-cn:iam::aws:policy/x",
        ])
    func fields(text: String) throws {
        let arn = try #require(ARN(text))
        #expect(arn.description == text)
    }

    @Test(
        "what has another form is none",
        arguments: [
            "", "arn", "arn:aws:kms:us-east-1:111111111111", "arn:aws:kms:us-east-1:111111111111:", "arn::kms:us-east-1:1:key/1",
            "arn:aws::us-east-1:1:key/1", "ARN:aws:kms:us-east-1:1:key/1", "xarn:aws:kms:us-east-1:1:key/1",
            "arn:aws:kms:us-east-1:1:" + String(repeating: "x", count: 2048),
        ])
    func none(text: String) { #expect(ARN(text) == nil) }

    @Test("account, region and the name of a kind are read where they are what they must be")
    func parts() throws {
        let arn = ARN("kms", in: try RegionName(parsing: "us-east-1"), of: try AccountID(parsing: "111111111111"), "key/1234/5")
        #expect(arn.description == "arn:aws:kms:us-east-1:111111111111:key/1234/5")
        #expect(arn.accountID?.description == "111111111111" && arn.regionName?.description == "us-east-1")
        #expect(arn.name(of: "key") == "1234/5" && arn.name(of: "ke") == nil && arn.name(of: "key/1234/5") == nil)
        #expect(arn.isOf("kms") && !arn.isOf("ec2") && ARN("arn:aws-cn:kms:::x")?.isOf("kms") == false)
        let global = try #require(ARN("arn:aws:iam::aws:policy/"))
        #expect(global.accountID == nil && global.regionName == nil && global.name(of: "policy") == nil)
        #expect(ARN.isMeant(by: "arn:x") && !ARN.isMeant(by: "alias/arn:"))
    }
}
