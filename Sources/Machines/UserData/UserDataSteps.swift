import Sandbox

/// One program of a first boot: what it is for, a script for the image's shell, and files that it finds under `/run/ingot`.
struct BootStep: Hashable {
    let name: String
    let script: String
    var files: [String: [UInt8]] = [:]
}

/// What user data comes to, without cloud-init, in cloud-init's order: hooks, boot commands, files, host name, users, packages, the files
/// that wait for them, commands and scripts.
struct UserDataSteps {
    private(set) var steps: [BootStep] = []
    /// What is not carried out, for people.
    private(set) var remarks: [String] = []

    /// Where a script finds a file of its own.
    private static let folder = "/run/ingot"

    init(_ data: UserData, defaultUser: String) {
        var configurations: [CloudConfiguration] = []
        var scripts: [[UInt8]] = []
        for part in data.parts {
            switch part {
            case .hook(let bytes): add(bytes, "boothook")
            case .script(let bytes): scripts.append(bytes)
            case .configuration(let configuration): configurations.append(configuration)
            case .ignored(let why): remarks.append("not carried out: \(why)")
            }
        }
        for configuration in configurations { add(configuration, defaultUser) }
        for script in scripts { add(script, "script") }
    }

    /// A script is run as a file, so that its first line chooses its interpreter.
    private mutating func add(_ script: [UInt8], _ name: String) {
        let isPlain = !script.starts(with: "#!".utf8)
        let path = "\(Self.folder)/\(name)-\(steps.count)"
        steps.append(BootStep(name: name, script: isPlain ? "exec /bin/sh \(path)" : "exec \(path)", files: [path: script]))
    }

    private mutating func add(_ configuration: CloudConfiguration, _ defaultUser: String) {
        for key in configuration.ignored { remarks.append("not carried out: \(key) of the cloud-config") }
        add(configuration.bootCommands, "bootcmd")
        for file in configuration.files where !file.isDeferred { add(file) }
        if let name = configuration.hostName {
            steps.append(BootStep(name: "hostname", script: "echo \(ShellText.quoted(name)) > /etc/hostname"))
        }
        for user in configuration.users { add(user) }
        if !configuration.authorizedKeys.isEmpty {
            steps.append(BootStep(name: "ssh_authorized_keys", script: Self.authorize(configuration.authorizedKeys, defaultUser)))
        }
        if configuration.updatesPackages || !configuration.packages.isEmpty {
            steps.append(BootStep(name: "packages", script: Self.packages(configuration.packages)))
        }
        for file in configuration.files where file.isDeferred { add(file) }
        add(configuration.commands, "runcmd")
    }

    /// Commands are lines of one script, so that a folder or a variable of one is there for the next.
    private mutating func add(_ commands: [CloudConfiguration.Command], _ name: String) {
        if commands.isEmpty { return }
        add(Array(("#!/bin/sh\n" + commands.map { $0.shellText + "\n" }.joined()).utf8), name)
    }

    private mutating func add(_ file: CloudConfiguration.WrittenFile) {
        let source = "\(Self.folder)/file-\(steps.count)"
        let path = ShellText.quoted(file.path)
        let script = """
            mkdir -p -- "$(dirname -- \(path))" && cat \(source) \(file.appends ? ">>" : ">") \(path) \
            && chmod \(file.permissions) \(path) && chown \(ShellText.quoted(file.owner)) \(path)
            """
        steps.append(BootStep(name: "write_files \(file.path)", script: script, files: [source: file.content]))
    }

    // MARK: Users and packages

    private mutating func add(_ user: CloudConfiguration.User) {
        let name = ShellText.quoted(user.name)
        var options = user.isSystem ? "-r" : "-m"
        if let shell = user.shell { options += " -s \(ShellText.quoted(shell))" }
        if let comment = user.comment { options += " -c \(ShellText.quoted(comment))" }
        if !user.groups.isEmpty { options += " -G \(ShellText.quoted(user.groups.joined(separator: ",")))" }
        var script = "id -u \(name) > /dev/null 2>&1 || useradd \(options) \(name) || adduser -D \(name) || exit 1\n"
        if !user.authorizedKeys.isEmpty { script += Self.authorize(user.authorizedKeys, user.name) }
        for rule in user.sudo {
            let line = ShellText.quoted("\(user.name) \(rule)")
            script += "mkdir -p /etc/sudoers.d && echo \(line) >> /etc/sudoers.d/90-cloud-init-users && "
            script += "chmod 0440 /etc/sudoers.d/90-cloud-init-users\n"
        }
        steps.append(BootStep(name: "user \(user.name)", script: script))
    }

    private static func authorize(_ keys: [String], _ user: String) -> String {
        let lines = keys.map { "echo \(ShellText.quoted($0)) >> \"$home/.ssh/authorized_keys\"" }.joined(separator: " && ")
        return """
            home=$(while IFS=: read -r name x uid gid comment home rest; do \
            [ "$name" = \(ShellText.quoted(user)) ] && echo "$home"; done < /etc/passwd)
            [ -n "$home" ] && mkdir -p "$home/.ssh" && \(lines) && chmod 700 "$home/.ssh" && chmod 600 "$home/.ssh/authorized_keys" \
            && chown -R \(ShellText.quoted(user)) "$home/.ssh"

            """
    }

    /// By the image's own package manager.
    private static func packages(_ names: [String]) -> String {
        let words = names.map { ShellText.quoted($0) }.joined(separator: " ")
        let install = { (command: String) in names.isEmpty ? "true" : "\(command) \(words)" }
        return """
            if command -v apt-get > /dev/null; then
              export DEBIAN_FRONTEND=noninteractive
              apt-get update && \(install("apt-get install -y --no-install-recommends"))
            elif command -v dnf > /dev/null; then \(install("dnf install -y"))
            elif command -v yum > /dev/null; then \(install("yum install -y"))
            elif command -v apk > /dev/null; then \(install("apk add --update"))
            else echo "there is no package manager that is known" >&2; exit 1
            fi
            """
    }
}
