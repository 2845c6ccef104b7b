import Cloud
import TestSupport
import Testing

/// boto3 on Systems Manager's documents.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct DocumentClientTests {
    /// A document in Python, and what makes one of it.
    private static let prelude = """
        import copy, hashlib
        ssm = client("ssm")
        doc = {"schemaVersion": "2.2", "description": "greets", "parameters": {"who": {"type": "String", "default": "you", "allowedPattern": "^[a-z]+$"}, "lines": {"type": "StringList", "default": ["true"]}, "count": {"type": "Integer", "default": 3}}, "mainSteps": [{"action": "aws:runShellScript", "name": "greet", "inputs": {"runCommand": ["echo hello {{ who }} {{ count }}", "{{ lines }}"]}}]}
        def made(name, change=lambda d: None, **more):
            d = copy.deepcopy(doc); change(d)
            return ssm.create_document(Content=json.dumps(d), Name=name, DocumentType="Command", **more)["DocumentDescription"]

        """

    @Test("documents are made, described, read in both formats, changed, and deleted version by version")
    func life() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.prelude + """
                    d = made("greeting", VersionName="first", TargetType="/AWS::EC2::Instance", Tags=[{"Key": "a", "Value": "b"}])
                    print(d["Hash"] == hashlib.sha256(json.dumps(doc).encode()).hexdigest(), d["Owner"], d["DocumentVersion"], d["SchemaVersion"], d["Description"], d["Tags"])
                    print([(p["Name"], p["Type"], p["DefaultValue"]) for p in d["Parameters"]])
                    print(fails(lambda: made("greeting")), fails(lambda: made("aws-x")), fails(lambda: made("a b")), fails(lambda: ssm.create_document(Content="{}", Name="other", DocumentType="Automation")))
                    g = ssm.get_document(Name="greeting"); print(json.loads(g["Content"]) == doc, g["VersionName"], g["DocumentFormat"])
                    import base64
                    text = ssm.get_document(Name="greeting", DocumentFormat="YAML")["Content"]; print(text.splitlines()[0])
                    again = ssm.create_document(Content=text, Name="again", DocumentFormat="YAML"); print(json.loads(ssm.get_document(Name="again")["Content"]) == doc)
                    new = dict(doc, description="greets more"); update = lambda content, **more: ssm.update_document(Name="greeting", Content=json.dumps(content), **more)["DocumentDescription"]
                    print(fails(lambda: update(new)), fails(lambda: update(new, DocumentVersion="2")), fails(lambda: update(doc, DocumentVersion="1")), fails(lambda: update(new, DocumentVersion="1", VersionName="first")))
                    u = update(new, DocumentVersion="$LATEST", VersionName="second"); print(u["DocumentVersion"], u["LatestVersion"], u["DefaultVersion"])
                    print(fails(lambda: update(dict(doc, description="x"), DocumentVersion="1")), ssm.describe_document(Name="greeting")["Document"]["Description"], ssm.describe_document(Name="greeting", DocumentVersion="$LATEST")["Document"]["Description"])
                    print(ssm.update_document_default_version(Name="greeting", DocumentVersion="2")["Description"]["DefaultVersionName"], fails(lambda: ssm.update_document_default_version(Name="greeting", DocumentVersion="3")))
                    print([(v["DocumentVersion"], v["IsDefaultVersion"]) for v in ssm.list_document_versions(Name="greeting")["DocumentVersions"]])
                    print(says(lambda: ssm.delete_document(Name="greeting", DocumentVersion="2")), fails(lambda: ssm.get_document(Name="greeting", DocumentVersion="1", VersionName="second")))
                    ssm.delete_document(Name="greeting", VersionName="first"); print(update(dict(doc, description="third"), DocumentVersion="2")["DocumentVersion"])
                    print([i["Name"] for i in ssm.list_documents()["DocumentIdentifiers"]], [i["Name"] for i in ssm.list_documents(Filters=[{"Key": "Owner", "Values": ["Self"]}, {"Key": "tag:a", "Values": ["b"]}])["DocumentIdentifiers"]], [i["Owner"] for i in ssm.list_documents(DocumentFilterList=[{"key": "Name", "value": "AWS-"}])["DocumentIdentifiers"]])
                    tags = lambda: [t["Key"] for t in ssm.list_tags_for_resource(ResourceType="Document", ResourceId="greeting")["TagList"]]
                    ssm.add_tags_to_resource(ResourceType="Document", ResourceId="greeting", Tags=[{"Key": "c", "Value": ""}]); ssm.remove_tags_from_resource(ResourceType="Document", ResourceId="greeting", TagKeys=["a"]); print(tags())
                    ssm.delete_document(Name="greeting"); print(fails(lambda: ssm.get_document(Name="greeting")), fails(tags), fails(lambda: ssm.delete_document(Name="greeting")))
                    """)
            #expect(
                output == """
                    True 111111111111 1 2.2 greets [{'Key': 'a', 'Value': 'b'}]
                    [('count', 'Integer', '3'), ('lines', 'StringList', '["true"]'), ('who', 'String', 'you')]
                    ('DocumentAlreadyExists', 400) ('ValidationException', 400) ('ValidationException', 400) ('ValidationException', 400)
                    True first JSON
                    "description": "greets"
                    True
                    ('InvalidDocumentVersion', 400) ('InvalidDocumentVersion', 400) ('DuplicateDocumentContent', 400) ('DuplicateDocumentVersionName', 400)
                    2 2 1
                    ('InvalidDocumentVersion', 400) greets greets more
                    second ('InvalidDocumentVersion', 400)
                    [('2', True), ('1', False)]
                    Default version of the document can't be deleted. ('InvalidDocument', 400)
                    3
                    ['AWS-RunShellScript', 'again', 'greeting'] ['greeting'] ['Amazon']
                    ['c']
                    ('InvalidDocument', 400) ('InvalidResourceId', 400) ('InvalidDocument', 400)

                    """)
        }
    }

    @Test("what Run Command would not carry out is no document, and says why")
    func refusals() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.prelude + """
                    def bad(change):
                        code = fails(lambda: made("bad", change)); print(code[0], says(lambda: made("bad", change)).split(": ", 1)[1][:48].strip())
                    step = lambda **inputs: lambda d: d["mainSteps"][0]["inputs"].update(inputs)
                    bad(lambda d: d.update(schemaVersion="0.3")); bad(lambda d: d.update(extra=1)); bad(lambda d: d.update(mainSteps=[]))
                    bad(lambda d: d["mainSteps"][0].update(action="aws:runDocument")); bad(lambda d: d["mainSteps"].append(d["mainSteps"][0]))
                    bad(step(runCommand=["echo {{ nobody }}"])); bad(step(runCommand=3)); bad(step(onFailure="panic")); bad(step(extra="x"))
                    bad(lambda d: d["parameters"]["count"].update(default="three")); bad(lambda d: d["parameters"].update({"a-b": {"type": "String"}})); bad(lambda d: d["parameters"]["who"].update(type="Number"))
                    bad(lambda d: d["mainSteps"][0].update(precondition={"StringEquals": ["platformType", "Plan9"]}))
                    print(fails(lambda: ssm.create_document(Content="{", Name="bad")), fails(lambda: ssm.create_document(Content="a: [", Name="bad", DocumentFormat="YAML")), fails(lambda: ssm.create_document(Content=" " * 70000, Name="bad")), fails(lambda: ssm.create_document(Content="[" * 5000, Name="bad")))
                    """)
            #expect(
                output == """
                    InvalidDocumentSchemaVersion 2.2 and 2.0 are.
                    InvalidDocumentContent the document has the unknown member extra.
                    InvalidDocumentContent mainSteps is no list of 1 to 100 steps.
                    InvalidDocumentContent the step greet has the plugin aws:runDocument, a
                    InvalidDocumentContent two steps have the name greet.
                    InvalidDocumentContent the step greet refers to {{ nobody }}, no parame
                    InvalidDocumentContent runCommand of the step greet is neither a text n
                    InvalidDocumentContent onFailure of the step greet is neither exit nor
                    InvalidDocumentContent inputs of the step greet has the unknown member
                    InvalidDocumentContent the default of the parameter count is no Integer
                    InvalidDocumentContent the parameter a-b has no name of letters, digits
                    InvalidDocumentContent the parameter who has none of the types String,
                    InvalidDocumentContent the precondition of the step greet is not of the
                    ('InvalidDocumentContent', 400) ('InvalidDocumentContent', 400) ('MaxDocumentSizeExceeded', 400) ('InvalidDocumentContent', 400)

                    """)
        }
    }

    @Test("a document is somebody else's only in the versions that are shared, and not deleted while it is")
    func sharing() throws {
        try EndpointFixture.run { fixture in
            let output = try fixture.boto3(
                Self.prelude + """
                    made("greeting"); ssm.update_document(Name="greeting", Content=json.dumps(dict(doc, description="two")), DocumentVersion="1")
                    theirs, arn = other("ssm"), "arn:aws:ssm:us-east-1:111111111111:document/greeting"
                    see = lambda **more: theirs.describe_document(Name=arn, **more)["Document"]["Description"]
                    share = lambda **more: ssm.modify_document_permission(Name="greeting", PermissionType="Share", **more)
                    shares = lambda: ssm.describe_document_permission(Name="greeting", PermissionType="Share")["AccountSharingInfoList"]
                    print(shares(), fails(see)); share(AccountIdsToAdd=["222222222222"])
                    print(see(), fails(lambda: see(DocumentVersion="2")), fails(lambda: theirs.describe_document(Name="greeting")), fails(lambda: theirs.delete_document(Name="greeting")))
                    share(AccountIdsToAdd=["222222222222"], SharedDocumentVersion="$ALL"); print(see(DocumentVersion="2"), shares())
                    print(says(lambda: ssm.delete_document(Name="greeting"))[:69], fails(lambda: share(AccountIdsToAdd=["all"])), fails(lambda: share(AccountIdsToAdd=["all", "333333333333"])))
                    share(AccountIdsToAdd=["All"], AccountIdsToRemove=["222222222222"]); print(see(), [s["AccountId"] for s in shares()])
                    print(fails(lambda: share(AccountIdsToAdd=["everybody"])), fails(lambda: share(SharedDocumentVersion="2")), fails(lambda: ssm.modify_document_permission(Name="greeting", PermissionType="Read")), fails(lambda: ssm.describe_document_permission(Name="none", PermissionType="Share")))
                    share(AccountIdsToRemove=["all"]); print(fails(see)); ssm.delete_document(Name="greeting")
                    """)
            #expect(
                output == """
                    [] ('InvalidDocument', 400)
                    greets ('InvalidDocument', 400) ('InvalidDocument', 400) ('InvalidDocument', 400)
                    two [{'AccountId': '222222222222', 'SharedDocumentVersion': '$ALL'}]
                    You attempted to delete a document while it is still shared. You must ('DocumentPermissionLimit', 400) ('DocumentPermissionLimit', 400)
                    greets ['all']
                    ('ValidationException', 400) ('ValidationException', 400) ('InvalidPermissionType', 400) ('InvalidDocument', 400)
                    ('InvalidDocument', 400)

                    """)
        }
    }
}
