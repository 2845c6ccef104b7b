import Model
import Recipes
import Testing

/// A recipe with one line replaced or added.
private func recipe(_ lines: String..., version: String = "version: 1.4.x", parent: String = "parentImage: debian-12") -> String {
    (["name: web", version, parent] + lines).joined(separator: "\n") + "\n"
}

private func read(_ text: String, file: String = "recipes/web.yaml") throws(Failure) -> Recipe {
    try Recipe(Array(text.utf8), file: file, stages: testStages)
}

/// The lines of the one error that the recipe has, without the file's name.
private func error(_ text: String) -> [String] {
    let message = failure { () throws(Failure) in try read(text) }
    return message.split(separator: "\n").map { String($0.hasPrefix("recipes/web.yaml:") ? $0.dropFirst(17) : $0) }
}

@Suite("Recipes")
struct RecipeTests {
    @Test("a recipe may have a document for each of its versions, which a pipeline names by the version")
    func versions() throws {
        let exact = recipe(version: "version: 1.4.2")
        #expect(try read(exact, file: "recipes/web@1.4.2.yaml").reference == "web@1.4.2")
        #expect(try read(exact).reference == "web")
        for name in ["web@1.4.3", "web@1.4.x", "web@", "other@1.4.2", "web@1.4.2@1.4.2"] {
            let message = failure { () throws(Failure) in try read(exact, file: "recipes/\(name).yaml") }
            #expect(message.contains("the name 'web' is not the file's"), "\(name)")
        }
        func pipeline(_ line: String) throws(Failure) -> PipelineDocument {
            try PipelineDocument(
                Array("name: nightly\nrecipe: web\nregion: us-east-1\n\(line)".utf8), file: "pipelines/nightly.yaml")
        }
        #expect(try pipeline("").recipeReference == "web")
        #expect(try pipeline("recipeVersion: 1.4.2\n").recipeReference == "web@1.4.2")
        #expect(failure { () throws(Failure) in try pipeline("recipeVersion: ../web\n") }.contains("recipe's version"))
    }

    @Test("a recipe is read with all its fields")
    func full() throws {
        let recipe = try read(
            """
            name: web
            description: nginx on Debian
            version: 1.4.x
            parentImage: debian-12/1.x.x
            architecture: arm64
            sourceDate: 2026-11-20
            blockDeviceMappings:
              - {deviceName: /dev/xvda, ebs: {volumeSize: 8, volumeType: gp3, iops: 3000, throughput: 125, deleteOnTermination: false}}
              - {deviceName: xvdb, ebs: {}}
            stages:
              - copy: {from: site.tar}
              - check
              - copy: {from: /etc/motd, mode: fast, retries: 3}
              - remove: [/tmp/a, /tmp/b]
              - check:
            tags: {Team: platform, Cost: 42}
            """)
        #expect(recipe.name.description == "web")
        #expect(recipe.description == "nginx on Debian")
        #expect(recipe.version.description == "1.4.x")
        #expect(recipe.parentImage.description == "debian-12/1.x.x")
        #expect(recipe.architecture == .arm64)
        #expect(recipe.sourceDate?.description == "2026-11-20T00:00:00Z")
        #expect(recipe.blockDeviceMappings.map(\.deviceName) == ["/dev/xvda", "xvdb"])
        let (first, second) = (recipe.blockDeviceMappings[0].ebs, recipe.blockDeviceMappings[1].ebs)
        #expect(first.volumeSize == 8 && first.iops == 3000 && first.throughput == 125 && !first.deleteOnTermination)
        #expect(second.volumeSize == nil && second.volumeType == .gp3 && second.deleteOnTermination)
        #expect(recipe.tags["Cost"] == "42")
        #expect(recipe.baseFolder == "recipes")
        #expect(recipe.stages.map(\.name) == ["copy", "check", "copy-2", "remove", "check-2"])
        #expect(recipe.stages.map(\.position) == [0, 1, 2, 3, 4])
        let copies = recipe.stages.compactMap { $0.stage as? CopyStage }
        #expect(copies.map(\.from) == ["recipes/site.tar", "/etc/motd"])
        #expect(copies.map(\.mode) == [.safe, .fast])
        #expect(recipe.stages.compactMap { ($0.stage as? RemoveStage)?.paths } == [["/tmp/a", "/tmp/b"]])
    }

