/// A policy that AWS keeps for all accounts. Those are here that a client reads before it makes a role; any other one can be attached too, and
/// nobody here knows what it says.
package struct ManagedPolicy: Sendable {
    package let name: String
    package let description: String
    /// `v1`, the version that counts.
    package let version: String
    package let created: Instant
    package let updated: Instant
    /// JSON.
    package let document: String

    /// All known ones are for roles of services.
    package static let path = "/service-role/"

    package var arn: String { "arn:aws:iam::aws:policy\(Self.path)\(name)" }

    package static func known(_ arn: String) -> ManagedPolicy? { all.first { $0.arn == arn } }

    /// What `aws dlm create-default-role` attaches.
    package static let all = [
        ManagedPolicy(
            name: "AWSDataLifecycleManagerServiceRole",
            description: "Allows Data Lifecycle Manager to make, copy, share, archive and delete snapshots", version: "v10",
            created: Instant(seconds: 1_530_905_656), updated: Instant(seconds: 1_770_919_168),
            document: policy([
                (
                    [
                        "ec2:CreateSnapshot", "ec2:CreateSnapshots", "ec2:DeleteSnapshot", "ec2:DescribeInstances",
                        "ec2:DescribeVolumes", "ec2:DescribeSnapshots", "ec2:EnableFastSnapshotRestores",
                        "ec2:DescribeFastSnapshotRestores", "ec2:DisableFastSnapshotRestores", "ec2:CopySnapshot",
                        "ec2:ModifySnapshotAttribute", "ec2:DescribeSnapshotAttribute", "ec2:DescribeSnapshotTierStatus",
                        "ec2:ModifySnapshotTier", "ec2:DescribeAvailabilityZones",
                    ], ["*"]
                ),
                (["ec2:CreateTags"], ["arn:aws:ec2:*::snapshot/*"]),
                (
                    [
                        "events:PutRule", "events:DeleteRule", "events:DescribeRule", "events:EnableRule", "events:DisableRule",
                        "events:ListTargetsByRule", "events:PutTargets", "events:RemoveTargets",
                    ], ["arn:aws:events:*:*:rule/AwsDataLifecycleRule.managed-cwe.*"]
                ),
            ])),
        ManagedPolicy(
            name: "AWSDataLifecycleManagerServiceRoleForAMIManagement",
            description: "Allows Data Lifecycle Manager to make, copy, deprecate and deregister images", version: "v2",
            created: Instant(seconds: 1_603_309_181), updated: Instant(seconds: 1_629_392_624),
            document: policy([
                (["ec2:CreateTags"], ["arn:aws:ec2:*::snapshot/*", "arn:aws:ec2:*::image/*"]),
                (
                    [
                        "ec2:DescribeImages", "ec2:DescribeInstances", "ec2:DescribeImageAttribute", "ec2:DescribeVolumes",
                        "ec2:DescribeSnapshots",
                    ], ["*"]
                ),
                (["ec2:DeleteSnapshot"], ["arn:aws:ec2:*::snapshot/*"]),
                (
                    [
                        "ec2:ResetImageAttribute", "ec2:DeregisterImage", "ec2:CreateImage", "ec2:CopyImage",
                        "ec2:ModifyImageAttribute",
                    ], ["*"]
                ),
                (["ec2:EnableImageDeprecation", "ec2:DisableImageDeprecation"], ["arn:aws:ec2:*::image/*"]),
            ])),
    ]

    /// Statements that allow actions on resources. None of these has a character that JSON escapes.
    private static func policy(_ statements: [(actions: [String], resources: [String])]) -> String {
        func list(_ texts: [String]) -> String { "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        let list = statements.map { "{\"Effect\":\"Allow\",\"Action\":\(list($0.actions)),\"Resource\":\(list($0.resources))}" }
        return "{\"Version\":\"2012-10-17\",\"Statement\":[\(list.joined(separator: ","))]}"
    }
}
