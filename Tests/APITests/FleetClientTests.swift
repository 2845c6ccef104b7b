import Cloud
import TestSupport
import Testing

/// boto3 on launch templates and Auto Scaling groups. Instances are of the public images.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct FleetClientTests {
    private static func run(_ script: String, expecting expected: String) throws {
        try EndpointFixture.run { fixture in
            (fixture.plane as? EmbeddedPlane)?.offerPublicImages()
            let output = try fixture.boto3(script)
            #expect(output == expected)
        }
    }

    @Test("templates have versions, of which one is the default, and instances are launched from them")
    func templates() throws {
        try Self.run(
            """
            data = {"ImageId": "ami-12c6146b", "InstanceType": "t3.micro", "BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20}}],
                "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Team", "Value": "web"}]}], "MetadataOptions": {"HttpTokens": "required"}}
            t = ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data, VersionDescription="first", TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "Team", "Value": "x"}]}])["LaunchTemplate"]
            print(t["DefaultVersionNumber"], t["LatestVersionNumber"], t["Tags"])
            print(fails(lambda: ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)), fails(lambda: ec2.create_launch_template(LaunchTemplateName="a b", LaunchTemplateData=data)))
            v = ec2.create_launch_template_version(LaunchTemplateName="web", SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.large"})["LaunchTemplateVersion"]
            print(v["VersionNumber"], v["LaunchTemplateData"] == {**data, "InstanceType": "t3.large"}, v["DefaultVersion"])
            asked = lambda *versions: [(x["VersionNumber"], x["LaunchTemplateData"]["InstanceType"]) for x in ec2.describe_launch_template_versions(LaunchTemplateName="web", Versions=list(versions))["LaunchTemplateVersions"]]
            print(asked("$Latest"), asked("$Default"), asked("1", "2"), fails(lambda: asked("7")))
            launch = lambda **more: ec2.run_instances(MinCount=1, MaxCount=1, **more)["Instances"][0]
            i = launch(LaunchTemplate={"LaunchTemplateName": "web"})
            tags = {x["Key"]: x["Value"] for x in i["Tags"]}
            print(i["InstanceType"], tags["Team"], tags["aws:ec2launchtemplate:id"] == t["LaunchTemplateId"], tags["aws:ec2launchtemplate:version"], i["MetadataOptions"]["HttpTokens"])
            i = launch(LaunchTemplate={"LaunchTemplateId": t["LaunchTemplateId"], "Version": "$Latest"}, KeyName=ec2.create_key_pair(KeyName="k")["KeyName"])
            print(i["InstanceType"], i["KeyName"], [x["Size"] for x in ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [i["InstanceId"]]}])["Volumes"]])
            print(launch(LaunchTemplate={"LaunchTemplateName": "web"}, InstanceType="t3.small")["InstanceType"])
            ec2.create_launch_template(LaunchTemplateName="old", LaunchTemplateData={**data, "KernelId": "aki-1"}); ec2.create_launch_template(LaunchTemplateName="odd", LaunchTemplateData={**data, "UserData": "no base64!"})
            print(fails(lambda: launch(LaunchTemplate={"LaunchTemplateName": "old"})), fails(lambda: launch(LaunchTemplate={"LaunchTemplateName": "odd"})))
            for name in ("old", "odd"): ec2.delete_launch_template(LaunchTemplateName=name)
            print(fails(lambda: launch(LaunchTemplate={"LaunchTemplateName": "nobody"})), fails(lambda: launch(LaunchTemplate={"LaunchTemplateName": "web", "Version": "9"})))
            print(ec2.modify_launch_template(LaunchTemplateName="web", DefaultVersion="2")["LaunchTemplate"]["DefaultVersionNumber"])
            d = ec2.delete_launch_template_versions(LaunchTemplateName="web", Versions=["1", "5"])
            print(len(d["SuccessfullyDeletedLaunchTemplateVersions"]), d["UnsuccessfullyDeletedLaunchTemplateVersions"][0]["ResponseError"]["Code"])
            print(fails(lambda: ec2.delete_launch_template_versions(LaunchTemplateName="web", Versions=["2"])))
            print(ec2.get_launch_template_data(InstanceId=i["InstanceId"])["LaunchTemplateData"]["ImageId"])
            ec2.delete_launch_template(LaunchTemplateName="web"); print(ec2.describe_launch_templates()["LaunchTemplates"], fails(lambda: ec2.describe_launch_templates(LaunchTemplateNames=["web"])))
            """,
            expecting: """
                1 1 [{'Key': 'Team', 'Value': 'x'}]
                ('InvalidLaunchTemplateName.AlreadyExistsException', 400) ('InvalidLaunchTemplateName.MalformedException', 400)
                2 True False
                [(2, 't3.large')] [(1, 't3.micro')] [(2, 't3.large'), (1, 't3.micro')] ('InvalidLaunchTemplateId.VersionNotFound', 400)
                t3.micro web True 1 required
                t3.large k [20]
                t3.small
                ('UnknownParameter', 400) ('InvalidUserData.Malformed', 400)
                ('InvalidLaunchTemplateName.NotFoundException', 400) ('InvalidLaunchTemplateId.VersionNotFound', 400)
                2
                1 launchTemplateVersionDoesNotExist
                ('OperationNotPermitted', 400)
                ami-12c6146b
                [] ('InvalidLaunchTemplateName.NotFoundException', 400)

                """)
    }

    @Test("groups launch, grow, shrink and are refreshed")
    func groups() throws {
        try Self.run(
            """
            scaling = client("autoscaling")
            for image in ("ami-12c6146b", "ami-03cf127a"):
                data = {"ImageId": image, "InstanceType": "t3.micro"}
                if image == "ami-12c6146b": ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
                else: ec2.create_launch_template_version(LaunchTemplateName="web", LaunchTemplateData=data)
            make = lambda **more: scaling.create_auto_scaling_group(**{**dict(AutoScalingGroupName="web", MinSize=1, MaxSize=5, DesiredCapacity=2, AvailabilityZones=["us-east-1a", "us-east-1b"],
                LaunchTemplate={"LaunchTemplateName": "web", "Version": "1"}, Tags=[{"Key": "Team", "Value": "x", "PropagateAtLaunch": True}]), **more})
            print(fails(lambda: make(DesiredCapacity=9)), fails(lambda: make(LaunchTemplate={"LaunchTemplateName": "nobody"}))); make(); print(fails(make))
            def group(): return scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["web"])["AutoScalingGroups"][0]
            images = lambda: sorted(i["ImageId"] for r in ec2.describe_instances(Filters=[{"Name": "instance-state-name", "Values": ["running"]}, {"Name": "tag:Team", "Values": ["x"]}])["Reservations"] for i in r["Instances"])
            print(len(group()["Instances"]), group()["Instances"][0]["LifecycleState"], images())
            scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=3); print(len(group()["Instances"]), fails(lambda: scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=8)))
            r = scaling.start_instance_refresh(AutoScalingGroupName="web", DesiredConfiguration={"LaunchTemplate": {"LaunchTemplateName": "web", "Version": "$Latest"}}, Preferences={"InstanceWarmup": 0, "MinHealthyPercentage": 50})["InstanceRefreshId"]
            d = scaling.describe_instance_refreshes(AutoScalingGroupName="web", InstanceRefreshIds=[r])["InstanceRefreshes"][0]
            print(d["Status"], d["PercentageComplete"], images(), group()["LaunchTemplate"]["Version"])
            print(fails(lambda: scaling.cancel_instance_refresh(AutoScalingGroupName="web")), fails(lambda: scaling.delete_auto_scaling_group(AutoScalingGroupName="web")))
            print(len(scaling.describe_auto_scaling_instances()["AutoScalingInstances"]), len(scaling.describe_scaling_activities(AutoScalingGroupName="web")["Activities"]), other("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"])
            marks = {t["Value"] for r in ec2.describe_instances(Filters=[{"Name": "tag:Team", "Values": ["x"]}, {"Name": "instance-state-name", "Values": ["running"]}])["Reservations"] for i in r["Instances"] for t in i["Tags"] if t["Key"] == "aws:ec2launchtemplate:version"}
            scaling.delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True); print(images(), marks)
            ec2.create_launch_template(LaunchTemplateName="old", LaunchTemplateData={"ImageId": "ami-12c6146b", "KernelId": "aki-1"})
            make(AutoScalingGroupName="old", DesiredCapacity=1, LaunchTemplate={"LaunchTemplateName": "old", "Version": "$Latest"})
            print(scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["old"])["AutoScalingGroups"][0]["Instances"], {(a["StatusCode"], a.get("StatusMessage")) for a in scaling.describe_scaling_activities(AutoScalingGroupName="old")["Activities"]})
            """,
            expecting: """
                ('ValidationError', 400) ('InvalidLaunchTemplateName.NotFoundException', 400)
                ('AlreadyExists', 400)
                2 InService ['ami-12c6146b', 'ami-12c6146b']
                3 ('ValidationError', 400)
                Successful 100 ['ami-03cf127a', 'ami-03cf127a', 'ami-03cf127a'] 2
                ('ActiveInstanceRefreshNotFound', 400) ('ResourceInUse', 400)
                3 9 []
                [] {'2'}
                [] {('Failed', 'The parameter KernelId is not recognized')}

                """)
    }
}
