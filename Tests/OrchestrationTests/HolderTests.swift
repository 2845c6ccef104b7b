import Glibc
import Orchestration
import Platform
import TestSupport
import Testing

@Suite struct HolderTests {
    @Test("this process lives; one of another start, or one that is gone, is dead")
    func lives() {
        let isDead = Holder.process.isDead
        #expect(!isDead(Holder.process.name))
        #expect(isDead("\(getpid()):1"))
        #expect(isDead("4194305:1"))
        #expect(!isDead("somebody"), "a name of another form is taken to live")
    }

    @Test("a process that has ended is dead, also while nobody has asked how")
    func zombie() throws {
        var state: (dead: Bool, line: String)?
        // The program that the shell becomes never asks after its child. The pipe's end says that the child is gone.
        let script = "read -r line < \"$0\" & echo $! $$; exec sleep 60"
        try withTemporaryFolder { folder in
            try Shell.run("mkfifo gate", in: folder)
            let run = Subprocess("/bin/sh", ["-c", script, folder + "/gate"], environment: ["PATH": "/usr/bin:/bin"])
            _ = try run.run(in: .system()) { _, line in
                let numbers = String(decoding: line, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
                guard numbers.count == 2 else { return }
                func fields(_ process: pid_t = numbers[0]) -> [Substring] {
                    String(decoding: (try? Files.readStream("/proc/\(process)/stat")) ?? [], as: UTF8.self).split(
                        separator: " ")
                }
                let started = fields()[21]
                // While the parent is still the shell, it would ask.
                while fields(numbers[1]).count > 2 && fields(numbers[1])[1] != "(sleep)" { sched_yield() }
                kill(numbers[0], SIGKILL)
                while fields().count > 2 && fields()[2] != "Z" { sched_yield() }
                state = (Holder.process.isDead("\(numbers[0]):\(started)"), fields().prefix(3).joined(separator: " "))
                kill(numbers[1], SIGKILL)
            }
        }
        let found = try #require(state)
        #expect(found.line.hasSuffix("Z"), "the child is a zombie while it is looked at")
        #expect(found.dead)
    }
}
