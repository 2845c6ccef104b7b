import API
import Cloud
import HTTPServer
import Model
import Platform
import SigV4
import TestSupport
import Testing

/// boto3 and the AWS CLI on Data Lifecycle Manager.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct PolicyClientTests {
    /// What the scripts begin with.
    private static let head = """
        dlm = client("dlm")
        client("iam").create_role(RoleName="AWSDataLifecycleManagerDefaultRole", Path="/service-role/", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "dlm.amazonaws.com"}, "Action": "sts:AssumeRole"}]}')
        role = "arn:aws:iam::111111111111:role/service-role/AWSDataLifecycleManagerDefaultRole"
        def details(**more):
            schedule = {"Name": "Daily", "CreateRule": {"Interval": 12, "IntervalUnit": "HOURS", "Times": ["09:00"]}, "RetainRule": {"Count": 3}}
            schedule.update(more.pop("schedule", {}))
            return {"ResourceTypes": ["VOLUME"], "TargetTags": [{"Key": "Backup", "Value": "yes"}], "Schedules": [schedule], **more}
        def create(**more):
            return dlm.create_lifecycle_policy(ExecutionRoleArn=more.pop("role", role), Description=more.pop("description", "nightly"), State="ENABLED",
                PolicyDetails=details(**more))["PolicyId"]

        """

    @Test("a policy is made, found by its filters, changed, tagged and deleted, and its answers are what was asked for")
    func policies() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.head + """
                    id = dlm.create_lifecycle_policy(ExecutionRoleArn=role, Description="nightly", State="ENABLED", Tags={"Team": "data"}, PolicyDetails=details(
                        schedule={"CopyTags": True, "TagsToAdd": [{"Key": "Tier", "Value": "gold"}],
                                  "CrossRegionCopyRules": [{"TargetRegion": "us-west-2", "Encrypted": False, "RetainRule": {"Interval": 1, "IntervalUnit": "MONTHS"}}]}))["PolicyId"]
                    print(id.startswith("policy-0"), len(id))
                    p = dlm.get_lifecycle_policy(PolicyId=id)["Policy"]
                    print(p["PolicyArn"] == f"arn:aws:dlm:us-east-1:111111111111:policy/{id}", p["State"], p["Description"], p["ExecutionRoleArn"] == role, p["Tags"], p["DefaultPolicy"])
                    print(p["DateCreated"] == p["DateModified"], "StatusMessage" in p)
                    print(json.dumps(p["PolicyDetails"], sort_keys=True))
                    images = create(PolicyType="IMAGE_MANAGEMENT", ResourceTypes=["INSTANCE"], TargetTags=[{"Key": "Role", "Value": "web"}], Parameters={"NoReboot": False},
                        schedule={"DeprecateRule": {"Count": 2}, "VariableTags": [{"Key": "Of", "Value": "$(instance-id)"}]})
                    found = lambda **filters: [x["PolicyId"] for x in dlm.get_lifecycle_policies(**filters)["Policies"]]
                    print(found() == [id, images], found(PolicyIds=[images]) == [images], found(PolicyIds=[id, images]) == [id, images], found(ResourceTypes=["INSTANCE"]) == [images])
                    print(found(TargetTags=["Backup=yes", "x=y"]) == [id], found(TagsToAdd=["Tier=gold"]) == [id], found(State="DISABLED"), found(DefaultPolicyType="ALL"))
                    print([x["PolicyType"] for x in dlm.get_lifecycle_policies()["Policies"]])
                    dlm.update_lifecycle_policy(PolicyId=id, State="DISABLED", Description="weekly")
                    dlm.update_lifecycle_policy(PolicyId=id, PolicyDetails={"TargetTags": [{"Key": "Backup", "Value": "weekly"}]})
                    p = dlm.get_lifecycle_policy(PolicyId=id)["Policy"]; print(p["State"], p["Description"], p["PolicyDetails"]["TargetTags"], len(p["PolicyDetails"]["Schedules"]))
                    arn = p["PolicyArn"]
                    dlm.tag_resource(ResourceArn=arn, Tags={"Env": "prod", "Team": "web"}); print(dlm.list_tags_for_resource(ResourceArn=arn)["Tags"])
                    dlm.untag_resource(ResourceArn=arn, TagKeys=["Team", "none"]); print(dlm.list_tags_for_resource(ResourceArn=arn)["Tags"])
                    dlm.delete_lifecycle_policy(PolicyId=id)
                    for call in [lambda: dlm.get_lifecycle_policy(PolicyId=id), lambda: dlm.delete_lifecycle_policy(PolicyId=id), lambda: dlm.update_lifecycle_policy(PolicyId=id, State="ENABLED"),
                                 lambda: dlm.get_lifecycle_policies(PolicyIds=[id]), lambda: dlm.list_tags_for_resource(ResourceArn=arn), lambda: other("dlm").get_lifecycle_policy(PolicyId=images),
                                 lambda: other("dlm").delete_lifecycle_policy(PolicyId=images), lambda: client("dlm", "us-west-2").get_lifecycle_policy(PolicyId=images),
                                 lambda: other("dlm").tag_resource(ResourceArn=arn.replace(id, images), Tags={"a": "b"})]: print(fails(call))
                    print(other("dlm").get_lifecycle_policies()["Policies"], found() == [images])
                    """)
            #expect(
                output == """
                    True 24
                    True ENABLED nightly True {'Team': 'data'} False
                    True False
                    {"PolicyLanguage": "STANDARD", "PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "ResourceLocations": ["CLOUD"], "ResourceTypes": ["VOLUME"], "Schedules": [{"CopyTags": true, "CreateRule": {"Interval": 12, "IntervalUnit": "HOURS", "Times": ["09:00"]}, "CrossRegionCopyRules": [{"Encrypted": false, "RetainRule": {"Interval": 1, "IntervalUnit": "MONTHS"}, "TargetRegion": "us-west-2"}], "Name": "Daily", "RetainRule": {"Count": 3}, "TagsToAdd": [{"Key": "Tier", "Value": "gold"}]}], "TargetTags": [{"Key": "Backup", "Value": "yes"}]}
                    True True True True
                    True True [] []
                    ['EBS_SNAPSHOT_MANAGEMENT', 'IMAGE_MANAGEMENT']
                    DISABLED weekly [{'Key': 'Backup', 'Value': 'weekly'}] 1
                    {'Env': 'prod', 'Team': 'web'}
                    {'Env': 'prod'}
                    ('ResourceNotFoundException', 404)
                    ('ResourceNotFoundException', 404)
                    ('ResourceNotFoundException', 404)
                    ('ResourceNotFoundException', 404)
                    ('ResourceNotFoundException', 404)
                    ('ResourceNotFoundException', 404)
                    ('ResourceNotFoundException', 404)
                    ('ResourceNotFoundException', 404)
                    ('ResourceNotFoundException', 404)
                    [] True

                    """)
        }
    }

    @Test("default policies, sharing and the archive are made and told in AWS's shapes")
    func defaults() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.head + """
                    make = lambda **more: dlm.create_lifecycle_policy(ExecutionRoleArn=role, Description="all", State="ENABLED", **more)["PolicyId"]
                    v = make(DefaultPolicy="VOLUME", RetainInterval=9, CopyTags=True, CrossRegionCopyTargets=[{"TargetRegion": "us-west-2"}], Exclusions={"ExcludeBootVolumes": True, "ExcludeVolumeTypes": ["st1"], "ExcludeTags": [{"Key": "a", "Value": "b"}]})
                    i = make(PolicyDetails={"PolicyLanguage": "SIMPLIFIED", "ResourceType": "INSTANCE", "CreateInterval": 2, "ExtendDeletion": True})
                    p = dlm.get_lifecycle_policy(PolicyId=v)["Policy"]; print(p["DefaultPolicy"], json.dumps(p["PolicyDetails"], sort_keys=True))
                    p = dlm.get_lifecycle_policy(PolicyId=i)["Policy"]; print(p["DefaultPolicy"], json.dumps(p["PolicyDetails"], sort_keys=True))
                    c = create(schedule={"ShareRules": [{"TargetAccounts": ["222222222222"], "UnshareInterval": 1, "UnshareIntervalUnit": "WEEKS"}]})
                    a = create(schedule={"CreateRule": {"CronExpression": "cron(0 9 1 * ? *)"}, "RetainRule": {"Count": 0}, "ArchiveRule": {"RetainRule": {"RetentionArchiveTier": {"Count": 12}}}})
                    print([dlm.get_lifecycle_policy(PolicyId=x)["Policy"]["PolicyDetails"]["Schedules"][0][y] for x, y in [(c, "ShareRules"), (a, "ArchiveRule")]])
                    found = lambda **filters: [x["PolicyId"] for x in dlm.get_lifecycle_policies(**filters)["Policies"]]
                    print(found(DefaultPolicyType="ALL") == [v, i], found(DefaultPolicyType="INSTANCE") == [i], found() == [v, i, c, a], [x["DefaultPolicy"] for x in dlm.get_lifecycle_policies()["Policies"]])
                    dlm.update_lifecycle_policy(PolicyId=v, CreateInterval=3, Exclusions={})
                    d = dlm.get_lifecycle_policy(PolicyId=v)["Policy"]["PolicyDetails"]; print(d["CreateInterval"], d["RetainInterval"], d["Exclusions"])
                    print(fails(lambda: make(DefaultPolicy="VOLUME")), fails(lambda: dlm.update_lifecycle_policy(PolicyId=c, CreateInterval=2)), fails(lambda: dlm.update_lifecycle_policy(PolicyId=v, RetainInterval=3)))
                    dlm.delete_lifecycle_policy(PolicyId=i); print(fails(lambda: dlm.get_lifecycle_policy(PolicyId=i)), found() == [v, c, a], fails(lambda: dlm.delete_lifecycle_policy(PolicyId=i)), make(DefaultPolicy="INSTANCE") != i)
                    """)
            #expect(
                output == """
                    True {"CopyTags": true, "CreateInterval": 1, "CrossRegionCopyTargets": [{"TargetRegion": "us-west-2"}], "Exclusions": {"ExcludeBootVolumes": true, "ExcludeTags": [{"Key": "a", "Value": "b"}], "ExcludeVolumeTypes": ["st1"]}, "ExtendDeletion": false, "PolicyLanguage": "SIMPLIFIED", "PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "ResourceType": "VOLUME", "RetainInterval": 9}
                    True {"CopyTags": false, "CreateInterval": 2, "ExtendDeletion": true, "PolicyLanguage": "SIMPLIFIED", "PolicyType": "IMAGE_MANAGEMENT", "ResourceType": "INSTANCE", "RetainInterval": 7}
                    [[{'TargetAccounts': ['222222222222'], 'UnshareInterval': 1, 'UnshareIntervalUnit': 'WEEKS'}], {'RetainRule': {'RetentionArchiveTier': {'Count': 12}}}]
                    True True True [True, True, False, False]
                    3 9 {}
                    ('LimitExceededException', 429) ('InvalidRequestException', 400) ('InvalidRequestException', 400)
                    ('ResourceNotFoundException', 404) True ('ResourceNotFoundException', 404) True

                    """)
        }
    }

    @Test("what is not carried, or what AWS refuses, is refused, and makes nothing")
    func refusals() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.head + """
                    for more in [dict(schedule={"FastRestoreRule": {"Count": 1, "AvailabilityZones": ["us-east-1a"]}}), dict(schedule={"ShareRules": [{"TargetAccounts": ["22222222222x"]}]}),
                                 dict(schedule={"ArchiveRule": {"RetainRule": {"RetentionArchiveTier": {"Count": 1}}}}), dict(schedule={"CreateRule": {"Interval": 12, "IntervalUnit": "HOURS", "Scripts": [{"ExecutionHandler": "AWS_VSS_BACKUP"}]}}),
                                 dict(PolicyType="EVENT_BASED_POLICY", EventSource={"Type": "MANAGED_CWE"}), dict(PolicyLanguage="SIMPLIFIED", ResourceType="VOLUME"), dict(ResourceLocations=["OUTPOST"]),
                                 dict(role="arn:aws:iam::222222222222:role/x"), dict(role="admin"), dict(role="arn:aws:iam::111111111111:role/gone"), dict(role="arn:aws:iam::111111111111:role/AWSDataLifecycleManagerDefaultRole"), dict(description="no/slash"), dict(schedule={"RetainRule": {"Count": 2000}}),
                                 dict(TargetTags=[{"Key": "aws:x", "Value": "y"}]), dict(ResourceTypes=["DISK"]), dict(schedule={"CreateRule": {"CronExpression": "cron(0/5 * * * ? *)"}})]:
                        print(fails(lambda: create(**more)), says(lambda: create(**more)))
                    default = lambda **more: dlm.create_lifecycle_policy(ExecutionRoleArn=role, Description="d", State="ENABLED", DefaultPolicy="VOLUME", **more)
                    print(fails(lambda: default(CreateInterval=7, RetainInterval=7)), fails(lambda: default(CreateInterval=1, PolicyDetails={"RetainInterval": 7})), fails(lambda: default(PolicyDetails={"ResourceType": "INSTANCE"})))
                    print(fails(lambda: dlm.create_lifecycle_policy(ExecutionRoleArn=role, Description="d", State="ENABLED")), fails(lambda: dlm.get_lifecycle_policies(State="GONE")))
                    print(fails(lambda: dlm.get_lifecycle_policy(PolicyId="../../x")), fails(lambda: dlm.list_tags_for_resource(ResourceArn="arn:aws:ec2:us-east-1:111111111111:volume/vol-1")))
                    id = create(); arn = f"arn:aws:dlm:us-east-1:111111111111:policy/{id}"
                    print(fails(lambda: dlm.update_lifecycle_policy(PolicyId=id, PolicyDetails={"PolicyType": "IMAGE_MANAGEMENT"})), fails(lambda: dlm.tag_resource(ResourceArn=arn, Tags={"aws:x": "y"})))
                    print(fails(lambda: dlm.tag_resource(ResourceArn=arn, Tags={f"k{n}": "v" for n in range(51)})), len(dlm.get_lifecycle_policies()["Policies"]))
                    for n in range(99): create()
                    print(fails(create))
                    """)
            let lines = output.split(separator: "\n").map(String.init)
            let words = [
                "PolicyDetails.Schedules.1.FastRestoreRule", "12 digits", "at least 28 days",
                "CreateRule.Scripts", "EventSource", "for custom policies alone", "Outposts", "cross-account", "ARN of a role",
                "role/gone of ExecutionRoleArn does not exist", "does not exist",
                "Description",
                "1 to 1000", "aws:", "ResourceTypes", "at least an hour",
            ]
            try #require(lines.count == words.count + 6, "\(output)")
            for (line, word) in zip(lines, words) {
                #expect(line.hasPrefix("('InvalidRequestException', 400) ") && line.contains(word), "\(line)")
            }
            let invalid = "('InvalidRequestException', 400)"
            #expect(
                lines.suffix(6) == [
                    "\(invalid) \(invalid) \(invalid)", "\(invalid) \(invalid)", "('ResourceNotFoundException', 404) \(invalid)",
                    "\(invalid) \(invalid)",
                    "\(invalid) 1", "('LimitExceededException', 429)",
                ])
        }
    }

    @Test("the AWS CLI makes, changes and deletes a policy")
    func commandLine() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.aws(
                """
                cat > details.json <<'END'
                {"PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "ResourceTypes": ["VOLUME"], "TargetTags": [{"Key": "Backup", "Value": "yes"}],
                 "Schedules": [{"Name": "Nightly", "CreateRule": {"CronExpression": "cron(0 3 * * ? *)"}, "RetainRule": {"Interval": 1, "IntervalUnit": "WEEKS"}}]}
                END
                role=$(aws dlm create-default-role --query Role.Arn --output text)
                aws dlm create-default-role
                aws dlm create-default-role --resource-type image --query '[Role.Arn, RolePolicy.Statement[0].Action[0]]' --output text
                for name in AWSDataLifecycleManagerDefaultRole AWSDataLifecycleManagerDefaultRoleForAMIManagement; do aws iam list-attached-role-policies --role-name $name --query 'AttachedPolicies[].PolicyArn' --output text; done
                aws iam get-policy --policy-arn arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole --query 'Policy.[AttachmentCount,DefaultVersionId,IsAttachable]' --output text
                aws iam get-policy --policy-arn arn:aws:iam::aws:policy/None 2>&1 | grep -o NoSuchEntity
                id=$(aws dlm create-lifecycle-policy --description nightly --state ENABLED --execution-role-arn $role --policy-details file://details.json --query PolicyId --output text)
                aws dlm get-lifecycle-policy --policy-id $id --query 'Policy.[State,PolicyDetails.Schedules[0].RetainRule.IntervalUnit]' --output text
                aws dlm update-lifecycle-policy --policy-id $id --state DISABLED
                aws dlm get-lifecycle-policies --state DISABLED --query 'Policies[].Description' --output text
                aws dlm delete-lifecycle-policy --policy-id $id
                aws dlm get-lifecycle-policies --query 'length(Policies)'
                """)
            #expect(
                output == """
                    arn:aws:iam::111111111111:role/AWSDataLifecycleManagerDefaultRoleForAMIManagement\tec2:CreateTags
                    arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRole
                    arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRoleForAMIManagement
                    1\tv10\tTrue
                    NoSuchEntity
                    ENABLED\tWEEKS
                    nightly
                    0

                    """)
        }
    }

    @Test("requests that were cut or changed anywhere never crash, and no wrong one makes a policy")
    func mutations() throws {
        try EndpointFixture.run { fixture in
            let role = "arn:aws:iam::111111111111:role/r"
            let owner = try fixture.plane.actions(in: RegionName(parsing: "us-east-1"), as: fixture.owner.account)
            _ = try owner.createRole(
                RoleCreation(
                    name: "r",
                    trust:
                        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"dlm.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
                ))
            let body = Array(
                """
                {"ExecutionRoleArn":"\(role)","Description":"d","State":"ENABLED","PolicyDetails":{"ResourceTypes":["VOLUME"],\
                "TargetTags":[{"Key":"a","Value":"b"}],"Schedules":[{"CreateRule":{"CronExpression":"cron(0 3 * * ? *)"},"RetainRule":{"Count":3}}]}}
                """.utf8)
            func send(_ body: [UInt8]) throws -> Int {
                let message = Message(
                    method: "POST", path: "/policies", query: "",
                    fields: [.init("host", "localhost"), .init("content-type", "application/json")], body: body)
                let signed = try #require(
                    Signer(fixture.owner.key, region: "us-east-1", service: "dlm")
                        .signed(message, at: SigningTime(seconds: EndpointFixture.clock())))
                return fixture.endpoint.respond(
                    to: Request(
                        method: "POST", path: "/policies", fields: signed.fields.map { .init($0.name, $0.value) }, body: body)
                ).status
            }
            #expect(try send(body) == 200)
            for end in body.indices { #expect(try send(Array(body[..<end])) == 400) }
            var made = 0
            for index in body.indices {
                for bit in [0, 5, 7] {
                    var changed = body
                    changed[index] ^= 1 << UInt8(bit)
                    let status = try send(changed)
                    #expect([200, 400, 429].contains(status))
                    if status == 200 { made += 1 }
                }
            }
            #expect(try owner.lifecyclePolicies().count == made + 1)
        }
    }
}
