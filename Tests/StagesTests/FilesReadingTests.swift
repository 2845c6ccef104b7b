import ImageStore
import Model
import Testing

@Suite struct `Reading a files stage` {
    private func message(_ stages: String) throws -> String {
        try StageFixture.with { fixture in
            try failure { _ = try fixture.decode(stages) }.message
        }
    }

    @Test(arguments: [
        ("wrte: {path: /a, text: a}", "there is no action 'wrte'", "did you mean 'write'?"),
        ("write: {path: /a, txt: a, text: b}", "unknown field 'txt'", "did you mean 'text'?"),
        ("write: {path: /a}", "'write' has neither 'text' nor 'base64'", ""),
        ("write: {path: /a, text: a, base64: YQ==}", "'write' has both 'text' and 'base64'", "keep one of them"),
        ("write: {path: /a, base64: 'a b!'}", "'base64' is not base64", ""),
        ("write: {text: a}", "'write' has no 'path'", ""),
        ("write: {path: a, text: a}", "does not start at the image's root", "write it with a leading /"),
        ("write: {path: /a/../b, text: a}", "has the part '..', which is no name", ""),
        ("write: {path: /a, text: a, mode: 0888}", "\"0888\" is not a mode", "write it in octal, like 0644"),
        ("write: {path: /a, text: a, mode: 00644}", "\"00644\" is not a mode", ""),
        ("write: {path: /a, text: a, mode: rw}", "\"rw\" is not a mode", ""),
        ("write: {path: /a, text: a, owner: 'a:b'}", "is neither a name nor a number", ""),
        ("copy: {to: /a}", "'copy' has no 'from'", ""), ("copy: {from: a}", "'copy' has no 'to'", ""),
        ("append: {path: /a}", "'append' has no 'text'", ""), ("symlink: {path: /a}", "'symlink' has no 'target'", ""),
        ("remove: {path: /a, missing: yes}", "'missing' cannot be 'yes'", "known: ok, error"),
        ("permissions: {path: /a}", "'permissions' has no 'mode'", ""),
        ("permissions: {path: /a, mode: 0755, directoryMode: 0700}", "'directoryMode' is for 'recursive: true'", ""),
        ("owner: {path: /a}", "'owner' has neither 'owner' nor 'group'", ""),
        ("{write: {path: /a, text: a}, remove: {path: /a}}", "an action has one key", "begin a new entry"),
    ])
    func `a mistake is told with its place and a hint`(action: String, message expected: String, hint: String) throws {
        let message = try message("- files:\n    - \(action)")
        #expect(message.contains(expected))
        #expect(message.contains(hint))
        #expect(message.contains("test.yaml:6:"))
    }

    @Test func `all mistakes come at once`() throws {
        let message = try message("- files:\n    - write: {path: a}\n    - mkdir: {}\n")
        #expect(
            message.contains("does not start") && message.contains("neither 'text'") && message.contains("'mkdir' has no 'path'"))
    }

    @Test func `a stage without actions is told`() throws {
        #expect(try message("- files").contains("the stage 'files' has no actions"))
    }

    @Test(arguments: ["0644", "\"0644\"", "644", "0o644"])
    func `a mode is octal, quoted or not`(text: String) throws {
        try StageFixture.with { fixture in
            let tree = try fixture.tree("- files: [write: {path: /a, text: a, mode: \(text)}]")
            #expect(try tree.node(at: "/a")?.metadata.mode == 0o644)
        }
    }
}