    @Test("what may be missing has a default")
    func defaults() throws {
        let recipe = try read(recipe())
        #expect(recipe.architecture == .x86)
        #expect(recipe.description == nil && recipe.sourceDate == nil)
        #expect(recipe.stages.isEmpty && recipe.blockDeviceMappings.isEmpty && recipe.tags.count == 0)
    }

    @Test("all errors are told at once, in the order of the document, with line and caret")
    func allAtOnce() {
        let text = """
            name: wbe
            versoin: 1.4.x
            parentImage: debian-12
            stages:
              - chekc
              - copy: {from: a, mode: fastt, retries: ten}
            \ttags: {}
            """
        // The tab ends the reading: libyaml's error comes alone.
        #expect(error(text).first == "7:1: error: while scanning for the next token: found character that cannot start any token")
        #expect(
            failure { () throws(Failure) in try read(text.split(separator: "\n").dropLast().joined(separator: "\n")) } == """
                recipes/web.yaml:1:1: error: the recipe has no 'version'
                name: wbe
                ^
                recipes/web.yaml:1:7: error: the name 'wbe' is not the file's, which is 'web'
                name: wbe
                      ^
                hint: write 'name: web' or rename the file
                recipes/web.yaml:2:1: error: unknown field 'versoin' in the recipe
                versoin: 1.4.x
                ^
                hint: did you mean 'version'?
                recipes/web.yaml:5:5: error: there is no stage 'chekc'
                  - chekc
                    ^
                hint: did you mean 'check'?
                recipes/web.yaml:6:27: error: 'mode' cannot be 'fastt'
                  - copy: {from: a, mode: fastt, retries: ten}
                                          ^
                hint: did you mean 'fast'?
                recipes/web.yaml:6:43: error: 'retries' must be a whole number, this is 'ten'
                  - copy: {from: a, mode: fastt, retries: ten}
                                                          ^
                """)
    }

    @Test("duplicate keys and tags are told together with errors of fields")
    func duplicateKeys() {
        #expect(
            error(recipe("version: 2.0.x", "tagz: !x {}")) == [
                "4:1: error: duplicate key 'version', first written at line 2, column 1", "version: 2.0.x", "^",
                "5:1: error: unknown field 'tagz' in the recipe", "tagz: !x {}", "^", "hint: did you mean 'tags'?",
                "5:7: error: tags ('!x') are not supported", "tagz: !x {}", "      ^", "hint: leave the tag out",
            ])
    }

    @Test("a document that is no mapping is refused")
    func noMapping() {
        #expect(error("- a\n") == ["1:1: error: the recipe must be a mapping of fields, this is a list", "- a", "^"])
        #expect(error("") == ["1:1: error: the document is empty"])
    }

    @Test(
        "a bad value of a field is refused at its place",
        arguments: [
            ("description: [a]", "4:14: error: 'description' must be text, this is a list"),
            ("description:", "4:13: error: 'description' must be text, this is nothing"),
            ("description: ''", "4:14: error: 'description' has 0 characters; 1 to 1024 are allowed"),
            ("architecture: x86", "4:15: error: 'architecture' cannot be 'x86'"),
            ("sourceDate: yesterday", "4:13: error: cannot read \"yesterday\" as a date or time"),
            ("sourceDate: 2026-02-30", "4:13: error: cannot read \"2026-02-30\" as a date or time"),
            ("sourceDate: 2263-01-01", "4:1: error: 'sourceDate' must be between 1678 and 2261, this is 2263-01-01T00:00:00Z"),
            ("stages: {a: b}", "4:9: error: 'stages' must be a list, this is a mapping"),
            ("tags: [a]", "4:7: error: 'tags' must be a mapping, this is a list"),
            ("tags: {a: [b]}", "4:11: error: 'a' must be text, this is a list"),
            ("tags: {aws:x: y}", "4:8: error: the tag key \"aws:x\" begins with aws:, which AWS keeps for itself"),
            ("tags: {'': y}", "4:8: error: the tag key \"\" has 0 characters; 1 to 128 are allowed"),
            ("blockDeviceMappings: [x]", "4:23: error: an entry of 'blockDeviceMappings' must be a mapping, this is 'x'"),
        ])
    func badValue(line: String, message: String) { #expect(error(recipe(line)).first == message) }

    @Test("a description, tag key or tag value that is too long, and the 51st tag, are refused")
    func tooLong() {
        let text = { (count: Int) in String(repeating: "é", count: count) }
        #expect(
            error(recipe("description: \(text(1025))"))[0].hasSuffix("'description' has 1025 characters; 1 to 1024 are allowed"))
        #expect(error(recipe("tags: {\(text(129)): x}"))[0].hasSuffix("has 129 characters; 1 to 128 are allowed"))
        #expect(error(recipe("tags: {x: \(text(257))}"))[0].hasSuffix("has 257 characters; at most 256 are allowed"))
        let tags = { (count: Int) in (0..<count).map { "k\($0): v" }.joined(separator: ", ") }
        #expect(error(recipe("tags: {\(tags(51))}"))[0].hasSuffix("there are 51 tags; a resource has at most 50"))
        #expect(throws: Never.self) { try read(recipe("tags: {\(tags(50))}", "description: \(text(1024))")) }
    }

    @Test(
        "a bad volume is refused at its place",
        arguments: [
            ("ebs: {}", "5:5: error: an entry of 'blockDeviceMappings' has no 'deviceName'"),
            ("deviceName: /dev/xvda", "5:5: error: an entry of 'blockDeviceMappings' has no 'ebs'"),
            ("{deviceName: sda, ebs: {}}", "5:18: error: \"sda\" is not a device name"),
            ("{deviceName: /dev/, ebs: {}}", "5:18: error: \"/dev/\" is not a device name"),
            ("{deviceName: /dev/a b, ebs: {}}", "5:18: error: \"/dev/a b\" is not a device name"),
            ("{deviceName: xvda, ebs: {volumeSize: 0}}", "5:42: error: 'volumeSize' must be 1 to 16000, this is 0"),
            ("{deviceName: xvda, ebs: {volumeSize: 16001}}", "5:42: error: 'volumeSize' must be 1 to 16000, this is 16001"),
            ("{deviceName: xvda, ebs: {volumeSize: \"8\"}}", "5:42: error: 'volumeSize' must be a whole number, this is '8'"),
            ("{deviceName: xvda, ebs: {volumeType: gp4}}", "5:42: error: 'volumeType' cannot be 'gp4'"),
            ("{deviceName: xvda, ebs: {iops: 99}}", "5:36: error: 'iops' must be 100 to 64000, this is 99"),
            ("{deviceName: xvda, ebs: {throughput: 1001}}", "5:42: error: 'throughput' must be 125 to 1000, this is 1001"),
            ("{deviceName: xvda, ebs: {volumeType: io2}}", "5:30: error: a volume of type io2 needs 'iops'"),
            ("{deviceName: xvda, ebs: {iops: 100, volumeType: gp2}}", "5:30: error: a volume of type gp2 has no 'iops'"),
            (
                "{deviceName: xvda, ebs: {volumeType: io1, iops: 100, throughput: 125}}",
                "5:58: error: a volume of type io1 has no 'throughput'"
            ),
            (
                "{deviceName: xvda, ebs: {deleteOnTermination: yes}}",
                "5:51: error: 'deleteOnTermination' must be true or false, this is 'yes'"
            ),
            ("{deviceName: xvda, ebs: {snapshotId: x}}", "5:30: error: unknown field 'snapshotId' in 'ebs'"),
            (
                "{deviceName: xvda, ebs: {}, noDevice: ''}",
                "5:33: error: unknown field 'noDevice' in an entry of 'blockDeviceMappings'"
            ),
        ])
    func badVolume(entry: String, message: String) {
        #expect(error(recipe("blockDeviceMappings:", "  - " + entry)).first == message)
    }

    @Test("a device that is mapped twice is refused")
    func deviceTwice() {
        let entry = "  - {deviceName: xvda, ebs: {}}"
        #expect(error(recipe("blockDeviceMappings:", entry, entry)).first == "6:18: error: the device xvda is mapped twice")
    }

    @Test(
        "a bad version is refused at its place",
        arguments: [
            ("version: 1.4", "2:10: error: cannot read \"1.4\" as a recipe's version"),
            ("version: 1.x.x", "2:10: error: the recipe version 1.x.x has more than one x"),
            ("version: [1]", "2:10: error: 'version' must be text, this is a list"),
        ])
    func badVersion(line: String, message: String) { #expect(error(recipe(version: line)).first == message) }

    @Test("a name that is no resource name is refused")
    func badName() {
        #expect(error("name: a\nversion: 1.0.0\nparentImage: scratch\n").first == "1:7: error: \"a\" is not a resource name")
    }

    @Test("a recipe is not its own parent")
    func ownParent() {
        #expect(error(recipe(parent: "parentImage: web")).first == "3:14: error: the recipe is its own parent image")
        #expect(error(recipe(parent: "parentImage: web/1.x.x")).first == "3:14: error: the recipe is its own parent image")
    }
}

