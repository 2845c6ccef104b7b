import Guest
import Testing

/// What to put into a tree so that an operation finds something: paths made from its patterns, and contents for those that need some.
struct ScrubPlant: Sendable, CustomTestStringConvertible {
    let operation: ScrubOperation

    var testDescription: String { operation.id }

    /// A path for each pattern, in Alice's home where it is for homes.
    var paths: [String] {
        if let own = Self.paths[operation.id] { return own }
        // What build tools leave is removed with its folder before; /var/run is a link to /run.
        let patterns = operation.patterns.filter { !$0.text.contains("/.ansible/") }
        return patterns.map { pattern in
            var path = pattern.text.replacing("/var/run/", with: "/run/").replacing("<user-home>", with: "/home/alice").replacing(
                "<home>", with: "/home/alice")
            for (wildcard, text) in [("**", "one/two"), ("[0-9]", "1"), ("[34]", "4"), ("*", "x")] {
                path.replace(wildcard, with: text)
            }
            return path
        }
    }

    func content(of path: String) -> String {
        if path.hasSuffix(".conf"), operation.id == "boot-entries" { return "title Linux\nlinux /vmlinuz-6.1.0\n" }
        return Self.contents[operation.id] ?? "planted by a test\n"
    }

    /// Whether the paths are gone afterwards; else they are there with other contents.
    var isRemoved: Bool { operation.action == .delete && operation.handler != "accounts" }

    private static let hash = "$6$example$NotARealHashNotARealHash"
    private static let keyHead = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\n"
    private static let machineID = "0123456789abcdef0123456789abcdef"

    private static let paths: [String: [String]] = [
        "boot-entries": ["/etc/kernel/entry-token", "/boot/loader/entries/\(machineID)-6.1.0.conf"],
        "root-password": ["/etc/shadow"],
        "passwords": ["/etc/shadow", "/etc/passwd"],
        "group-passwords": ["/etc/gshadow", "/etc/group"],
        "builder-users": ["/etc/passwd", "/etc/group"],
        "ssh-private-keys": ["/home/alice/.ssh/deploy"],
        "autologin": ["/etc/systemd/system/getty@tty1.service.d/override.conf"],
    ]

    private static let contents: [String: String] = [
        "machine-id": machineID + "\n",
        "mail-host-name": "myhostname = build-7.internal\nmydestination = localhost\n",
        "hosts": "127.0.0.1 localhost\n127.0.1.1 build-7\n10.0.0.7 ip-10-0-0-7.ec2.internal\n",
        "boot-entries": machineID + "\n",
        "ifcfg": "DEVICE=eth0\nHWADDR=00:11:22:33:44:55\n",
        "networkmanager-secrets": "[wifi]\nssid=office\n",
        "networkmanager-connections": "[connection]\nid=lan\nuuid=11111111-2222-3333-4444-555555555555\n",
        "iscsi-initiator": "InitiatorName=iqn.1993-08.org.debian:01:abcdef\n",
        "ssh-private-keys": keyHead,
        "ssh-ca": keyHead,
        "root-password": "root:\(hash):19800:0:99999:7:::\n",
        "passwords": "root:*:0:0:::\nalice:\(hash):1000:1000::/home/alice:/bin/sh\n",
        "group-passwords": "wheel:\(hash)::\n",
        "builder-users": "root:x:0:0:root:/root:/bin/bash\npacker:x:1001:1001::/home/packer:/bin/bash\n",
        "autologin": "[Service]\nExecStart=-/sbin/agetty --autologin root tty1\n",
        "git-configuration": "[url \"https://bot:token@example.com/\"]\n",
    ]
}
