import Commands
import Model
import Platform
import Testing

@Suite struct `Words and statuses` {
    @Test(
        "--parameters takes pairs as AWSTOE does, and values with commas",
        arguments: [
            ("a=1", ["a=1"]), ("a=1,b=2", ["a=1", "b=2"]), ("a=1,b-2.c_3=x=y", ["a=1", "b-2.c_3=x=y"]),
            ("packages=nginx,curl", ["packages=nginx,curl"]), ("list=x,y,b=2", ["list=x,y", "b=2"]),
            (#"query=a\,b=c"#, ["query=a,b=c"]), (#"path=C:\x,b=2"#, [#"path=C:\x"#, "b=2"]), ("a=,", ["a=,"]),
            ("a=1, b=2", ["a=1, b=2"]), ("", [""]),
        ])
    func parameters(word: String, pairs: [String]) {
        #expect(ParameterWords.pairs(word) == pairs)
    }

    @Test(
        "what the operating system refuses ends with 77, whatever else fails to be read or written with 74",
        arguments: [1, 13, 30])
    func denied(errno: Int32) {
        #expect(Failure(.io, "no", cause: SystemError("open", "/x", errno: errno)).code.exitStatus == 77)
        #expect(Failure(.io, "no", cause: SystemError("open", "/x", errno: 5)).code.exitStatus == 74)
        #expect(Failure(.corrupt, "no", cause: SystemError("open", "/x", errno: errno)).code.exitStatus == 76)
    }
}
