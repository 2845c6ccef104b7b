import Guest
import ImageStore
import Model
import TestSupport

/// A small image of a server, and what becomes of it.
struct SemanticFixture {
    static let files = [
        "/etc/passwd":
            "root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\n",
        "/etc/shadow": "root:*:19000:0:99999:7:::\nalice:$y$j9T$aaaa$bbbb:19000:0:99999:7:::\nwww-data:*:19000::::::\n",
        "/etc/group": "root:x:0:\nsudo:x:27:alice\nweb:x:500:\n", "/etc/gshadow": "root:*::\nsudo:!::alice\n",
        "/etc/sudoers": "Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n",
        "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\nUsePAM yes\n",
        "/etc/pam.d/login": "@include common-auth\nauth optional pam_faildelay.so delay=3000000\n",
        "/etc/pam.d/common-auth": "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\n",
        "/etc/login.defs": "PASS_MAX_DAYS 99999\nUMASK 022\n", "/etc/sysctl.d/10-net.conf": "net.ipv4.ip_forward = 0\n",
        "/etc/modprobe.d/usb.conf": "blacklist usb_storage\n",
        "/etc/fstab": "LABEL=root / ext4 defaults 0 1\ntmpfs /tmp tmpfs nodev,nosuid 0 0\n",
        "/etc/crontab": "17 * * * * root run-parts /etc/cron.hourly\n", "/etc/hostname": "image\n",
        "/etc/default/grub": "GRUB_CMDLINE_LINUX=\"console=ttyS0 apparmor=1\"\n",
        "/etc/apt/sources.list": "deb https://deb.debian.org/debian bookworm main\n",
        "/usr/lib/systemd/system/web.service":
            "[Service]\nExecStart=/usr/bin/web\nUser=www-data\n[Install]\nWantedBy=multi-user.target\n",
        "/usr/lib/systemd/system/web.socket": "[Socket]\nListenStream=127.0.0.1:80\n",
        "/usr/lib/systemd/system/clean.timer": "[Timer]\nOnCalendar=daily\n",
        "/usr/lib/modules/6.1.0-1/modules.dep": "", "/usr/bin/tool": "tool", "/srv/data": "data",
        "/var/lib/dpkg/status":
            "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21\n\nPackage: web\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0-1\n\nPackage: auditd\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0-2\n",
        "/var/lib/dpkg/info/web.list": "/.\n/usr/bin/web\n/etc/web.conf\n", "/usr/bin/web": "program 1", "/etc/web.conf": "a",
    ]

    static func base(_ objects: MemoryObjects) throws -> TreeEditor { try makeTree(files, in: objects) }

    /// What differs after an edit.
    static func difference(now: Int64 = 1_800_000_000, _ edit: (TreeEditor) throws -> Void) throws -> SemanticDifference {
        let objects = MemoryObjects()
        let old = try Tree(try base(objects).finish(), in: objects)
        let editor = try TreeEditor(root: old.root, in: objects, date: 1_700_000_000_000_000_000)
        try edit(editor)
        return try SemanticDifference(from: old, to: try Tree(try editor.finish(), in: objects), now: now)
    }
}
