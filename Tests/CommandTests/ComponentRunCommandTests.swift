import Testing

@Suite struct `Component documents from the command line` {
    @Test func `a parameter that no document declares is refused before anything runs`() throws {
        try CommandRunner.inFolder { ingot in
            let phases = "phases: [{name: build, steps: [{name: Say, action: ExecuteBash, inputs: {commands: [echo]}}]}]\n"
            for name in ["one", "two"] {
                try ingot.write(
                    "\(name).yaml", "name: \(name)\nschemaVersion: 1.0\nparameters: [{Port: {type: string}}]\n\(phases)")
            }
            let single = try ingot("component", "run", "one.yaml", "-i", "none", "--parameters", "Prot=2")
            #expect(single.status == 65 && single.error.contains("the component one has no parameter 'Prot'"), "\(single.error)")
            #expect(single.error.contains("did you mean 'Port'?"))
            let several = try ingot("component", "run", "one.yaml", "two.yaml", "-i", "none", "--secret", "Other=env:HOME")
            #expect(several.status == 65 && several.error.contains("none of the components has a parameter 'Other'"))
            // A name that one of them declares passes; there is no such image.
            #expect(try ingot("component", "run", "one.yaml", "two.yaml", "-i", "none", "-p", "Port=2").status == 66)
        }
    }
}
