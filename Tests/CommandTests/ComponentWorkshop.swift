import Model
import Platform
import Sandbox
import TestSupport
import Testing

/// A folder with a small image, whose programs are those of busybox, and pipelines with components on it.
struct ComponentWorkshop {
    let ingot: CommandRunner
    var home: String { ingot.folder + "/.ingot" }

    static let busybox = ["/bin/busybox", "/usr/bin/busybox"].first { Files.exists($0) }

    /// Why components cannot run here; nil where they can.
    static let obstacle: String? = {
        do throws(Failure) { try Sandbox.checkAvailable() } catch { return error.chain.joined(separator: ": ") }
        return busybox == nil ? "needs busybox: apt-get install busybox-static" : nil
    }()
    static var isPossible: Bool { obstacle == nil }

    static func with(variables: [String: String] = [:], _ body: (ComponentWorkshop) throws -> Void) throws {
        try CommandRunner.inFolder(variables: variables) { ingot in
            let work = ComponentWorkshop(ingot: ingot)
            try work.writeBase()
            try body(work)
        }
    }

    private static let applets = [
        "sh", "cat", "echo", "rm", "mkdir", "chmod", "chown", "ln", "sleep", "touch", "dd", "head", "tr", "test", "grep",
        "base64",
    ]

    /// The image's archive, with the same bytes each time.
    func writeBase() throws {
        try Shell.run(
            """
            mkdir -p base/bin base/dev base/etc base/proc base/run base/srv base/sys base/tmp base/usr/bin
            chmod 1777 base/tmp
            cp \(try #require(Self.busybox)) base/bin/busybox
            chmod 755 base/bin/busybox
            for applet in \(Self.applets.joined(separator: " ")); do ln -s busybox base/bin/$applet; done
            printf '#!/bin/sh\\nexec /bin/sh "$@"\\n' > base/bin/bash
            chmod 755 base/bin/bash
            echo root:x:0:0:root:/root:/bin/sh > base/etc/passwd
            tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1700000000 -cf base.tar -C base .
            rm -r base
            """, in: ingot.folder)
    }

    // MARK: Documents

    /// A pipeline and a recipe of the name. `stages` is the text of the list.
    func recipe(_ name: String, _ stages: String, pipeline: String = "") throws {
        let list = stages.split(separator: "\n").map { "  \($0)\n" }.joined()
        try ingot.write(
            "recipes/\(name).yaml",
            "name: \(name)\nversion: 1.0.x\nparentImage: file:../base.tar\nsourceDate: 2026-01-01\nstages:\n\(list)")
        try ingot.write("pipelines/\(name).yaml", "name: \(name)\nrecipe: \(name)\nregion: us-east-1\n\(pipeline)")
    }

    /// A component whose phases are lists of scripts: each a step of ExecuteBash.
    func component(_ name: String, parameter: String? = nil, _ phases: [(name: String, scripts: [String])]) throws {
        var text = "name: \(name)\nschemaVersion: 1.0\n"
        if let parameter { text += "parameters: [{\(parameter): {type: string}}]\n" }
        text += "phases:\n"
        for phase in phases {
            text += "  - name: \(phase.name)\n    steps:\n"
            for (number, script) in phase.scripts.enumerated() {
                text += "      - {name: Step\(number + 1), action: ExecuteBash, inputs: {commands: ['\(script)']}}\n"
            }
        }
        try ingot.write("recipes/components/\(name).yaml", text)
    }

    /// All kinds of steps: native ones, scripts, new starts of both kinds, and a loop.
    func writeWork() throws {
        try recipe(
            "work",
            """
            - files: [{write: {path: /srv/first, text: first}}]
            - component: {use: work}
            - validate
            - files: [{write: {path: /srv/last, text: last}}]
            - test
            """, pipeline: "promotion: {channels: [dev, prod]}\n")
        try ingot.write(
            "recipes/components/work.yaml",
            """
            name: work
            schemaVersion: 1.0
            phases:
              - name: build
                steps:
                  - name: Native
                    action: CreateFile
                    inputs: [{path: /srv/native, content: native, permissions: "0640"}]
                  - name: Script
                    action: ExecuteBash
                    inputs: {commands: ["echo script >> /srv/log", "chown 12:34 /srv/log"]}
                  - name: Again
                    action: ExecuteBash
                    inputs:
                      commands:
                        - "test -e /srv/again || { echo before >> /srv/again; exit 194; }"
                        - "echo after >> /srv/log"
                  - name: Restart
                    action: Reboot
                    inputs: {delaySeconds: 0}
                  - name: Loop
                    action: ExecuteBash
                    loop: {name: each, for: {start: 1, end: 3, updateBy: 1}}
                    inputs: {commands: ["echo {{ each.value }} >> /srv/log"]}
                  - name: Read
                    action: ReadFile
                    inputs: [{path: /srv/log}]
              - name: validate
                steps:
                  - {name: Check, action: ExecuteBash, inputs: {commands: ["test -e /srv/again"]}}
              - name: test
                steps:
                  - {name: Try, action: ExecuteBash, inputs: {commands: ["grep after /srv/log"]}}

            """)
    }

    /// What `work` leaves in /srv/log, however often it was killed.
    static let log = "script\nafter\n1\n2\n3\n"

    // MARK: Looking

    /// The `console.log` of all components of all builds.
    func consoles(_ home: String? = nil) throws -> String {
        try Shell.run("cat \(home ?? self.home)/builds/*/*/console.log 2> .none || true", in: ingot.folder)
    }

    private struct Shown: Decodable {
        struct Image: Decodable { let rootDigest: String }
        let image: Image
    }

    func root(_ image: String, home: String? = nil) throws -> String {
        let shown: Shown = try ingot("show", image, "-o", "json", "--home", home ?? self.home).json()
        return shown.image.rootDigest
    }

    func expectSound(_ home: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let check = try ingot("check", "--home", home ?? self.home)
        #expect(check.status == 0, "\(check.output)\(check.error)", sourceLocation: sourceLocation)
    }
}
