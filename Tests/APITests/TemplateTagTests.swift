import TestSupport
import Testing

@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct TemplateTagTests {
    @Test("tags that no launch could set are refused where a template or a version of one is made")
    func reserved() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                def data(key): return {"InstanceType": "t3.micro", "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Team", "Value": "x"}, {"Key": key, "Value": "y"}]}]}
                make = lambda key: ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data(key))
                print(fails(lambda: make("aws:cloudformation:stack-name")), says(lambda: make("AWS:x")), ec2.describe_launch_templates()["LaunchTemplates"])
                make("Name"); more = lambda key: ec2.create_launch_template_version(LaunchTemplateName="web", LaunchTemplateData=data(key))["LaunchTemplateVersion"]
                print(fails(lambda: more("aws:x")), more("Other")["VersionNumber"])
                """)
            #expect(
                output == """
                    ('InvalidParameterValue', 400) Tag keys starting with 'aws:' are reserved for internal use []
                    ('InvalidParameterValue', 400) 2

                    """)
        }
    }
}
