import Guest
import ImageStore
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
        return patterns.map { (pattern: GlobPattern) in
            var path = pattern.text.replacing("/var/run/", with: "/run/").replacing("<user-home>", with: "/home/alice").replacing(
                "<home>", with: "/home/alice")
            for (wildcard, text) in [
                ("**", "one/two"), ("[12]", "2"), ("[0-9]", "1"), ("[01]", "0"), ("[0-3]", "0"), ("[34]", "4"), ("*", "x"),
            ] {
                path.replace(wildcard, with: text)
            }
            return path
        }
    }

    func content(of path: String) -> String {
        if path.hasSuffix(".conf"), operation.id == "boot-entries" { return "title Linux\nlinux /vmlinuz-6.1.0\n" }
        return Self.contents[operation.id] ?? "planted by a test\n"
    }

    /// Attributes that the paths get.
    var attributes: [Metadata.Attribute] {
        operation.id == "user-attributes"
            ? [Metadata.Attribute(name: Array("user.origin".utf8), value: Array("https://example.com/".utf8))] : []
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
        "rancher": ["/var/lib/rancher/k3s/server"],
        "environment-secrets": ["/etc/default/app", "/etc/systemd/system/app.service.d/env.conf"],
        "application-secrets": ["/srv/app/.env", "/var/www/html/wp-config.php"],
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
        "cloud-init-mounts": "LABEL=root / ext4 defaults 0 1\n/dev/xvdb /mnt auto defaults,nofail,comment=cloudconfig 0 2\n",
        "cloud-config-secrets": "users:\n  - name: ops\n    hashed_passwd: example\n",
        "ecs-credentials": "ECS_CLUSTER=web\nECS_ENGINE_AUTH_DATA={\"registry\":{\"username\":\"x\"}}\n",
        "monitoring-keys": "api_key: 0123456789abcdef\nlicense_key = 0123456789abcdef\n",
        "cluster-tokens": "acl {\n  agent = \"0123-example\"\n}\n{\n  \"token\": \"0123-example\"\n}\n",
        "vpn-passwords": "# comment\n: PSK \"example\"\n",
        "time-keys": "# comment\n1 SHA1 HEX:0123\n",
        "dashboard-passwords": "[security]\nadmin_password = example\n",
        "database-maintenance": "[client]\nuser = debian-sys-maint\npassword = example\n",
        "directory-configuration": "ldap_default_authtok = example\nbindpw example\n",
        "usb-rules": "allow id 1d6b:0002 serial \"0000\"\n",
        "core-files": "\u{7F}ELF\u{2}\u{1}\u{1}\0\0\0\0\0\0\0\0\0\u{4}\0\0\0",
        "proxies": "Acquire::http::Proxy \"http://proxy.example:3128\";\nproxy=http://proxy.example:3128\n",
        "proxy-variables": "LANG=C\nhttp_proxy=http://proxy.example:3128\nexport HTTPS_PROXY=http://proxy.example:3128\n",
        "mail-passwords": "AuthUser=build\nAuthPass=example\npassword example\n",
        "secret-lists": "# comment\nhttps://dav.example build example\n",
        "mount-passwords": "//files.example/x /mnt cifs username=build,password=example 0 0\n",
        "dynamic-dns": "login=build\npassword='example'\n",
        "power-passwords": "  password = example\nMONITOR ups@localhost 1 build example primary\n",
        "snmp-communities": "createUser build SHA example AES\nrwcommunity example\n",
        "openstack-passwords": "admin_password = example\n",
        "environment-secrets": "Environment=DB_PASSWORD=example\nAPI_KEY=\"example\"\n",
        "application-private-keys": keyHead,
        "application-secrets": "DB_PASSWORD=example\ndefine('DB_PASSWORD', 'x'); $password = 'example';\n",
        "git-configuration": "[url \"https://bot:token@example.com/\"]\n",
    ]
}
