import ImageStore
import Model

/// A tree that breaks the rules of a shipped profile. What excludes each other, such as two firewalls, is in different variants.
struct CarelessImage: Sendable, CustomStringConvertible {
    let name: String
    var packages: [String] = []
    var files: [String: String] = [:]
    var units: [String] = []

    var description: String { name }

    static func debian(_ name: String, packages: [String], files: [String: String] = [:]) -> CarelessImage {
        CarelessImage(
            name: name, packages: packages + DebianFaults.packages,
            files: common.merging(DebianFaults.files) { $1 }.merging(files) { $1 },
            units: DebianFaults.units)
    }

    static let debianVariants: [CarelessImage] = [
        debian("debian", packages: ["rsyslog", "auditd", "aide", "chrony", "cron", "sudo-none", "libpam-pwquality", "ufw"]),
        debian(
            "debian without packages", packages: ["systemd-timesyncd", "nftables"],
            files: [
                "etc/pam.d/common-password":
                    "password [success=2 default=ignore] pam_unix.so remember=5\npassword requisite pam_deny.so\npassword required pam_permit.so\n"
            ]),
        debian(
            "debian with iptables", packages: ["iptables-persistent"],
            files: ["etc/iptables/rules.v4": ":INPUT ACCEPT\n", "etc/iptables/rules.v6": ":INPUT ACCEPT\n"]),
        CarelessImage(
            name: "debian with little", packages: ["base-files"], files: common.merging(oneDisk) { $1 },
            units: ["netfilter-persistent.service", "nftables.service", "ufw.service"]),
    ]

    static let amazonVariants: [CarelessImage] = [
        CarelessImage(
            name: "amazon", packages: AmazonFaults.packages, files: common.merging(AmazonFaults.files) { $1 },
            units: AmazonFaults.units),
        CarelessImage(
            name: "amazon with little", packages: ["filesystem"],
            files: common.merging(AmazonFaults.files) { $1 }.merging(oneDisk) { $1 }),
    ]

    private static let oneDisk = ["etc/fstab": "/dev/xvda1 / ext4 defaults 0 1\n"]

