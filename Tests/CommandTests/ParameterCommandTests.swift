import Cloud
import Commands
import Model
import Platform
import TestSupport
import Testing

@Suite struct `Parameters from the command line` {
    @Test func `are written, read, listed and deleted`() throws {
        try CommandRunner.inFolder { ingot in
            let first = try ingot("parameter", "put", "/web/port", "80", "--description", "where it listens")
            #expect(first.status == 0, "\(first.error)")
            #expect(try ingot("parameter", "put", "/web/port", "81").status == 73)
            #expect(try ingot("parameter", "put", "/web/port", "81", "--overwrite", "-o", "quiet").output == "2\n")
            #expect(try ingot("parameter", "get", "/web/port").output == "81\n")
            #expect(try ingot("parameter", "get", "/web/port:1").output == "80\n")
            #expect(try ingot("parameter", "list", "-o", "quiet").output == "/web/port\n")
            #expect(try ingot("parameter", "history", "/web/port", "-o", "quiet").output == "/web/port:1\n/web/port:2\n")
            #expect(try ingot("parameter", "get", "/web/port", "--region", "eu-west-1").status == 66)
            #expect(try ingot("parameter", "delete", "/web/port").status == 0)
            #expect(try ingot("parameter", "get", "/web/port").status == 66)
        }
    }

    @Test func `take secrets by the standard input, a file or a variable, and say so where one stood on the command line`() throws
    {
        try CommandRunner.inFolder { ingot in
            let piped = try ingot.shell(
                "printf 's3cr3t-1\\n' | \"$0\" parameter put a --type SecureString > .out 2> .err")
            #expect(piped.status == 0, "\(piped.error)")
            try ingot.write("secret", "s3cr3t-2\n")
            #expect(try ingot("parameter", "put", "b", "--type", "SecureString", "--from-file", "secret").status == 0)
            let variable = ["parameter", "put", "c", "--type", "SecureString", "--from-env", "SECRET"]
            #expect(try ingot.run(variable, variables: ["SECRET": "s3cr3t-3"]).status == 0)
            #expect(try ingot.run(variable).status == 66)
            for (name, value) in [("a", "s3cr3t-1"), ("b", "s3cr3t-2"), ("c", "s3cr3t-3")] {
                #expect(try !ingot("parameter", "get", name, "-o", "json").output.contains("s3cr3t"))
                #expect(try ingot("parameter", "get", name, "--with-decryption").output == value + "\n")
                #expect(try !ingot("parameter", "history", name).output.contains("s3cr3t"))
            }
            let typed = try ingot("parameter", "put", "d", "s3cr3t-4", "--type", "SecureString")
            #expect(typed.status == 0 && typed.error.contains("command line") && !typed.error.contains("s3cr3t"))
            #expect(try Shell.run("grep -rl s3cr3t .ingot || true", in: ingot.folder) == "")
            #expect(try ingot("parameter", "put", "e", "1", "--from-env", "SECRET").status == 64)
        }
    }

    @Test func `are what component documents refer to`() throws {
        try withTemporaryFolder { folder in
            let plane = EmbeddedPlane(folder: folder, environment: .system())
            let store = try plane.makeRegion(RegionName(parsing: "us-east-1")).parameters
            func put(_ name: String, _ value: String, _ type: ParameterType, overwrites: Bool = false) throws {
                _ = try store.put(
                    NewParameter(try ParameterName(parsing: name), value, type: type, overwrites: overwrites, user: "t"),
                    at: Instant(seconds: 0))
            }
            try put("/a", "1", .string)
            try put("/a", "2", .string, overwrites: true)
            try put("/b", "x,y", .stringList)
            try put("/c", "secret", .secureString)
            #expect(try store.stored("/a")?.value == .string("2"))
            #expect(try store.stored("/a:1")?.value == .string("1"))
            #expect(try store.stored("/b")?.value == .list(["x", "y"]))
            #expect(try store.stored("/c")?.value == .secure("secret"))
            #expect(try store.stored("/d") == nil)
            #expect(throws: Failure.self) { try store.stored("no name") }
        }
    }
}
