import Platform
import TestSupport
import Testing

@Suite(
    .serialized, .enabled(if: SmallDisk.isPossible, "needs the right to mount a tmpfs: run the tests as root"),
    .enabled(if: ComponentWorkshop.isPossible, "\(ComponentWorkshop.obstacle ?? "")"))
struct `A full disk, while a component runs` {
    /// A disk of 64 MB with a workspace in which the base is, and only `free` kilobytes left; then with room again.
    private func withFree(_ free: Int, _ script: String, _ body: (String) -> Void) throws {
        try SmallDisk.with(megabytes: 64) { ingot, disk in
            let work = ComponentWorkshop(ingot: ingot)
            try work.writeBase()
            try work.recipe("big", "- files: [{write: {path: /srv/first, text: first}}]\n- component: {use: nothing}")
            try work.component("nothing", [("validate", ["true"])])
            #expect(try ingot("build", "big", "--home", disk.home).status == 0)
            try work.recipe("big", "- files: [{write: {path: /srv/first, text: first}}]\n- component: {use: big}")
            try work.component("big", [("build", [script])])
            let left = try Shell.run("df --output=avail -k disk | tail -1", in: ingot.folder)
            let ballast = (Int(left.split(whereSeparator: \.isWhitespace).first ?? "") ?? 0) - free
            try Shell.run("fallocate -l \(ballast)K disk/ballast", in: ingot.folder)
            for _ in 0..<2 {
                let build = try ingot("build", "big", "--home", disk.home)
                #expect(build.status == 74, "\(build.error)")
                #expect(build.error.split(separator: "\n").count { $0.hasPrefix("ingot: error: ") } == 1, "\(build.error)")
                body(build.error)
                HostTraces(folder: ingot.folder).expectNone()
                #expect(try ingot("cat", "big", "/srv/first", "--home", disk.home).output == "first")
                try work.expectSound(disk.home)
            }
            try Shell.run("rm disk/ballast", in: ingot.folder)
            let build = try ingot("build", "big", "--home", disk.home)
            #expect(build.status == 0, "\(build.error)")
            try work.expectSound(disk.home)
            HostTraces(folder: ingot.folder).expectSwept(disk.home)
        }
    }

    @Test("so that the mountable image has no room, is one clear error, and the build works once there is space")
    func mountable() throws {
        try withFree(1200, "true") { error in #expect(error.contains("mountable file"), "\(error)") }
    }

    @Test("so that a step's files cannot be taken in, is one clear error, and the build works once there is space")
    func capture() throws {
        // The step's own file fits, its copy in the store does not.
        try withFree(14_000, "dd if=/dev/urandom of=/srv/big bs=1024 count=8000") { error in
            #expect(error.contains("No space left on device") || error.contains("full"), "\(error)")
        }
    }
}
