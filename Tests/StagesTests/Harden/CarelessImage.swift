import ImageStore
import Model

/// A tree that breaks every rule of the shipped profile.
enum CarelessImage {
    private static let packages = [
        "telnetd", "nis", "rsh-client", "talk", "xinetd", "tftpd-hpa", "avahi-daemon", "slapd", "snmpd", "xserver-common",
    ]
    private static let units = [
        "rpcbind.service", "rpcbind.socket", "autofs.service", "cups.service", "cups.socket", "rsync.service",
        "nfs-server.service",
    ]

    private static let files = [
        "etc/fstab": """
        /dev/xvda1 / ext4 defaults 0 1
        tmpfs /tmp tmpfs defaults,exec 0 0
        tmpfs /dev/shm tmpfs defaults 0 0
        /dev/xvdb /home ext4 defaults 0 2
        /dev/xvdc /var/tmp ext4 defaults 0 2
        /dev/xvdd /var/log ext4 defaults 0 2

        """,
        "etc/os-release": "NAME=\"Debian GNU/Linux\"\nID=debian\n",
        "etc/motd": "Welcome to Debian GNU/Linux\n", "etc/issue": "Debian GNU/Linux 12 \\n \\l\n",
        "etc/issue.net": "kernel \\r\n",
        "etc/sysctl.conf": "net.ipv4.ip_forward=1\nkernel/randomize_va_space = 0\n",
        "etc/sysctl.d/10-a.conf": "# nothing\n-net.ipv4.tcp_syncookies = 0\n",
        "etc/modprobe.d/usb.conf": "install usb_storage /sbin/modprobe --ignore-install usb_storage\n",
        "etc/security/limits.conf": "* hard core unlimited\n", "etc/security/faillock.conf": "# deny = 3\ndeny = 10\n",
        "etc/security/pwquality.conf": "minlen = 6\n", "etc/security/opasswd": "",
        "etc/systemd/coredump.conf": "[Coredump]\nStorage=external\n",
        "etc/systemd/journald.conf": "[Journal]\n#Storage=auto\nCompress=no\n",
        "usr/lib/systemd/journald.conf.d/zzz.conf": "[Journal]\nStorage=volatile\n",
        "etc/crontab": "", "etc/cron.deny": "", "etc/at.deny": "", "etc/cron.d/job": "", "etc/cron.hourly/job": "",
        "etc/cron.daily/job": "",
        "etc/cron.weekly/job": "", "etc/cron.monthly/job": "",
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
        "etc/sudoers": "Defaults\tenv_reset, !use_pty\nroot ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n",
        "etc/sudoers.d/site": "Defaults timestamp_timeout=-1\n",
        "etc/pam.d/common-auth": "auth\t[success=1 default=ignore]\tpam_unix.so nullok\n",
        "etc/login.defs": "PASS_MAX_DAYS\t99999\nPASS_WARN_AGE 0\nENCRYPT_METHOD DES\nUMASK 022\n",
        "etc/default/useradd": "SHELL=/bin/sh\n",
        "etc/passwd": """
        root:x:0:5:root:/root:/bin/bash
        toor:x:0:0::/root:/bin/sh
        daemon:x:1:1:daemon:/usr/sbin:/bin/sh
        bin:x:2:2:bin:/bin:/usr/sbin/nologin
        user:x:1000:1000::/home/user:/bin/bash
        user:x:1000:1000::/home/user:/bin/bash
        open:secret:1001:1001::/home/open:/bin/bash

        """,
        "etc/group": "root:x:0:\ndaemon:x:1:\nbin:x:2:\nshadow:x:42:user\nuser:x:1000:\nuser:x:1000:\nopen:x:1001:\n",
        "etc/shadow": "root:*:1:0:99999:7:::\ndaemon:$y$x:1:0:99999:7:::\nuser:$y$x:1:0:99999:7:::\nopen::1:0:99999:7:::\n",
        "etc/passwd-": "", "etc/group-": "", "etc/shadow-": "", "etc/gshadow": "", "etc/gshadow-": "", "etc/shells": "",
        "var/log/site.log": "", "home/user/.rhosts": "+ +\n", "home/open/a": "", "srv/stray": "", "srv/open/a": "",
    ]

    static func make(in objects: any ObjectWriter) throws(Failure) -> TreeEditor {
        let editor = try TreeEditor(root: nil, in: objects, date: 1_700_000_000_000_000_000)
        var files = files
        for unit in units { files["usr/lib/systemd/system/\(unit)"] = "[Unit]\n" }
        let stanzas = packages.map { "Package: \($0)\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n" }
        files["var/lib/dpkg/status"] = stanzas.joined()
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            let path = try TreePath(parsing: path)
            try editor.makeDirectory(path.parent)
            try editor.write(text, to: path)
        }
        let open = [
            "etc/motd", "etc/issue", "etc/issue.net", "etc/passwd", "etc/passwd-", "etc/group", "etc/group-", "etc/shadow",
            "etc/shadow-",
            "etc/gshadow", "etc/gshadow-", "etc/shells", "etc/ssh/ssh_host_rsa_key.pub", "var/log/site.log",
        ]
        for path in open { try editor.updateMetadata(try TreePath(parsing: path)) { $0.mode = 0o666 } }
        try editor.updateMetadata("/srv/open") { $0.mode = 0o777 }
        try editor.updateMetadata("/srv/stray") {
            $0.uid = 4711
            $0.gid = 4711
        }
        return editor
    }
}
