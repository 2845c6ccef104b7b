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
                    {'Version': 1, 'Tier': 'Standard'}
                    ('ParameterAlreadyExists', 400)
                    2
                    81 2 String text arn:aws:ssm:us-east-1:111111111111:parameter/web/port True
                    80 :1
                    81
                    ('ParameterNotFound', 400) ('ParameterNotFound', 400)
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
}
