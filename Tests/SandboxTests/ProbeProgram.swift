import ImageStore
import Model
import Platform
import Sandbox
import Synchronization
import TestSupport

/// A call of the kernel that is tried from inside, written in C.
struct ProbeCall: Sendable {
    let name: String
    /// An expression, negative with `errno` set where it was refused; what follows the last semicolon outside of braces.
    let code: String
    /// What becomes of it behind all walls, as a name of errno(3).
    let refused: String
    /// The wall without which something else becomes of it; nil where another holds as well, which nobody can take away.
    let wall: Walls?

    init(_ name: String, _ code: String, _ refused: String = "EPERM", without wall: Walls? = .filter) {
        self.name = name
        self.code = code
        self.refused = refused
        self.wall = wall
    }
}

/// The program that tries the calls: a static one, made by the host's compiler from the tables of the tests.
///
/// Its arguments are names of calls; for each it prints `name outcome`, where the outcome is `reached`, a name of errno(3) or a signal.
enum ProbeProgram {
    static let obstacle: String? = program == nil ? "needs a C compiler and static libraries: apt-get install gcc libc6-dev" : nil

    /// The executable, once for all tests.
    static let program: [UInt8]? = {
        guard Shell.has("cc") else { return nil }
        return try? withTemporaryFolder { folder in
            try Files.writeDurably("\(folder)/probe.c", Array(source.utf8))
            try Shell.run("cc -O1 -static -w -o probe probe.c", in: folder)
            return try Files.read("\(folder)/probe")
        }
    }()

    private static let known = Mutex<[Int: [String: String]]>([:])

    /// What becomes of each of the calls behind the walls; asked once for the same walls.
    static func outcomes(behind walls: Walls) throws -> [String: String] {
        if let outcomes = known.withLock({ $0[walls.rawValue] }) { return outcomes }
        let outcomes: [String: String] = try withSandbox(walls: walls) { try Self.outcomes(in: $0) }
        known.withLock { $0[walls.rawValue] = outcomes }
        return outcomes
    }

    /// What becomes of each of the calls in a sandbox.
    static func outcomes(in fixture: SandboxFixture) throws -> [String: String] {
        try add(to: fixture)
        let (_, text) = try fixture.run("") {
            $0.arguments = ["/bin/probe"] + ProbeCalls.all.map(\.name)
            $0.limits.time = 60_000_000_000
        }
        var outcomes: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { outcomes[String(words[0])] = String(words[1]) }
        }
        return outcomes
    }

    static func add(to fixture: SandboxFixture) throws {
        try fixture.editor.write(
            program ?? [], to: "/bin/probe", metadata: Metadata(mode: 0o755, modified: fixture.date))
    }

    private static var source: String {
        var text = head
        for (index, call) in (ProbeCalls.all + ProbeTools.all).enumerated() {
            text += "static long probe_\(index)(void) { errno = 0; \(body(call.code)); }\n"
        }
        text += "static const struct { const char *name; long (*call)(void); } probes[] = {\n"
        for (index, call) in (ProbeCalls.all + ProbeTools.all).enumerated() { text += "  {\"\(call.name)\", probe_\(index)},\n" }
        return text + "};\n" + tail
    }

    /// A single expression is what the function returns.
    private static func body(_ code: String) -> String { code.contains("return") ? code : "return \(code)" }

    private static let head = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <linux/capability.h>
        #include <linux/keyctl.h>
        #include <poll.h>
        #include <sched.h>
        #include <signal.h>
        #include <stddef.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/ioctl.h>
        #include <sys/mount.h>
        #include <sys/prctl.h>
        #include <sys/ptrace.h>
        #include <sys/resource.h>
        #include <sys/shm.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/sysmacros.h>
        #include <sys/time.h>
        #include <sys/timex.h>
        #include <sys/uio.h>
        #include <sys/un.h>
        #include <sys/wait.h>
        #include <sys/xattr.h>
        #include <time.h>
        #include <unistd.h>
        #include <netinet/in.h>
        #define BAD ((void *)8)
        static char buffer[4096];
        static long refuse(int error) { errno = error; return -1; }
        static int has(int capability) {
          struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
          struct __user_cap_data_struct data[2] = {{0}};
          if (syscall(SYS_capget, &header, data) != 0) return 1;
          unsigned all = data[0].effective | data[0].permitted | data[0].inheritable;
          return (all >> capability) & 1;
        }

        """

    private static let tail = """
        static void attempt(const char *name, long (*call)(void)) {
          fflush(stdout);
          pid_t child = fork();
          if (child == 0) {
            alarm(5);
            long result = call();
            if (result >= 0) printf("%s reached\\n", name);
            else printf("%s %s\\n", name, strerrorname_np(errno));
            fflush(stdout);
            _exit(0);
          }
          int status;
          waitpid(child, &status, 0);
          if (WIFSIGNALED(status)) printf("%s SIG%s\\n", name, sigabbrev_np(WTERMSIG(status)));
        }

        int main(int count, char **words) {
          for (int at = 1; at < count; at++)
            for (size_t index = 0; index < sizeof probes / sizeof *probes; index++)
              if (strcmp(words[at], probes[index].name) == 0) attempt(words[at], probes[index].call);
          return 0;
        }

        """
}
