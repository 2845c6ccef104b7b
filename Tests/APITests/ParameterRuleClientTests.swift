import Cloud
import TestSupport
import Testing

/// boto3 on what Systems Manager asks of parameters and of lists of them.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct ParameterRuleClientTests {
    @Test("SecureStrings are under the key that they name, which KMS's Decrypt shows, and closed with it")
    func keys() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                import base64
                ssm, kms = client("ssm"), client("kms")
                key = kms.create_key()["KeyMetadata"]["KeyId"]; kms.create_alias(AliasName="alias/app", TargetKeyId=key)
                put = lambda name, **more: ssm.put_parameter(Name=name, Type="SecureString", **more)["Version"]
                put("/db/password", Value="hunter2", KeyId="alias/app"); put("/db/long", Value="x" * 8000, KeyId=key, Tier="Advanced"); put("/db/own", Value="mine")
                p = ssm.get_parameter(Name="/db/password")["Parameter"]
                print(kms.decrypt(CiphertextBlob=base64.b64decode(p["Value"]), EncryptionContext={"PARAMETER_ARN": p["ARN"]})["Plaintext"])
                print(fails(lambda: kms.decrypt(CiphertextBlob=base64.b64decode(p["Value"]), EncryptionContext={"PARAMETER_ARN": p["ARN"] + "x"})))
                get = lambda name, c=ssm: c.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
                print(get("/db/password"), get("/db/long") == "x" * 8000, get("/db/own"))
                print({d["Name"]: d["KeyId"] == key or d["KeyId"] for d in ssm.describe_parameters()["Parameters"]})
                by = lambda **f: [d["Name"] for d in ssm.describe_parameters(ParameterFilters=[dict(Key="KeyId", **f)])["Parameters"]]
                print(by(Values=["alias/aws/ssm"]), by(Values=["alias/app"]), by(Option="BeginsWith", Values=["alias"]))
                kms.rotate_key_on_demand(KeyId=key); print(get("/db/password"), put("/db/password", Value="hunter3", KeyId="alias/app", Overwrite=True), get("/db/password:1"), get("/db/password"))
                kms.disable_key(KeyId=key)
                print(fails(lambda: get("/db/password")), fails(lambda: put("/x", Value="y", KeyId=key)), ssm.get_parameter(Name="/db/password")["Parameter"]["Version"], get("/db/own"))
                kms.enable_key(KeyId=key); print(get("/db/long") == "x" * 8000)
                print(fails(lambda: put("/x", Value="y", KeyId="alias/none")), fails(lambda: ssm.put_parameter(Name="/x", Value="y", Type="String", KeyId=key)))
                sign = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]; print(fails(lambda: put("/x", Value="y", KeyId=sign)))
                policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}, {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com"}}}]})
                kms.put_key_policy(KeyId=key, Policy=policy, PolicyName="default"); print(fails(lambda: get("/db/password")))
                theirs = other("ssm"); arn = "arn:aws:kms:us-east-1:111111111111:key/" + key
                print(theirs.put_parameter(Name="/x", Type="SecureString", Value="y", KeyId=arn)["Version"], fails(lambda: theirs.put_parameter(Name="/z", Type="SecureString", Value="y", KeyId=key)))
                """)
            #expect(
                output == """
                    b'hunter2'
                    ('InvalidCiphertextException', 400)
                    hunter2 True mine
                    {'/db/long': True, '/db/own': 'alias/aws/ssm', '/db/password': 'alias/app'}
                    ['/db/own'] ['/db/password'] ['/db/own', '/db/password']
                    hunter2 2 hunter2 hunter3
                    ('InvalidKeyId', 400) ('InvalidKeyId', 400) 2 mine
                    True
                    ('InvalidKeyId', 400) ('ValidationException', 400)
                    ('InvalidKeyId', 400)
                    ('AccessDeniedException', 400)
                    1 ('InvalidKeyId', 400)

                    """)
        }
    }

    @Test("patterns and policies are kept, hold for new versions, and are refused where they cannot")
    func patterns() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                ssm = client("ssm")
                put = lambda value, **more: ssm.put_parameter(Name="/port", Value=value, Overwrite=True, **more)["Version"]
                print(put("80", Type="String", AllowedPattern="^[0-9]+$"), put("443"), fails(lambda: put("https")), says(lambda: put("https")))
                print(put("https", AllowedPattern="^[a-z]+$"), fails(lambda: put("x", AllowedPattern="(")), fails(lambda: put("x", AllowedPattern="x" * 1025)))
                print(ssm.describe_parameters()["Parameters"][0]["AllowedPattern"])
                end = lambda time: json.dumps([{"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": time}}])
                keep = lambda **more: ssm.put_parameter(Name="/short", Value="v", Type="String", Overwrite=True, **more)["Tier"]
                print(fails(lambda: keep(Policies=end("2099-01-01T00:00:00.000Z"))), keep(Policies=end("2099-01-01T00:00:00.000Z"), Tier="Intelligent-Tiering"))
                p = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": ["short"]}])["Parameters"][0]["Policies"][0]
                print(p["PolicyType"], p["PolicyStatus"], json.loads(p["PolicyText"])["Attributes"])
                keep(); print(len(ssm.get_parameter_history(Name="/short")["Parameters"][1]["Policies"])); keep(Policies="[{}]")
                print("Policies" in ssm.describe_parameters(ParameterFilters=[{"Key": "Tier", "Values": ["Advanced"]}])["Parameters"][0])
                for text in ("no", "{}", end("2001-01-01T00:00:00Z"), end("soon"), end("2099-01-01T00:00:00Z").replace("1.0", "2.0"), end("2099-01-01T00:00:00Z").replace("Expiration", "NoChangeNotification"), json.dumps(json.loads(end("2099-01-01T00:00:00Z")) * 2), json.dumps([{}] * 11)):
                    print(fails(lambda: keep(Policies=text))[0])
                """)
            #expect(
                output == """
                    1 2 ('ParameterPatternMismatchException', 400) Parameter value, cannot be validated against allowedPattern: ^[0-9]+$
                    3 ('InvalidAllowedPatternException', 400) ('InvalidAllowedPatternException', 400)
                    ^[a-z]+$
                    ('ValidationException', 400) Advanced
                    Expiration Pending {'Timestamp': '2099-01-01T00:00:00.000Z'}
                    1
                    False
                    InvalidPolicyAttributeException
                    InvalidPolicyAttributeException
                    InvalidPolicyAttributeException
                    InvalidPolicyAttributeException
                    InvalidPolicyAttributeException
                    InvalidPolicyTypeException
                    IncompatiblePolicyException
                    PoliciesLimitExceededException

                    """)
        }
    }

    @Test("a name of one word is the same with its slash and without, and names are refused in Systems Manager's words")
    func names() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                ssm = client("ssm")
                put = lambda name: ssm.put_parameter(Name=name, Value="v", Type="String")["Version"]
                value = lambda name: ssm.get_parameter(Name=name)["Parameter"]["Name"]
                put("one"); put("/two"); put("/a/b")
                print(value("one"), value("/one"), value("two"), value("/two"), fails(lambda: put("/one")), fails(lambda: put("two")), fails(lambda: value("a/b")))
                arns = [ssm.get_parameter(Name=n)["Parameter"]["ARN"] for n in ("one", "/two")]; print([value(a) for a in arns], [a.rsplit(":", 1)[1] for a in arns])
                tag = lambda name, **tags: ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=name, Tags=[{"Key": k, "Value": v} for k, v in tags.items()])
                tag("/one", a="1"); tag("one", b="2"); print([t["Key"] for t in ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="one")["TagList"]])
                ssm.label_parameter_version(Name="/one", Labels=["live"]); print(ssm.get_parameter(Name="one:live")["Parameter"]["Version"], ssm.get_parameter_history(Name="/one")["Parameters"][0]["Labels"])
                print(ssm.put_parameter(Name="/one", Value="w", Overwrite=True)["Version"], [p["Name"] for p in ssm.get_parameters_by_path(Path="/")["Parameters"]], [p["Name"] for p in ssm.get_parameters_by_path(Path="/", Recursive=True)["Parameters"]])
                ssm.delete_parameter(Name="/one"); print(says(lambda: value("one")), ssm.get_parameters(Names=["two", "two", "none"])["InvalidParameters"])
                for name in ("aws_x", "/aws/x", "ssm_x", "/ssm/x", "a/b"): print(fails(lambda: put(name))[0], says(lambda: put(name))[:56])
                for name in ("two:9", "two:1:2", "none:1"): print(fails(lambda: value(name))[0], says(lambda: value(name)))
                """)
            #expect(
                output == """
                    one one /two /two ('ParameterAlreadyExists', 400) ('ParameterAlreadyExists', 400) ('ValidationException', 400)
                    ['one', '/two'] ['parameter/one', 'parameter/two']
                    ['a', 'b']
                    1 ['live']
                    2 ['/two', 'one'] ['/a/b', '/two', 'one']
                    Parameter one not found. ['none']
                    ValidationException Parameter name: can't be prefixed with "aws" or "ssm" (c
                    AccessDeniedException No access to reserved parameter name: /aws/x.
                    ValidationException Parameter name: can't be prefixed with "aws" or "ssm" (c
                    ValidationException Parameter name: can't be prefixed with "ssm" (case-insen
                    ValidationException Parameter name must be a fully qualified name.
                    ParameterVersionNotFound Systems Manager could not find version 9 of two. Verify the version and try again.
                    ParameterNotFound Parameter two:1:2 not found.
                    ParameterNotFound Parameter none:1 not found.

                    """)
        }
    }

    @Test("filters mean tags, paths, names and keys, and others are refused with the keys and options that there are")
    func filters() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                """
                ssm = client("ssm")
                put = lambda name, type="String", **tags: ssm.put_parameter(Name=name, Value="v", Type=type, Tags=[{"Key": k, "Value": v} for k, v in tags.items()])
                put("tangram", team="web"); put("/tangent", team="db"); put("/web/a", "StringList", team="web", tier="1"); put("/web/b/c")
                f = lambda *fs: [p["Name"] for p in ssm.describe_parameters(ParameterFilters=[dict(zip(("Key", "Option", "Values"), x), **({} if x[1] else {"Option": "Equals"})) for x in fs])["Parameters"]]
                print(f(("tag:team", "Equals", ["web"])), f(("tag:team", "BeginsWith", ["d", "w"]), ("tag:tier", "Equals", ["1"])))
                print([p["Name"] for p in ssm.describe_parameters(ParameterFilters=[{"Key": "tag:tier"}])["Parameters"]])
                print(f(("Path", "OneLevel", ["/"])), f(("Path", "Recursive", ["/web"])), f(("Path", "OneLevel", ["/web/"])), f(("Path", "Recursive", ["/we"])))
                print(f(("Name", "Contains", ["/tan"])), f(("Name", "BeginsWith", ["tang"])), f(("Name", "Equals", ["/tangram"])), f(("Type", "BeginsWith", ["String"]), ("Name", "Contains", ["b"])))
                for n in range(12): put(f"/many/{n:02}")
                page = ssm.describe_parameters(); print(len(page["Parameters"]), len(ssm.describe_parameters(NextToken=page["NextToken"])["Parameters"]), len(ssm.describe_parameters(MaxResults=50)["Parameters"]))
                by = lambda **f: [p["Name"] for p in ssm.get_parameters_by_path(Path="/web", Recursive=True, ParameterFilters=[f])["Parameters"]]
                ssm.label_parameter_version(Name="/web/a", Labels=["live"]); print(by(Key="Type", Values=["StringList"]), by(Key="Label", Values=["live"]))
                bad = lambda **f: (fails(lambda: ssm.describe_parameters(ParameterFilters=[f]))[0], says(lambda: ssm.describe_parameters(ParameterFilters=[f])))
                print(bad(Key="Label", Values=["x"])); print(bad(Key="Name")); print(bad(Key="Path", Option="Equals", Values=["/x"])); print(bad(Key="Type", Values=["Number"]))
                print(bad(Key="key")); print(bad(Key="Path", Values=["x"])[0], bad(Key="Path", Values=["//"])[0], bad(Key="Path", Values=["/aws"])[1][:35], bad(Key="Name", Option="Recursive", Values=["x"])[0])
                print(fails(lambda: by(Key="Tier", Values=["Standard"])), fails(lambda: f(("Name", "Equals", ["a"]), ("Name", "Equals", ["b"]))), fails(lambda: ssm.describe_parameters(Filters=[{"Key": "Name", "Values": ["t"]}], ParameterFilters=[{"Key": "Name", "Values": ["t"]}])))
                print(fails(lambda: ssm.get_parameters_by_path(Path="web")), fails(lambda: ssm.get_parameters_by_path(Path="/", MaxResults=11)), fails(lambda: ssm.get_parameters(Names=list("abcdefghijk"))))
                """)
            #expect(
                output == """
                    ['/web/a', 'tangram'] ['/web/a']
                    ['/web/a']
                    ['/tangent', 'tangram'] ['/web/a', '/web/b/c'] ['/web/a'] []
                    ['/tangent', 'tangram'] ['/tangent', 'tangram'] ['tangram'] ['/web/a', '/web/b/c']
                    10 6 16
                    ['/web/a'] ['/web/a']
                    ('InvalidFilterKey', 'The following filter key is not valid: Label. Valid filter keys include: [Path, Name, Type, KeyId, Tier].')
                    ('InvalidFilterValue', 'The following filter values are missing : null for filter key Name.')
                    ('InvalidFilterOption', 'The following filter option is not valid: Equals. Valid options include: [Recursive, OneLevel].')
                    ('InvalidFilterValue', 'The following filter value is not valid: Number. Valid values include: [String, StringList, SecureString].')
                    ('ValidationException', "1 validation error detected: Value 'key' at 'parameterFilters.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType")
                    ValidationException ValidationException Filters for common parameters can't InvalidFilterOption
                    ('InvalidFilterKey', 400) ('InvalidFilterKey', 400) ('ValidationException', 400)
                    ('ValidationException', 400) ('ValidationException', 400) ('ValidationException', 400)

                    """)
        }
    }

    @Test("Amazon's parameters tell of regions and of the public images that are there, and nobody's else are reserved")
    func published() throws {
        try EndpointFixture.run { fixture in
            let script = """
                ssm = client("ssm"); root = "/aws/service/global-infrastructure/regions"
                print(ssm.get_parameter(Name=root + "/us-west-1/longName")["Parameter"]["Value"], [p["Value"] for p in ssm.get_parameters_by_path(Path=root)["Parameters"]][:2])
                print(ssm.get_parameters(Names=[root + "/eu-west-1", "/aws/none"])["InvalidParameters"], says(lambda: ssm.get_parameter(Name="/aws/service/none")))
                print(says(lambda: ssm.get_parameter(Name="/aws/reference/secretsmanager/x")), fails(lambda: ssm.get_parameter(Name="/aws/reference/secretsmanager/x", WithDecryption=True)))
                ami = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
                print(fails(lambda: ssm.get_parameter(Name=ami)), len(ssm.get_parameters_by_path(Path="/aws/service/ami-amazon-linux-latest")["Parameters"]))

                """
            #expect(
                try fixture.boto3(script) == """
                    US West (N. California) ['af-south-1', 'ap-east-1']
                    ['/aws/none'] Parameter /aws/service/none not found.
                    WithDecryption flag must be True for retrieving a Secret Manager secret. ('ParameterNotFound', 400)
                    ('ParameterNotFound', 400) 0

                    """)
            (fixture.plane as? EmbeddedPlane)?.offerPublicImages()
            let output = try fixture.boto3(
                """
                ssm = client("ssm"); ami = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
                id = ssm.get_parameter(Name=ami)["Parameter"]; print(id["Value"], id["ARN"], len(ssm.get_parameters_by_path(Path="/aws/service/ami-amazon-linux-latest")["Parameters"]))
                print(ec2.run_instances(ImageId="resolve:ssm:" + ami, MinCount=1, MaxCount=1)["Instances"][0]["ImageId"] == id["Value"])
                """)
            #expect(
                output == """
                    ami-03cf127a arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64 2
                    True

                    """)
        }
    }
}
