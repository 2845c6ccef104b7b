import Platform
import Testing

@Suite struct `Accounts, sharing and the life of images from the command line` {
    private static let plane = """
        organization:
          id: o-a1b2c3d4e5
          managementAccount: "111111111111"
          units: [{name: workloads, id: ou-ab12-11111111}]
        accounts:
          - {id: "111111111111", name: build, unit: root}
          - {id: "222222222222", name: dev, unit: workloads}
          - {id: "333333333333", name: partner}

        """

    private static func withImage(_ body: (CommandRunner, _ id: String) throws -> Void) throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write("ingot.yaml", plane)
            let oneRegion = CommandRunner.pipeline.replacing("distribution:\n  - {region: us-west-2}\n", with: "")
            try ingot.write("pipelines/small.yaml", oneRegion)
            #expect(try ingot("build", "small").status == 0)
            try body(ingot, try #require(ingot("images", "-o", "quiet").lines.first.map(String.init)))
        }
    }

    @Test func `accounts are listed with their units, and the one that acts is named`() throws {
        try Self.withImage { ingot, _ in
            let list = try ingot("accounts", "--as", "dev")
            let acting = list.lines.filter { $0.hasSuffix("acts") }
            #expect(list.lines.count == 4 && acting.count == 1, "\(list.output)")
            #expect(acting.allSatisfy { $0.hasPrefix("222222222222") && $0.contains("root/workloads") })
            #expect(try ingot("accounts", "--as", "devv").error.contains("did you mean 'dev'?"))
            #expect(try ingot("images", "--config", "other.yaml").status == 66)
            try ingot.write("broken.yaml", "accounts: []\n")
            #expect(try ingot("accounts", "--config", "broken.yaml").error.contains("the plane has no account"))
        }
    }

    @Test func `an ingot.yaml without the account of what was made before it is refused, with what to write`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            try ingot.write("ingot.yaml", Self.plane)
            for words in [["share", "small", "--account", "partner"], ["images"], ["build", "small"]] {
                let refused = try ingot.run(words)
                let message = "us-east-1 has images, snapshots of the account 000000000000"
                #expect(refused.status == 73 && refused.error.contains(message))
                #expect(refused.error.contains(#"first of the accounts: {id: "000000000000", name: ingot}"#), "\(refused.error)")
            }
            let named = #"accounts:\#n  - {id: "000000000000", name: ingot}"#
            try ingot.write("ingot.yaml", Self.plane.replacing("accounts:", with: named))
            let shared = try ingot("share", "small", "--account", "partner")
            #expect(shared.status == 0, "\(shared.error)")
        }
    }

    @Test func `an image belongs to the account that built it, and only that account changes it`() throws {
        try Self.withImage { ingot, id in
            #expect(try ingot("images", "-o", "json").output.contains("\"111111111111/small-"))
            let refused = try ingot("disable", id, "--as", "dev")
            #expect(refused.status == 77 && refused.error.contains("Not authorized for image:\(id)"))
            #expect(try ingot("snapshots", "-o", "quiet").lines.count == 1)
            #expect(try ingot("snapshots", "-o", "quiet", "--as", "dev").lines.isEmpty)
        }
    }

    @Test func `an image is read by the account that owns it and by those that it is shared with, and for others there is none`()
        throws
    {
        try Self.withImage { ingot, id in
            let reading: [[String]] = [
                ["cat", "small", "/etc/motd"], ["ls", id, "/etc"], ["show", "small"], ["diff", id, id],
                ["cat", "us-east-1:small", "/etc/motd"],
                ["export", "small", "--format", "tar", "--output", "out.tar"], ["inventory", "small"],
                ["blame", "small", "/etc/motd"],
                ["certificate", "small"], ["scan", "secrets", "small"], ["shell", "small", "--", "true"],
            ]
            for words in reading {
                let refused = try ingot.run([words[0], "--as", "partner"] + words.dropFirst())
                #expect(refused.status == 66 && refused.error.contains("there is no image"), "\(words): \(refused.error)")
            }
            #expect(!Files.exists("\(ingot.folder)/out.tar"))
            #expect(try ingot("images", "-o", "quiet", "--as", "partner").lines.isEmpty)
            #expect(try ingot("images", "-o", "quiet").lines == [id[...]])
            #expect(try ingot("share", "small", "--account", "partner").status == 0)
            #expect(try ingot("cat", "small", "/etc/motd", "--as", "partner").output == "welcome\n")
            #expect(try ingot("images", "-o", "quiet", "--as", "partner").lines == [id[...]])
            #expect(try ingot("images", "-o", "quiet", "--as", "dev").lines.isEmpty)
            // What an account made that the plane no longer names, its first account looks into.
            try ingot.write(
                "other.yaml", "accounts:\n  - {id: \"444444444444\", name: new}\n  - {id: \"555555555555\", name: more}\n")
            #expect(try ingot("cat", "small", "/etc/motd", "--config", "other.yaml").output == "welcome\n")
            #expect(try ingot("cat", "small", "/etc/motd", "--config", "other.yaml", "--as", "more").status == 66)
        }
    }

    @Test func `an encrypted image that is shared is told of, and not read without its key`() throws {
        try Self.withImage { ingot, id in
            #expect(try ingot("kms-key", "create", "--alias", "alias/golden", "--region", "us-west-2").status == 0)
            let words = ["copy", "small", "--to", "us-west-2", "--encrypted", "--kms-key-id", "alias/golden", "-o", "quiet"]
            let copy = try #require(ingot.run(words).lines.first.map(String.init))
            let shown = try ingot("show", copy)
            #expect(
                shown.output.contains("8 GiB gp3, encrypted") && shown.output.contains("arn:aws:kms:us-west-2:111111111111:key/"))
            let json = try ingot("show", copy, "-o", "json").output.filter { !$0.isWhitespace }
            #expect(json.contains(#""encrypted":true"#) && json.contains(#""kmsKeyId":"arn:aws:kms:us-west-2"#))
            #expect(try !ingot("show", id).output.contains("encrypted"))
            #expect(try ingot("share", copy, "--account", "partner").status == 0)
            #expect(try ingot("show", copy, "--as", "partner").status == 0)
            let refused = try ingot("cat", copy, "/etc/motd", "--as", "partner")
            #expect(refused.status == 77 && refused.error.contains("is encrypted and belongs to the account 111111111111"))
            #expect(try ingot("cat", copy, "/etc/motd").output == "welcome\n")
        }
    }

    @Test func `sharing gives what it says, and taking it back leaves the image private`() throws {
        try Self.withImage { ingot, id in
            let shared = try ingot("share", "small", "--account", "partner", "--unit", "workloads", "--with-snapshots")
            #expect(shared.output == "\(id) is shared with 2 grantees more\n", "\(shared.error)")
            #expect(try ingot("snapshots", "-o", "quiet", "--as", "partner").lines.count == 1)
            #expect(try ingot("snapshots", "-o", "quiet", "--as", "dev").lines.isEmpty, "units do not reach snapshots")
            let blocked = try ingot("share", "small", "--public")
            #expect(blocked.status == 77 && blocked.error.contains("block public access for AMIs is enabled"))
            #expect(try ingot("public-access", "allow", "--region", "us-east-1").output.hasSuffix("in us-east-1: allowed\n"))
            #expect(try ingot("share", "small", "--public").status == 0)
            #expect(try ingot("images", "-o", "json").output.contains("\"Public\" : true"))
            #expect(try ingot("unshare", "small", "--public").output == "\(id) is shared with 2 grantees\n")
            #expect(try ingot("unshare", "small", "--all", "--with-snapshots").output == "\(id) is private\n")
            #expect(try ingot("snapshots", "-o", "quiet", "--as", "partner").lines.isEmpty)
            #expect(try ingot("share", "small").status == 64)
            #expect(try ingot("public-access").status == 64)
        }
    }

    @Test func `an image is deprecated, disabled, protected and removed, and comes back out of the Recycle Bin`() throws {
        try Self.withImage { ingot, id in
            let deprecated = try ingot("deprecate", "small", "--in", "30d")
            #expect(deprecated.output.hasPrefix("\(id) is deprecated from 20"), "\(deprecated.error)")
            #expect(try ingot("deprecate", "small", "--at", "2001-01-01").error.contains("is in the past"))
            #expect(try ingot("deprecate", "small", "--cancel").output == "\(id) is not deprecated\n")
            #expect(try ingot("deprecate", "small").status == 64)
            #expect(try ingot("disable", "small").output == "\(id) is disabled\n")
            #expect(try ingot("images", "-o", "quiet").lines.isEmpty)
            #expect(try ingot("enable", id).output == "\(id) is available\n")
            #expect(try ingot("protect", "small").output == "\(id) is protected\n")
            #expect(try ingot("deregister", "small", "--force").status == 77)
            #expect(try ingot("protect", "small", "--off").output == "\(id) is not protected\n")
            for words in [["--dry-run"], []] {
                let refused = try ingot.run(["deregister", "small"] + words)
                #expect(refused.status == 73 && refused.error.contains("the channel dev points to 1.0.0/1 of small"))
                #expect(refused.error.contains("promote another version first, or insist with --force"), "\(refused.error)")
            }
            let possible = try ingot("deregister", "small", "--dry-run", "--force")
            #expect(possible.output == "\(id) could be deregistered\n", "\(possible.error)")
            #expect(try ingot("recycle-bin", "keep", "7", "--region", "us-east-1").status == 0)
            #expect(try ingot("deregister", "small", "--force").output == "deregistered \(id)\n")
            #expect(try ingot("images", "-o", "quiet").lines.isEmpty)
            #expect(try ingot("recycle-bin", "list", "-o", "quiet").output == "\(id)\n")
            #expect(try ingot("collect").status == 0)
            #expect(try ingot("recycle-bin", "restore", "us-east-1:\(id)").output == "restored \(id)\n")
            #expect(try ingot("cat", "small", "/etc/motd").output == "welcome\n")
            #expect(try ingot("check").status == 0)
            #expect(try ingot("build", "small").output.contains("nothing changed"))
        }
    }

    @Test func `deregistering with its snapshots frees the store`() throws {
        try Self.withImage { ingot, id in
            let gone = try ingot("deregister", "small", "--delete-snapshots", "--force")
            #expect(gone.output == "deregistered \(id), deleted 1 snapshot\n", "\(gone.error)")
            #expect(try ingot("snapshots", "-o", "quiet").lines.isEmpty)
            #expect(try ingot("deregister", id).status == 73)
            #expect(try ingot("build", "small").status == 0)
        }
    }

    @Test func `a recipe's name does not lead whoever changes something to a copy`() throws {
        try CommandRunner.withSmall { ingot in
            #expect(try ingot("build", "small").status == 0)
            let original = try #require(ingot("images", "-o", "quiet", "--region", "us-east-1").lines.first.map(String.init))
            #expect(try ingot("disable", "small").output.contains(original))
            for command in ["enable", "disable", "deregister"] {
                let refused = try ingot(command, "small")
                #expect(refused.status == 73 && refused.error.contains("is a copy now"), "\(refused.error)")
            }
            #expect(try ingot("enable", original).status == 0)
            #expect(try ingot("disable", "us-west-2:small").status == 0)
        }
    }

    @Test func `another account copies what it may copy, and nothing else`() throws {
        try Self.withImage { ingot, id in
            let refused = try ingot("copy", id, "--to", "us-west-2", "--as", "dev")
            #expect(refused.status != 0 && refused.error.contains(id), "\(refused.error)")
            #expect(try ingot("images", "-o", "quiet", "--region", "us-west-2").lines.isEmpty)
            #expect(try ingot("share", id, "--account", "dev", "--with-snapshots").status == 0)
            #expect(try ingot("copy", id, "--to", "us-west-2", "--as", "dev").status == 0)
            #expect(try ingot("images", "-o", "quiet", "--region", "us-west-2", "--as", "dev").lines.count == 1)
        }
    }
}