@Suite("Stage lists")
struct StageListTests {
    @Test(
        "an entry that is no stage is refused",
        arguments: [
            ("- [a]", "5:5: error: a stage is a name or a name with options, this is a list", "hint: write it like '- validate'"),
            ("-", "5:4: error: a stage is a name or a name with options, this is nothing", "hint: write it like '- validate'"),
            (
                "- {}", "5:5: error: a stage is a name or a name with options, this is a mapping",
                "hint: write it like '- validate'"
            ),
            (
                "- copy:\n    from: a", "5:5: error: a stage has one name, this entry has 2 keys",
                "hint: indent the options of 'copy' further"
            ),
            ("- kopieren", "5:5: error: there is no stage 'kopieren'", "hint: known: copy, check, remove"),
            ("- check: {a: b}", "5:12: error: the stage 'check' takes no options", "hint: write '- check'"),
            ("- copy: fast", "5:11: error: 'copy' must be a mapping, this is 'fast'", ""),
            ("- copy", "5:5: error: the stage 'copy' has no 'from'", ""),
            ("- copy: {fron: a, from: b}", "5:12: error: unknown field 'fron' in the stage 'copy'", "hint: did you mean 'from'?"),
            ("- remove: [{}]", "5:14: error: an entry of 'remove' must be text, this is a mapping", ""),
            ("- remove", "5:5: error: the stage 'remove' needs a list of paths", ""),
        ])
    func refused(entry: String, message: String, hint: String) {
        let lines = error(recipe("stages:", "  " + entry))
        #expect(lines.first == message)
        #expect(hint.isEmpty || lines.last == hint)
    }

