import API
import Cloud
import Model
import SigV4
import TestSupport
import Testing

/// boto3 on images. What a script prints is what its expectations say.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct ImageClientTests {
    @Test("images are found by id, owner, name, tag and pattern, page by page, and with all that is always there")
    func describe() throws {
        try EndpointFixture.run { fixture in
            for number in 1...12 { try fixture.image("web-\(number)", tags: [("Team", number % 2 == 0 ? "even" : "odd")]) }
            let output = try fixture.boto3(
                """
                image = ec2.describe_images(Filters=[{"Name": "name", "Values": ["web-3"]}])["Images"][0]
                print(image["ImageLocation"], image["State"], image["Public"], image["Tags"], image["CreationDate"])
                always = "Architecture CreationDate ImageId ImageLocation ImageType Public OwnerId State BlockDeviceMappings Hypervisor Name RootDeviceType VirtualizationType PlatformDetails UsageOperation EnaSupport RootDeviceName".split()
                print([k for k in always if k not in image])
                print(image["BlockDeviceMappings"][0]["DeviceName"], image["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"])
                print([i["Name"] for i in ec2.describe_images(ImageIds=[image["ImageId"]], Owners=["self"])["Images"]])
                count = lambda **k: len(ec2.describe_images(**k)["Images"])
                tag = lambda v: [{"Name": "tag:Team", "Values": [v]}]
                print(count(Owners=["self"]), count(Filters=tag("even")), count(Filters=tag("o*")), count(Filters=tag("none")), count(Owners=["222222222222"]))
                print(count(Filters=[{"Name": "name", "Values": ["web-1?"]}]), count(ExecutableUsers=["self"]))
                pages = list(ec2.get_paginator("describe_images").paginate(Owners=["self"], PaginationConfig={"PageSize": 5}))
                print([len(p["Images"]) for p in pages], len({i["ImageId"] for p in pages for i in p["Images"]}))
                ec2.get_waiter("image_available").wait(ImageIds=[image["ImageId"]])
                print(len(other("ec2").describe_images()["Images"]))
                """)
            #expect(
                output == """
                    111111111111/web-3 available False [{'Key': 'Team', 'Value': 'odd'}] 2026-11-18T11:06:40.000Z
                    []
                    /dev/xvda 8
                    ['web-3']
                    12 6 6 0 0
                    3 0
                    [5, 5, 2] 12
                    0

                    """)
        }
    }

    @Test("a list of several megabytes arrives whole, in order, with its length and nothing behind it")
    func longList() throws {
        try EndpointFixture.run { fixture in
            let long = (0..<10).map { ("Note\($0)", String(repeating: "n", count: 250)) }
            for number in 0..<1000 { try fixture.image("web-\(number)", tags: long + [("Team", "of number \(number)")]) }
            let output = try fixture.boto3(
                """
                for turn in range(2):
                    answer = ec2.describe_images(Owners=["self"])
                    images, fields = answer["Images"], answer["ResponseMetadata"]["HTTPHeaders"]
                    print([i["Name"] for i in images] == [f"web-{n}" for n in range(1000)], images[-1]["Tags"][-1])
                    print({len(i["Tags"]) for i in images}, int(fields["content-length"]) > 3 << 20, "transfer-encoding" in fields)
                """)
            let once = "True {'Key': 'Team', 'Value': 'of number 999'}\n{11} True False\n"
            #expect(output == once + once)
        }
    }

    @Test("errors have AWS's codes and words")
    func errors() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("private")
            let output = try fixture.boto3(
                """
                d = ec2.describe_images
                print(says(lambda: d(ImageIds=["not_an_ami_id"])), fails(lambda: d(ImageIds=["not_an_ami_id"])))
                print(says(lambda: d(ImageIds=["ami-abcd1234"])), fails(lambda: d(ImageIds=["ami-abcd1234"])))
                print(says(lambda: other("ec2").describe_images(ImageIds=["\(image.id)"])))
                print(says(lambda: d(Filters=[{"Name": "nope", "Values": ["x"]}])), fails(lambda: d(Filters=[{"Name": "nope", "Values": ["x"]}])))
                print(fails(lambda: d(MaxResults=2)), fails(lambda: d(NextToken="what")))
                print(fails(lambda: d(DryRun=True)), fails(lambda: ec2.deregister_image(ImageId="\(image.id)", DryRun=True)))
                print(fails(lambda: ec2.describe_image_attribute(ImageId="\(image.id)", Attribute="blockDeviceMapping")))
                print(fails(lambda: other("ec2").modify_image_attribute(ImageId="\(image.id)", Description={"Value": "x"})))
                print(fails(lambda: ec2.modify_image_attribute(ImageId="\(image.id)", LaunchPermission={"Add": [{"UserId": "12"}]})))
                print(fails(lambda: ec2.copy_image(Name="a?b", SourceImageId="\(image.id)", SourceRegion="us-east-1")))
                print(fails(lambda: ec2.copy_image(Name="x y z", SourceImageId="\(image.id)", SourceRegion="nowhere")))
                """)
            #expect(
                output == """
                    Invalid id: "not_an_ami_id" (expecting "ami-...") ('InvalidAMIID.Malformed', 400)
                    The image id '[ami-abcd1234]' does not exist ('InvalidAMIID.NotFound', 400)
                    The image id '[\(image.id)]' does not exist
                    The filter 'nope' is invalid ('InvalidParameterValue', 400)
                    ('InvalidParameterValue', 400) ('InvalidNextToken', 400)
                    ('DryRunOperation', 412) ('DryRunOperation', 412)
                    ('AuthFailure', 401)
                    ('AuthFailure', 400)
                    ('InvalidAMIAttributeItemValue', 400)
                    ('InvalidAMIName.Malformed', 400)
                    ('InvalidRegion', 400)

                    """)
        }
    }

    @Test("an image is shared, described by whom it is shared with, disabled, deprecated, protected and deregistered")
    func life() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("life")
            let output = try fixture.boto3(
                """
                id = "\(image.id)"; theirs = other("ec2")
                ec2.modify_image_attribute(ImageId=id, LaunchPermission={"Add": [{"UserId": "222222222222"}]}, UserIds=["222222222222"])
                print(ec2.describe_image_attribute(ImageId=id, Attribute="launchPermission")["LaunchPermissions"])
                shown = theirs.describe_images(ExecutableUsers=["self"])["Images"][0]
                print(shown["ImageId"] == id, shown["OwnerId"], "Tags" in shown)
                ec2.modify_image_attribute(ImageId=id, Description={"Value": "new words"})
                print(ec2.describe_image_attribute(ImageId=id, Attribute="description")["Description"])
                print(fails(lambda: ec2.modify_image_attribute(ImageId=id, LaunchPermission={"Add": [{"Group": "all"}]})))
                print(ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"])
                print(ec2.disable_image_block_public_access()["ImageBlockPublicAccessState"])
                ec2.modify_image_attribute(ImageId=id, Attribute="launchPermission", OperationType="add", UserGroups=["all"])
                print(theirs.describe_images(ExecutableUsers=["all"])["Images"][0]["Public"])
                ec2.reset_image_attribute(ImageId=id, Attribute="launchPermission")
                print(theirs.describe_images()["Images"])
                ec2.enable_image_deprecation(ImageId=id, DeprecateAt="2030-01-01T00:00:30Z")
                print(ec2.describe_images(ImageIds=[id])["Images"][0]["DeprecationTime"])
                ec2.disable_image_deprecation(ImageId=id)
                print(fails(lambda: ec2.enable_image_deprecation(ImageId=id, DeprecateAt="2020-01-01T00:00:00Z")))
                print(ec2.enable_image_deregistration_protection(ImageId=id, WithCooldown=False)["Return"])
                print(fails(lambda: ec2.deregister_image(ImageId=id)))
                print(ec2.disable_image_deregistration_protection(ImageId=id)["Return"])
                print(ec2.disable_image(ImageId=id)["Return"], len(ec2.describe_images(Owners=["self"])["Images"]), len(ec2.describe_images(Owners=["self"], IncludeDisabled=True)["Images"]))
                print(ec2.enable_image(ImageId=id)["Return"])
                gone = ec2.deregister_image(ImageId=id, DeleteAssociatedSnapshots=True)
                print(gone["Return"], [r["ReturnCode"] for r in gone["DeleteSnapshotResults"]])
                print(fails(lambda: ec2.deregister_image(ImageId=id)))
                """)
            #expect(
                output == """
                    [{'UserId': '222222222222'}]
                    True 111111111111 False
                    {'Value': 'new words'}
                    ('OperationNotPermitted', 400)
                    block-new-sharing
                    unblocked
                    True
                    []
                    2030-01-01T00:01:00.000Z
                    ('InvalidParameterValue', 400)
                    enabled-without-cooldown
                    ('OperationNotPermitted', 400)
                    disabled
                    True 0 1
                    True
                    True ['success']
                    ('InvalidAMIID.Unavailable', 400)

                    """)
        }
    }

    @Test("the AWS CLI lists regions, zones, images and who asks")
    func commandLine() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("cli")
            let output = try AWSClients.python(
                """
                import os, subprocess, sys
                env = dict(os.environ, AWS_ENDPOINT_URL="http://127.0.0.1:\(fixture.port)", AWS_ACCESS_KEY_ID="\(fixture.owner.key.id)",
                    AWS_SECRET_ACCESS_KEY="\(fixture.owner.key.secret)", AWS_DEFAULT_REGION="us-east-1", AWS_PAGER="", AWS_CONFIG_FILE="/nonexistent")
                def aws(*words):
                    p = subprocess.run([os.path.dirname(sys.executable) + "/aws", *words, "--output", "text"], env=env, capture_output=True, text=True)
                    print(p.returncode, p.stdout.strip() or p.stderr.strip())
                aws("ec2", "describe-images", "--owners", "self", "--query", "Images[].[ImageId,Name]")
                aws("ec2", "describe-availability-zones", "--region", "eu-central-1", "--query", "AvailabilityZones[].ZoneName")
                aws("ec2", "describe-regions", "--region-names", "us-west-2", "--query", "Regions[].Endpoint")
                aws("sts", "get-caller-identity", "--query", "Account")
                aws("ec2", "describe-images", "--image-ids", "ami-0123456789abcdef0")
                """)
            #expect(
                output == """
                    0 \(image.id)\tcli
                    0 eu-central-1a\teu-central-1b\teu-central-1c
                    0 ec2.us-west-2.amazonaws.com
                    0 111111111111
                    255 An error occurred (InvalidAMIID.NotFound) when calling the DescribeImages operation: The image id '[ami-0123456789abcdef0]' does not exist

                    """)
        }
    }
}
