import Components
import Model
import Testing

@Suite struct `Action modules` {
    @Test func `the registry is sorted, and each name is there once`() {
        let names = ActionRegistry.all.map { $0.name }
        #expect(names == Set(names).sorted())
    }

    @Test(arguments: ["ExecutePowerShell", "InstallMSI", "SetRegistry", "UninstallMSI"])
    func `actions of Windows are known and refused when they run`(name: String) throws {
        let action = try ActionFixture.action(name)
        #expect(action.systems == [.windows])
        let failure = try ActionFixture().failure(action, [:])
        #expect(failure.code == .unavailable)
        #expect(failure.message.hasPrefix("\(name) cannot run on this image: it needs "))
    }

    @Test func `rules between inputs say what is wrong`() {
        let one = InputRule.exactlyOne(["commands", "file"])
        #expect(one.defect(in: ["file": []]) == nil)
        #expect(one.defect(in: [:]) == "exactly one of 'commands', 'file' must be given, there is none")
        #expect(
            one.defect(in: ["file": [], "commands": []])
                == "exactly one of 'commands', 'file' must be given, there are 'commands', 'file'")
        let both = InputRule.together(["checksum", "algorithm"])
        #expect(both.defect(in: [:]) == nil)
        #expect(both.defect(in: ["checksum": [], "algorithm": []]) == nil)
        #expect(both.defect(in: ["checksum": []]) == "'checksum', 'algorithm' belong together, 'algorithm' is missing")
        let keys = InputRule.withoutKeys(["REBOOT"], in: "properties")
        #expect(keys.defect(in: ["properties": ["ACCEPT"]]) == nil)
        #expect(keys.defect(in: ["properties": ["Reboot"]]) == "'properties' must not have 'Reboot'")
    }
}
