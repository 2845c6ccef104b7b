import Platform
import Testing

@Suite struct `The command audit` {
    private static let profile = """
        name: site
        title: "<b>a site's rules</b>"
        rules:
          - {id: motd, title: t, reference: site 1, severity: low, require: [{fileText: {path: /etc/motd, text: "welcome\\n", mode: "0644"}}]}
          - {id: no-usb, title: t, reference: site 2, severity: high, require: [{kernelModule: {name: usb-storage}}]}
          - {id: firewall, title: t, reference: site 3, severity: high, notDecidable: "the rules are loaded <script>at run time</script>"}

        """

    private func expect(_ ingot: CommandRunner, _ words: [String], _ holds: (CommandRunner.Result) -> Bool) throws {
        let result = try ingot.run(words)
        #expect(holds(result), "\(words): \(result.status) \(result.output)")
    }

    private func withImage(_ body: (CommandRunner) throws -> Void) throws {
        try CommandRunner.withSmall { ingot in
            try ingot.write("recipes/profiles/site.yaml", Self.profile)
            let built = try ingot.run(["build", "small"])
            #expect(built.status == 0)
            try body(ingot)
        }
    }

    @Test func `lists each rule with its evidence, sums up, and exits with 1 where one fails`() throws {
        try withImage { ingot in
            let result = try ingot.run(["audit", "small", "--profile", "site"])
            #expect(result.status == 1)
            #expect(
                result.output.contains("usb-storage can be loaded") && result.output.contains("not decidable on a filesystem"))
            #expect(result.output.contains("site: 1 of 2 rules pass, 50.0 %; 1 fail; 1 not decidable"))
            try expect(ingot, ["audit", "small", "--profile", "site", "--output", "quiet"]) { $0.output == "no-usb\n" }
        }
    }

    @Test func `succeeds from the threshold on`() throws {
        try withImage { ingot in
            try expect(ingot, ["audit", "small", "-p", "site", "--threshold", "50"]) { $0.status == 0 }
            try expect(ingot, ["audit", "small", "-p", "site", "--threshold", "51"]) { $0.status == 1 }
            try expect(ingot, ["audit", "small", "-p", "site", "--threshold", "101"]) { $0.status == 64 }
        }
    }

    @Test func `leaves alone what a file of exceptions names, and shows why`() throws {
        try withImage { ingot in
            try ingot.write("exceptions.yaml", "except: [{rule: no-usb, because: we boot from it}]\n")
            let result = try ingot.run(["audit", "small", "-p", "recipes/profiles/site.yaml", "--exceptions", "exceptions.yaml"])
            #expect(result.status == 0 && result.output.contains("we boot from it (usb-storage can be loaded)"))
            #expect(result.output.contains("site: 1 of 1 rules pass, 100.0 %; 1 excepted; 1 not decidable"))
            try ingot.write("exceptions.yaml", "except: [{rule: no-usb}]\n")
            try expect(ingot, ["audit", "small", "-p", "site", "--exceptions", "exceptions.yaml"]) { $0.status == 65 }
        }
    }

    @Test func `leaves alone what the recipe does, of a parent and of a copy too, with the reason that stands there`() throws {
        try withImage { ingot in
            let harden = "  - harden: {profile: site, unmet: report, except: [{rule: no-usb, because: the console needs it}]}\n"
            let recipe = CommandRunner.recipe().replacing("  - validate:", with: harden + "  - validate:")
            try ingot.write("recipes/small.yaml", recipe)
            #expect(try ingot("build", "small").status == 0)
            let result = try ingot.run(["audit", "small", "-p", "site"])
            #expect(
                result.status == 0 && result.output.contains("the console needs it (usb-storage can be loaded)"),
                "\(result.output)")
            #expect(result.output.contains("site: 1 of 1 rules pass, 100.0 %; 1 excepted; 1 not decidable"))
            try expect(ingot, ["audit", "us-west-2:small", "-p", "site"]) { $0.output.contains("the console needs it") }
            try expect(ingot, ["audit", "small", "-p", "site", "--no-recipe-exceptions"]) {
                $0.status == 1 && !$0.output.contains("console")
            }
            // A file has the last word.
            try ingot.write("exceptions.yaml", "except: [{rule: no-usb, because: we boot from it}]\n")
            try expect(ingot, ["audit", "small", "-p", "site", "--exceptions", "exceptions.yaml"]) {
                $0.output.contains("we boot from it")
            }
            // Another profile does not know the rule.
            let other =
                "name: other\ntitle: t\nrules:\n  - {id: passwd, title: t, reference: r, severity: low, require: [{kernelModule: {name: usb-storage}}]}\n"
            try ingot.write("recipes/profiles/other.yaml", other)
            try expect(ingot, ["audit", "small", "-p", "other"]) {
                $0.status == 1 && $0.output.contains("other: 0 of 1 rules pass")
            }
            try ingot.write(
                "recipes/top.yaml",
                "name: top\nversion: 1.0.x\nparentImage: small\nstages:\n  - files: [{write: {path: /etc/top, text: top}}]\n")
            try ingot.write("pipelines/top.yaml", "name: top\nrecipe: top\nregion: us-east-1\n")
            #expect(try ingot("build", "top").status == 0)
            try expect(ingot, ["audit", "top", "-p", "site"]) { $0.output.contains("the console needs it") }
        }
    }

    @Test func `shows only the statuses that were asked for`() throws {
        try withImage { ingot in
            let result = try ingot.run(["audit", "small", "-p", "site", "--only", "not-decidable", "--only", "pass"])
            #expect(!result.output.contains("no-usb") && result.output.contains("motd") && result.output.contains("firewall"))
        }
    }

    @Test func `writes one page that loads nothing and takes no tag from a profile or an image`() throws {
        try withImage { ingot in
            let page = try ingot.run(["audit", "small", "-p", "site", "--output", "html"]).output
            #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
            #expect(page.contains("&lt;b&gt;a site&#39;s rules&lt;/b&gt;") && !page.contains("<b>a site"))
            #expect(page.contains("&lt;script&gt;at run time") && page.parts(between: "<script>") == 2)
            for word in ["http:", "https:", "src=", "@import", "url("] { #expect(!page.contains(word), "\(word)") }
        }
    }

    @Test func `of an unknown profile it says where it looked`() throws {
        try withImage { ingot in
            let result = try ingot.run(["audit", "small", "-p", "sit"])
            #expect(result.status == 66 && result.error.contains("did you mean 'site'?"))
        }
    }
}

extension String {
    /// How many parts a separator makes.
    fileprivate func parts(between separator: String) -> Int {
        split(separator: separator, omittingEmptySubsequences: false).count
    }
}
