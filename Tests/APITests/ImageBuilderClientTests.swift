import API
import Cloud
import HTTPServer
import Model
import Platform
import TestSupport
import Testing

/// boto3 on Image Builder, over the documents of a workspace.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct ImageBuilderClientTests {
    private static let documents = [
        "recipes/web.yaml": """
        name: web
        description: a page
        version: 1.0.x
        parentImage: scratch
        stages:
          - files: [{write: {path: /page, text: "one\\n"}}]
        tags: {Team: platform}

        """,
        "recipes/other.yaml":
            "name: other\nversion: 2.0.x\nparentImage: web\nstages:\n  - files: [{write: {path: /o, text: o}}]\n",
        "recipes/broken.yaml": "name: [\n",
        "recipes/components/page.yaml": """
        name: page
        description: writes a page
        schemaVersion: 1.0
        parameters:
          - Text: {type: string, default: hello, description: what it says}
        phases:
          - name: build
            steps:
              - {name: Write, action: CreateFile, inputs: [{path: /page, content: "{{ Text }}"}]}

        """,
        "pipelines/web nightly.yaml": """
        name: web nightly
        recipe: web
        schedule: {cron: "0 2 * * ? *", timezone: Asia/Seoul}
        region: us-east-1
        image: {tags: {Environment: dev}}
        distribution: [{region: us-west-2}]

        """,
        "pipelines/elsewhere.yaml": "name: elsewhere\nrecipe: web\nregion: eu-west-1\n",
        "pipelines/broken.yaml": "name: broken\nrecipe: missing\nregion: us-east-1\n",
    ]

    private func run(_ body: @escaping @Sendable (EndpointFixture, _ folder: String) throws -> Void) throws {
        try WorkshopFixture.run(Self.documents, body)
    }

    /// What the scripts begin with.
    private static let head = """
        ib = client("imagebuilder")
        arn = lambda kind, rest: f"arn:aws:imagebuilder:us-east-1:111111111111:{kind}/{rest}"
        def build(token):
            started = ib.start_image_pipeline_execution(imagePipelineArn=arn("image-pipeline", "web-nightly"), clientToken=token)["imageBuildVersionArn"]
            for attempt in range(20000):
                image = ib.get_image(imageBuildVersionArn=started)["image"]
                if image["state"]["status"] not in ("PENDING", "BUILDING"): return started, image

        """

    @Test("documents are pipelines, recipes and components, by their ARNs, with filters and page by page")
    func documents() throws {
        try run { fixture, _ in
            let output = try fixture.boto3(
                Self.head + """
                    print([p["name"] for p in ib.list_image_pipelines()["imagePipelineList"]], [p["name"] for p in client("imagebuilder", "eu-west-1").list_image_pipelines()["imagePipelineList"]])
                    p = ib.get_image_pipeline(imagePipelineArn=arn("image-pipeline", "web-nightly"))["imagePipeline"]
                    print(p["arn"], p["imageRecipeArn"], p["status"], p["schedule"], p["imageTags"], "dateLastRun" in p, p["dateNextRun"][13:])
                    print([r["name"] for r in ib.list_image_recipes()["imageRecipeSummaryList"]])
                    r = ib.get_image_recipe(imageRecipeArn=arn("image-recipe", "web/1.0.x"))["imageRecipe"]
                    print(r["name"], r["version"], r["parentImage"], r["description"], r["tags"], r["components"])
                    c = ib.list_components(owner="Self", filters=[{"name": "name", "values": ["page"]}])["componentVersionList"][0]
                    print(c["arn"], c["type"], c["description"])
                    c = ib.get_component(componentBuildVersionArn=arn("component", "page/1.0.0/1"))["component"]
                    print(c["parameters"], c["data"].splitlines()[0])
                    first = ib.list_image_recipes(maxResults=1); second = ib.list_image_recipes(maxResults=1, nextToken=first["nextToken"])
                    print([x["imageRecipeSummaryList"][0]["name"] for x in (first, second)], "nextToken" in second)
                    print(ib.list_image_recipes(owner="Amazon")["imageRecipeSummaryList"], [other("imagebuilder").list_image_recipes()["imageRecipeSummaryList"]])
                    for call in [lambda: ib.list_image_recipes(nextToken="x"), lambda: ib.list_image_recipes(filters=[{"name": "color", "values": ["red"]}]),
                                 lambda: ib.get_image_pipeline(imagePipelineArn=arn("image-pipeline", "none")), lambda: ib.get_image_pipeline(imagePipelineArn="web-nightly"),
                                 lambda: ib.get_image_recipe(imageRecipeArn=arn("image-recipe", "web/2.0.x")), lambda: ib.get_component(componentBuildVersionArn=arn("component", "../../web/1.0.0/1")),
                                 lambda: other("imagebuilder").get_image_pipeline(imagePipelineArn=arn("image-pipeline", "web-nightly"))]: print(fails(call))
                    """)
            #expect(
                output == """
                    ['broken', 'web nightly'] ['elsewhere']
                    arn:aws:imagebuilder:us-east-1:111111111111:image-pipeline/web-nightly arn:aws:imagebuilder:us-east-1:111111111111:image-recipe/web/1.0.x ENABLED {'scheduleExpression': 'cron(0 2 * * ? *)', 'timezone': 'Asia/Seoul', 'pipelineExecutionStartCondition': 'EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE'} {'Environment': 'dev'} False :00:00.000Z
                    ['other', 'web']
                    web 1.0.x scratch a page {'Team': 'platform'} []
                    arn:aws:imagebuilder:us-east-1:111111111111:component/page/1.0.0 BUILD writes a page
                    [{'name': 'Text', 'type': 'string', 'defaultValue': ['hello'], 'description': 'what it says'}] name: page
                    ['other', 'web'] False
                    [] [[]]
                    ('InvalidPaginationTokenException', 400)
                    ('InvalidRequestException', 400)
                    ('ResourceNotFoundException', 404)
                    ('InvalidRequestException', 400)
                    ('ResourceNotFoundException', 404)
                    ('InvalidRequestException', 400)
                    ('ResourceNotFoundException', 404)

                    """)
        }
    }

    @Test("a started pipeline is really built, and its image is found by version; nothing changed, and a failure, are told")
    func builds() throws {
        try run { fixture, folder in
            let output = try fixture.boto3(
                Self.head + """
                    started, image = build("one")
                    print(started, image["state"], image["version"], image["sourcePipelineName"], image["tags"]["Environment"])
                    amis = {a["region"]: a["image"] for a in image["outputResources"]["amis"]}
                    print(sorted(amis), ec2.describe_images(Owners=["self"])["Images"][0]["ImageId"] == amis["us-east-1"])
                    print(ib.start_image_pipeline_execution(imagePipelineArn=arn("image-pipeline", "web-nightly"), clientToken="one")["imageBuildVersionArn"] == started)
                    print(fails(lambda: ib.start_image_pipeline_execution(imagePipelineArn=arn("image-pipeline", "broken"), clientToken="two")))
                    again, image = build("three"); print(again, image["state"]["status"], image["state"]["reason"].startswith("Nothing changed: ami-"))
                    recipe = open("\(folder)/recipes/web.yaml").read()
                    open("\(folder)/recipes/web.yaml", "w").write(recipe.replace("one", "two"))
                    again, image = build("four"); print(again, image["state"])
                    open("\(folder)/recipes/web.yaml", "w").write(recipe.replace("/page", "page"))
                    try: again, image = build("five"); print(image["state"]["status"])
                    except ClientError as e: print(e.response["Error"]["Code"])
                    print([(i["name"], i["version"]) for i in ib.list_images()["imageVersionList"]], [i["version"] for i in ib.list_images(byName=True)["imageVersionList"]])
                    print([i["version"] for i in ib.list_image_build_versions(imageVersionArn=arn("image", "web/1.0.1"))["imageSummaryList"]])
                    print(ib.get_image(imageBuildVersionArn=arn("image", "web/x.x.x"))["image"]["version"], [i["version"] for i in ib.list_image_pipeline_images(imagePipelineArn=arn("image-pipeline", "web-nightly"))["imageSummaryList"]])
                    p = ib.get_image_pipeline(imagePipelineArn=arn("image-pipeline", "web-nightly"))["imagePipeline"]; print("dateLastRun" in p)
                    print(fails(lambda: ib.get_image(imageBuildVersionArn=arn("image", "web/9.0.0/1"))), fails(lambda: ib.get_image(imageBuildVersionArn=arn("image", "web/9/1"))))
                    """)
            #expect(
                output == """
                    arn:aws:imagebuilder:us-east-1:111111111111:image/web/1.0.0/1 {'status': 'AVAILABLE'} 1.0.0/1 web nightly dev
                    ['us-east-1', 'us-west-2'] True
                    True
                    ('InvalidRequestException', 400)
                    arn:aws:imagebuilder:us-east-1:111111111111:image/web/1.0.1/1 CANCELLED True
                    arn:aws:imagebuilder:us-east-1:111111111111:image/web/1.0.1/1 {'status': 'AVAILABLE'}
                    InvalidRequestException
                    [('web', '1.0.1'), ('web', '1.0.0')] ['1.0.1']
                    ['1.0.1/1']
                    1.0.1/1 ['1.0.1/1', '1.0.0/1']
                    True
                    ('ResourceNotFoundException', 404) ('InvalidRequestException', 400)

                    """)
        }
    }
}