    @Test("a definition does not depend on how it is written")
    func definition() throws {
        let one = try read(recipe("stages:", "  - copy: {from: a, mode: fast}", "  - check"))
        let other = try read(recipe("stages: [{\"copy\": {mode: 'fast', # x", "   from: a}}, check: ]"))
        #expect(one.stages.map(\.definition) == other.stages.map(\.definition))
        #expect(one.stages[1].definition == .null)
        #expect(one.definition != other.definition)
    }
}

@Suite("Parent images")
struct ParentImageTests {
    @Test(
        "every form is read, and written as it was",
        arguments: [
            "debian-12", "debian-12/1.x.x", "debian-12/1.6.8/2", "my base", "ami-0abcdef1234567890",
            "file:rootfs.tar.zst", "file:/srv/root fs.tar", "scratch",
        ])
    func read(text: String) throws { #expect(try ParentImage(parsing: text).description == text) }

    @Test("each form has its case")
    func cases() throws {
        #expect(try ParentImage(parsing: "scratch") == .scratch)
        #expect(try ParentImage(parsing: "file:a/b.tar") == .file("a/b.tar"))
        #expect(try ParentImage(parsing: "ami-0abcdef1234567890") == .image(ImageID(parsing: "ami-0abcdef1234567890")))
        #expect(
            try ParentImage(parsing: "base/1.x.x")
                == .catalogue(ResourceName(parsing: "base"), VersionSelector(parsing: "1.x.x")))
    }

    @Test(
        "what is none of them is refused",
        arguments: [
            "", "a", "ami-123", "ami-", "file:", "ssm:/a", "debian-12/",
            "debian-12/x.2.x",
            "debian-12/1", "de:bian", "docker://debian",
        ])
    func refused(text: String) { #expect(throws: Failure.self) { try ParentImage(parsing: text) } }
}