    /// Files that are wrong on every distribution.
    static let common = [
        "etc/fstab": """
        /dev/xvda1 / ext4 defaults 0 1
        tmpfs /tmp tmpfs defaults,exec 0 0
        tmpfs /dev/shm tmpfs defaults 0 0
        /dev/xvdb /home ext4 defaults 0 2
        /dev/xvdc /var/tmp ext4 defaults 0 2
        /dev/xvdd /var/log ext4 defaults 0 2
        /dev/xvde /var ext4 defaults 0 2
        /dev/xvdf /var/log/audit ext4 defaults 0 2

        """,
        "etc/motd": "Welcome to Debian GNU/Linux and Amazon Linux\n", "etc/issue": "Debian GNU/Linux 12 \\n \\l \\S\n",
        "etc/issue.net": "kernel \\r\n",
        "etc/sysctl.conf": "net.ipv4.ip_forward=1\nkernel/randomize_va_space = 0\n",
        "etc/sysctl.d/10-a.conf": "# nothing\n-net.ipv4.tcp_syncookies = 0\n",
        "etc/modprobe.d/usb.conf": "install usb_storage /sbin/modprobe --ignore-install usb_storage\n",
        "etc/security/limits.conf": "* hard core unlimited\n", "etc/security/faillock.conf": "# deny = 3\ndeny = 10\n",
        "etc/security/pwquality.conf": "minlen = 6\n", "etc/security/pwhistory.conf": "remember = 1\n",
        "etc/security/opasswd": "", "etc/security/opasswd.old": "",
        "etc/systemd/coredump.conf": "[Coredump]\nStorage=external\n",
        "etc/systemd/journald.conf": "[Journal]\n#Storage=auto\nCompress=no\nForwardToSyslog=maybe\n",
        "usr/lib/systemd/journald.conf.d/zzz.conf": "[Journal]\nStorage=volatile\n",
        "etc/crontab": "", "etc/cron.deny": "", "etc/at.deny": "", "etc/cron.d/job": "", "etc/cron.hourly/job": "",
        "etc/cron.daily/job": "", "etc/cron.weekly/job": "", "etc/cron.monthly/job": "",
        "etc/ssh/sshd_config": """
        Include /etc/ssh/sshd_config.d/*.conf
        PermitRootLogin yes
        X11Forwarding yes
        Match User backup
            PermitRootLogin yes

        """,
        "etc/ssh/sshd_config.d/00-cloud.conf": "permitrootlogin = yes\nMaxAuthTries 20\n",
        "etc/ssh/sshd_config.d/50-site.conf": "MaxStartups 100\nCiphers +aes128-cbc\n",
        "etc/ssh/ssh_host_rsa_key": "", "etc/ssh/ssh_host_rsa_key.pub": "",
        "etc/sudoers":
            "Defaults\tenv_reset, !use_pty, !authenticate\nroot ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL) NOPASSWD: ALL\n@includedir /etc/sudoers.d\n",
        "etc/sudoers.d/site": "Defaults timestamp_timeout=-1\n",
        "etc/login.defs": "PASS_MAX_DAYS\t99999\nPASS_WARN_AGE 0\nENCRYPT_METHOD DES\nUMASK 022\n",
        "etc/default/useradd": "SHELL=/bin/sh\n", "etc/bash.bashrc": "umask 022\n", "etc/bashrc": "umask 022\n",
        "etc/profile": "umask 022\n",
        "etc/passwd": """
        root:x:0:5:root:/root:/bin/bash
        toor:x:0:0::/root:/bin/sh
        daemon:x:1:1:daemon:/usr/sbin:/bin/sh
        bin:x:2:2:bin:/bin:/usr/sbin/nologin
        user:x:1000:1000::/home/user:/bin/bash
        user:x:1000:1000::/home/user:/bin/bash
        open:secret:1001:1001::/home/open:/bin/bash
        lost:x:1002:1999::/home/lost:/bin/bash

        """,
        "etc/group":
            "root:x:0:\ndaemon:x:1:\nbin:x:2:\nshadow:x:42:user\nutmp:x:43:\nuser:x:1000:\nuser:x:1000:\nopen:x:1001:\nsugroup:x:900:user\n",
        "etc/shadow":
            "root::1:0:99999:7:::\ndaemon:$y$x:1:0:99999:7:::\nuser:$y$x:1:0:99999:7:::\nopen::1:0:99999:7:::\n",
        "etc/passwd-": "", "etc/group-": "", "etc/shadow-": "", "etc/gshadow": "root:*::\n", "etc/gshadow-": "",
        "etc/shells": "/bin/sh\n/usr/sbin/nologin\n", "root/.bashrc": "umask 000\nPATH=.:$PATH\n",
        "var/log/site.log": "", "home/user/.rhosts": "+ +\n", "home/open/a": "", "home/user/.profile": "", "srv/stray": "",
        "srv/open/a": "", "srv/privileged": "", "etc/postfix/main.cf": "inet_interfaces = all\n",
        "etc/rsyslog.conf": "$FileCreateMode 0644\nmodule(load=\"imtcp\")\n",
        "usr/lib/security/pam_wheel.so": "", "usr/lib/security/pam_faillock.so": "", "usr/lib/security/pam_pwquality.so": "",
        "usr/lib/security/pam_pwhistory.so": "", "etc/pam.d/su": "auth sufficient pam_rootok.so\n",
        "boot/grub/grub.cfg": "linux /vmlinuz\n", "boot/grub2/grub.cfg": "linux /vmlinuz\n", "boot/grub2/grubenv": "",
        "etc/default/grub": "GRUB_CMDLINE_LINUX=\"quiet selinux=0 enforcing=0\"\n",
        "var/log/audit/audit.log": "", "etc/audit/auditd.conf": "max_log_file = 1\n", "etc/audit/rules.d/a.rules": "-e 1\n",
        "usr/sbin/auditctl": "",
    ]

    private static let open = [
        "etc/motd", "etc/issue", "etc/issue.net", "etc/passwd", "etc/passwd-", "etc/group", "etc/group-", "etc/shadow",
        "etc/shadow-", "etc/gshadow", "etc/gshadow-", "etc/shells", "etc/ssh/ssh_host_rsa_key", "etc/ssh/ssh_host_rsa_key.pub",
        "var/log/site.log", "home/user/.profile", "usr/sbin/auditctl", "var/log/audit/audit.log", "var/lib/aide/aide.db",
        "var/lib/aide/aide.db.gz",
    ]

    func make(in objects: any ObjectWriter) throws(Failure) -> TreeEditor {
        let editor = try TreeEditor(root: nil, in: objects, date: 1_700_000_000_000_000_000)
        var files = files
        for unit in units { files["usr/lib/systemd/system/\(unit)"] = "[Unit]\n[Install]\nWantedBy=multi-user.target\n" }
        let stanzas = packages.map { "Package: \($0)\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n" }
        files["var/lib/dpkg/status"] = stanzas.joined()
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.write(text, to: path)
        }
        for path in Self.open where files[path] != nil {
            try editor.updateMetadata(try TreePath(parsing: path)) { $0.mode = 0o666 }
        }
        try editor.updateMetadata("/var/log/audit") { $0.mode = 0o755 }
        try editor.updateMetadata("/srv/open") { $0.mode = 0o777 }
        try editor.updateMetadata("/srv/privileged") { $0.mode = 0o4755 }
        try editor.updateMetadata("/home/user") { $0.uid = 1001 }
        for path: TreePath in ["/srv/stray", "/var/log/site.log"] {
            try editor.updateMetadata(path) {
                $0.uid = 4711
                $0.gid = 4711
            }
        }
        return editor
    }
}

