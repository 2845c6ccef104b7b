/// Reads Subversion's stored logins: `K 8`, `password`, `V 12`, and the password, each on a line.
struct SubversionAuth: FileParser {
    static let rule = SecretRule("file-subversion", "Password of a Subversion server", .sourceForge, .high)

    let kind = "subversion"
    let rules = [rule]

    let names = NameTest(paths: ["/auth/svn."])

    func find(in content: Content, _ found: inout [Candidate]) {
        var state = 0
        for line in Lines(content) {
            let bytes = content.bytes[line]
            switch state {
            case 0: state = bytes.elementsEqual("password".utf8) ? 1 : 0
            case 1: state = bytes.starts(with: Array("V ".utf8)) ? 2 : 0
            default:
                if !bytes.isEmpty { found.append(Candidate(Self.rule, line, .parser)) }
                state = 0
            }
        }
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile {
        CanaryFile("/root/.subversion/auth/svn.simple/canary", "K 8\npassword\nV 12\n\(values.password())\nEND\n")
    }
}
