import Cloud
import Model
import TestSupport
import Testing

/// boto3 on Systems Manager's parameters.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct ParameterClientTests {
    @Test("parameters are written, read by name, version, path and filter, page by page, and deleted")
    func life() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                ssm = client("ssm")
                print(*(ssm.describe_parameters(NextToken=t)["Parameters"] for t in ("1", "-1", "x")))
                print({k: v for k, v in ssm.put_parameter(Name="/web/port", Value="80", Type="String", Description="where").items() if k != "ResponseMetadata"})
                print(fails(lambda: ssm.put_parameter(Name="/web/port", Value="81", Type="String")))
                print(ssm.put_parameter(Name="/web/port", Value="81", Overwrite=True)["Version"])
                p = ssm.get_parameter(Name="/web/port")["Parameter"]
                print(p["Value"], p["Version"], p["Type"], p["DataType"], p["ARN"], p["LastModifiedDate"].tzinfo is not None)
                print(ssm.get_parameter(Name="/web/port:1")["Parameter"]["Value"], ssm.get_parameter(Name="/web/port:1")["Parameter"]["Selector"])
                print(ssm.get_parameter(Name=p["ARN"])["Parameter"]["Value"])
                print(fails(lambda: ssm.get_parameter(Name="/none")), fails(lambda: ssm.get_parameter(Name="/web/port:9")))
                ssm.put_parameter(Name="/web/password", Value="hunter2", Type="SecureString")
                print(ssm.get_parameter(Name="/web/password")["Parameter"]["Value"] != "hunter2", ssm.get_parameter(Name="/web/password", WithDecryption=True)["Parameter"]["Value"])
                for n in range(12): ssm.put_parameter(Name=f"/many/{n:02}", Value=str(n), Type="String")
                ssm.put_parameter(Name="/many/deep/er", Value="x", Type="StringList", Tier="Advanced")
                pages = list(ssm.get_paginator("get_parameters_by_path").paginate(Path="/many"))
                print([len(p["Parameters"]) for p in pages], len(ssm.get_parameters_by_path(Path="/many", Recursive=True, MaxResults=10)["Parameters"]))
                r = ssm.get_parameters(Names=["/many/00", "/none", "/many/11"]); print([p["Value"] for p in r["Parameters"]], r["InvalidParameters"])
                f = lambda *fs: [p["Name"] for p in ssm.describe_parameters(ParameterFilters=list(fs))["Parameters"]]
                print(f({"Key": "Type", "Values": ["SecureString"]}), f({"Key": "Name", "Option": "BeginsWith", "Values": ["/many/1"]}), f({"Key": "Path", "Option": "OneLevel", "Values": ["/web"]}), f({"Key": "Tier", "Values": ["Advanced"]}))
                print([(h["Version"], h["Value"]) for h in ssm.get_parameter_history(Name="/web/port")["Parameters"]])
                d = ssm.delete_parameters(Names=["/many/00", "/none"]); print(d["DeletedParameters"], d["InvalidParameters"])
                ssm.delete_parameter(Name="/web/port"); print(fails(lambda: ssm.delete_parameter(Name="/web/port")))
                print(fails(lambda: ssm.put_parameter(Name="/new", Value="x")), fails(lambda: ssm.get_parameter(Name="aws/x")))
                """)
            #expect(
                output == """
                    [] [] []
                    {'Version': 1, 'Tier': 'Standard'}
                    ('ParameterAlreadyExists', 400)
                    2
                    81 2 String text arn:aws:ssm:us-east-1:111111111111:parameter/web/port True
                    80 :1
                    81
                    ('ParameterNotFound', 400) ('ParameterVersionNotFound', 400)
                    True hunter2
                    [10, 2] 10
                    ['0', '11'] ['/none']
                    ['/web/password'] ['/many/10', '/many/11'] ['/web/password', '/web/port'] ['/many/deep/er']
                    [(1, '80'), (2, '81')]
                    ['/many/00'] ['/none']
                    ('ParameterNotFound', 400)
                    ('ValidationException', 400) ('ValidationException', 400)

                    """)
        }
    }

    @Test("labels name versions, move between them, and are refused by SSM's rules")
    func labels() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                ssm = client("ssm")
                for v in ["a", "b", "c"]: ssm.put_parameter(Name="/web/ami", Value=v, Type="String", Overwrite=True)
                label = lambda labels, **more: {k: v for k, v in ssm.label_parameter_version(Name="/web/ami", Labels=labels, **more).items() if k != "ResponseMetadata"}
                print(label(["live", "2bad", "aws-x"], ParameterVersion=1))
                print(label(["next"]))
                get = lambda name: (lambda p: (p["Value"], p["Version"], p.get("Selector")))(ssm.get_parameter(Name=name)["Parameter"])
                print(get("/web/ami:live"), get("/web/ami:next"), get("/web/ami:2"))
                print(label(["live"], ParameterVersion=2), get("/web/ami:live"))
                print([(h["Version"], h["Labels"]) for h in ssm.get_parameter_history(Name="/web/ami")["Parameters"]])
                u = ssm.unlabel_parameter_version(Name="/web/ami", ParameterVersion=2, Labels=["live", "next"]); print(u["RemovedLabels"], u["InvalidLabels"])
                print(fails(lambda: get("/web/ami:live")), fails(lambda: label(["x"], ParameterVersion=9)), fails(lambda: ssm.label_parameter_version(Name="/none", Labels=["x"])))
                print(fails(lambda: label([f"l{n}" for n in range(10)])), label([f"l{n}" for n in range(9)])["InvalidLabels"], fails(lambda: label(["more"])))
                ssm.label_parameter_version(Name="/web/ami", ParameterVersion=1, Labels=["first"])
                for n in range(97): ssm.put_parameter(Name="/web/ami", Value=str(n), Overwrite=True)
                print(fails(lambda: ssm.put_parameter(Name="/web/ami", Value="x", Overwrite=True)), get("/web/ami:first"))
                ssm.delete_parameter(Name="/web/ami"); ssm.put_parameter(Name="/web/ami", Value="new", Type="String")
                print(ssm.get_parameter_history(Name="/web/ami")["Parameters"][0]["Labels"])
                """)
            #expect(
                output == """
                    {'InvalidLabels': ['2bad', 'aws-x'], 'ParameterVersion': 1}
                    {'InvalidLabels': [], 'ParameterVersion': 3}
                    ('a', 1, ':live') ('c', 3, ':next') ('b', 2, ':2')
                    {'InvalidLabels': [], 'ParameterVersion': 2} ('b', 2, ':live')
                    [(1, []), (2, ['live']), (3, ['next'])]
                    ['live'] ['next']
                    ('ParameterVersionNotFound', 400) ('ParameterVersionNotFound', 400) ('ParameterNotFound', 400)
                    ('ParameterVersionLabelLimitExceeded', 400) [] ('ParameterVersionLabelLimitExceeded', 400)
                    ('ParameterMaxVersionLimitExceeded', 400) ('a', 1, ':first')
                    []

                    """)
        }
    }

    @Test("each account has its own parameters, with tags and with values that must be images")
    func accounts() throws {
        try EndpointFixture.run { fixture in
            let image = try fixture.image("shared").id.description
            let output = try fixture.boto3(
                """
                ssm, theirs = client("ssm"), other("ssm")
                ssm.put_parameter(Name="/x", Value="mine", Type="String", Tags=[{"Key": "Team", "Value": "web"}])
                print(fails(lambda: theirs.get_parameter(Name="/x")), theirs.put_parameter(Name="/x", Value="theirs", Type="SecureString")["Version"])
                print(ssm.get_parameter(Name="/x")["Parameter"]["Value"], theirs.get_parameter(Name="/x", WithDecryption=True)["Parameter"]["Value"])
                print(theirs.get_parameter(Name="/x")["Parameter"]["ARN"])
                tags = lambda c: {t["Key"]: t["Value"] for t in c.list_tags_for_resource(ResourceType="Parameter", ResourceId="/x")["TagList"]}
                ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId="/x", Tags=[{"Key": "Team", "Value": "db"}, {"Key": "Tier", "Value": "1"}])
                print(tags(ssm), tags(theirs))
                ssm.remove_tags_from_resource(ResourceType="Parameter", ResourceId="/x", TagKeys=["Team"]); print(tags(ssm))
                many = [{"Key": f"k{n}", "Value": ""} for n in range(50)]
                print(fails(lambda: ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId="/x", Tags=many)), tags(ssm))
                print(fails(lambda: ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/none")), fails(lambda: ssm.list_tags_for_resource(ResourceType="OpsItem", ResourceId="d")))
                print(fails(lambda: ssm.put_parameter(Name="/x", Value="v", Overwrite=True, Tags=[{"Key": "a", "Value": "b"}])))
                put = lambda c, name, value: c.put_parameter(Name=name, Value=value, Type="String", DataType="aws:ec2:image")["Version"]
                print(put(ssm, "/ami", "\(image)"), ssm.get_parameter(Name="/ami")["Parameter"]["DataType"])
                print(fails(lambda: put(ssm, "/bad", "ami-0123456789abcdef0")), fails(lambda: put(ssm, "/bad", "hello")), fails(lambda: put(theirs, "/ami", "\(image)")))
                ssm.label_parameter_version(Name="/ami", Labels=["live"])
                launch = lambda c, ref: c.run_instances(ImageId=ref, MinCount=1, MaxCount=1)["Instances"][0]["ImageId"] == "\(image)"
                print(launch(ec2, "resolve:ssm:/ami"), launch(ec2, "resolve:ssm:/ami:1"), launch(ec2, "resolve:ssm:/ami:live"), fails(lambda: launch(other("ec2"), "resolve:ssm:/ami"))[1])
                print([r["ResourceType"] for r in ec2.describe_image_references(ImageIds=["\(image)"], IncludeAllResourceTypes=True)["ImageReferences"]].count("ssm:Parameter"))
                """)
            #expect(
                output == """
                    ('ParameterNotFound', 400) 1
                    mine theirs
                    arn:aws:ssm:us-east-1:222222222222:parameter/x
                    {'Team': 'db', 'Tier': '1'} {}
                    {'Tier': '1'}
                    ('TooManyTagsError', 400) {'Tier': '1'}
                    ('InvalidResourceId', 400) ('InvalidResourceType', 400)
                    ('ValidationException', 400)
                    1 aws:ec2:image
                    ('ValidationException', 400) ('ValidationException', 400) ('ValidationException', 400)
                    True True True 400
                    1

                    """)
        }
    }
}
