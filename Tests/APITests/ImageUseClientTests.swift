import Cloud
import TestSupport
import Testing

/// boto3 on what images are used by, how they are marked, and which ones are let in.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct ImageUseClientTests {
    @Test("references, watermarks and allowed images are what clients set and see")
    func uses() throws {
        try EndpointFixture.run { fixture in
            (fixture.plane as? EmbeddedPlane)?.offerPublicImages()
            let own = try fixture.image("own").id
            let output = try fixture.boto3(
                """
                a = "ami-12c6146b"
                i = ec2.run_instances(ImageId=a, InstanceType="t3.micro", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
                ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData={"ImageId": a})
                client("ssm").put_parameter(Name="/golden", Value=a, Type="String")
                refs = lambda **more: [x["Arn"].split(":", 5)[5].split("/")[0] for x in ec2.describe_image_references(ImageIds=[a], **more)["ImageReferences"]]
                print(refs(IncludeAllResourceTypes=True), refs(ResourceTypes=[{"ResourceType": "ec2:Instance"}]))
                print(fails(lambda: refs()), other("ec2").describe_image_references(ImageIds=[a], IncludeAllResourceTypes=True)["ImageReferences"])
                ec2.terminate_instances(InstanceIds=[i]); print(refs(ResourceTypes=[{"ResourceType": "ec2:Instance"}]))
                k = ec2.attach_image_watermark(ImageId="\(own)", WatermarkName="approved")["WatermarkKey"]; print(k)
                print([w["WatermarkKey"] for w in ec2.describe_images(ImageIds=["\(own)"])["Images"][0].get("ImageWatermarks", [])])
                ec2.detach_image_watermark(ImageId="\(own)", WatermarkKey=k)
                print(ec2.get_allowed_images_settings()["State"])
                ec2.replace_image_criteria_in_allowed_images_settings(ImageCriteria=[{"ImageProviders": ["aws-marketplace"], "ImageNames": ["golden-*"], "CreationDateCondition": {"MaximumDaysSinceCreated": 300}}])
                ec2.enable_allowed_images_settings(AllowedImagesSettingsState="enabled")
                s = ec2.get_allowed_images_settings(); print(s["State"], s["ImageCriteria"])
                print(fails(lambda: ec2.run_instances(ImageId=a, InstanceType="t3.micro", MinCount=1, MaxCount=1)))
                print(ec2.disable_allowed_images_settings()["AllowedImagesSettingsState"], len(ec2.get_allowed_images_settings()["ImageCriteria"]))
                """)
            #expect(
                output == """
                    ['instance', 'launch-template', 'parameter'] ['instance']
                    ('InvalidParameterCombination', 400) []
                    []
                    111111111111:approved
                    ['111111111111:approved']
                    disabled
                    enabled [{'ImageProviders': ['aws-marketplace'], 'ImageNames': ['golden-*'], 'CreationDateCondition': {'MaximumDaysSinceCreated': 300}}]
                    ('InvalidAMIID.NotFound', 400)
                    disabled 1

                    """)
        }
    }
}