/// What is wrong with a Debian.
enum DebianFaults {
    static let packages = [
        "telnetd", "nis", "ypbind-mt", "rsh-client", "talk", "telnet", "ldap-utils", "ftp", "xinetd", "tftpd-hpa", "avahi-daemon",
        "slapd",
        "snmpd", "xserver-common", "gdm3", "prelink", "apport", "isc-dhcp-server", "bind9", "dnsmasq", "vsftpd", "dovecot-core",
        "nfs-kernel-server", "samba", "squid", "nginx", "autofs", "cups", "rpcbind", "rsync", "bluez", "systemd-journal-remote",
    ]
    static let units = [
        "rpcbind.service", "rpcbind.socket", "autofs.service", "cups.service", "cups.socket", "rsync.service", "apport.service",
        "avahi-daemon.service", "avahi-daemon.socket", "bluetooth.service", "systemd-journal-remote.service",
        "systemd-journal-remote.socket", "chrony.service", "systemd-timesyncd.service", "cron.service", "rsyslog.service",
        "auditd.service", "ufw.service", "nftables.service", "netfilter-persistent.service", "dailyaidecheck.timer",
        "systemd-journald.service",
    ]
    static let files = [
        "etc/os-release": "NAME=\"Debian GNU/Linux\"\nID=debian\n",
        "etc/pam.d/common-auth":
            "auth\t[success=1 default=ignore]\tpam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n",
        "etc/pam.d/common-account": "account\t[success=1 default=ignore]\tpam_other.so\naccount requisite pam_deny.so\n",
        "etc/pam.d/common-password":
            "password requisite pam_pwquality.so\npassword optional pam_pwhistory.so\npassword [success=1 default=ignore] pam_unix.so remember=5\npassword requisite pam_deny.so\npassword required pam_permit.so\n",
        "etc/apparmor.d/disable/usr.bin.man": "",
        "etc/apparmor.d/usr.bin.x": "profile x /usr/bin/x flags=(complain) {\n}\nprofile y /usr/bin/y flags=(unconfined) {\n}\n",
        "etc/chrony/chrony.conf": "user root\n", "etc/ufw/ufw.conf": "ENABLED=no\n", "etc/ufw/before.rules": "# nothing\n",
        "etc/default/ufw": "DEFAULT_INPUT_POLICY=\"ACCEPT\"\n", "etc/nftables.conf": "# nothing\n",
        "etc/aide/aide.conf": "# nothing\n", "var/lib/aide/aide.db": "",
    ]
}

/// What is wrong with an Amazon Linux.
enum AmazonFaults {
    static let packages = [
        "autofs", "avahi", "cups", "rpcbind", "rsync-daemon", "dhcp-server", "bind", "dnsmasq", "vsftpd", "dovecot", "nfs-utils",
        "ypserv",
        "samba", "net-snmp", "telnet-server", "tftp-server", "squid", "httpd", "xinetd", "ftp", "openldap-clients", "ypbind",
        "telnet",
        "tftp", "mcstrans", "setroubleshoot", "bluez", "systemd-journal-remote", "cronie", "at", "aide", "rsyslog", "nftables",
        "chrony",
    ]
    static let units = [
        "autofs.service", "avahi-daemon.service", "cups.service", "rpcbind.service", "rpcbind.socket", "rsyncd.service",
        "bluetooth.service", "systemd-journal-remote.service", "systemd-journal-remote.socket", "crond.service",
        "rsyslog.service",
        "nftables.service", "chronyd.service", "systemd-journald.service",
    ]
    static let files = [
        "etc/os-release": "NAME=\"Amazon Linux\"\nID=\"amzn\"\nVERSION=\"2023\"\n",
        "etc/dnf/dnf.conf": "[main]\ngpgcheck=0\n", "etc/yum.repos.d/site.repo": "[site]\ngpgcheck=0\n",
        "etc/selinux/config": "SELINUX=disabled\nSELINUXTYPE=none\n", "etc/crypto-policies/config": "LEGACY\n",
        "etc/crypto-policies/state/CURRENT.pol": "hash = SHA2-256 SHA1\n",
        "etc/sysconfig/sshd": "CRYPTO_POLICY=\n", "etc/sysconfig/chronyd": "OPTIONS=\"-u root\"\n",
        "etc/chrony.conf": "# nothing\n",
        "etc/pam.d/system-auth":
            "auth sufficient pam_other.so\npassword sufficient pam_other.so\n",
        "etc/pam.d/password-auth": "auth sufficient pam_other.so\npassword sufficient pam_other.so\n",
        "etc/pam.d/login": "auth required pam_unix.so nullok remember=5\n",
        "var/lib/aide/aide.db.gz": "",
    ]
}
