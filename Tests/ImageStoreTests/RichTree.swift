import Glibc
import TestSupport

/// A folder with everything that a root filesystem may hold.
enum RichTree {
    static var isRoot: Bool { geteuid() == 0 }

    /// Makes it as `tree` in `folder`.
    static func make(in folder: String) throws {
        try Shell.run(
            """
            umask 022; mkdir tree; cd tree; mkdir -p etc usr/bin var/tmp empty/in/empty
            printf plain > etc/plain; chmod 640 etc/plain; ln etc/plain usr/hard; ln etc/plain a-first-name; ln -s ../etc/plain usr/soft
            ln -s /etc/plain absolute; ln -s nowhere dangling; chmod 1777 var/tmp; mkdir -m 2755 setgid
            cp /bin/true usr/bin/setuid; chmod 4755 usr/bin/setuid; chmod 2755 etc; mkfifo -m 600 var/pipe
            printf one > "$(printf 'bad\\377\\376name')"; printf two > "$(printf 'new\\nline')"; : > nothing
            printf long > "$(printf 'x%.0s' $(seq 255))"; ln -s "$(printf 'y%.0s' $(seq 4000))" longlink
            deep=.; for i in $(seq 60); do deep=$deep/directory-$i; done; mkdir -p $deep; printf deep > $deep/file
            ln $deep/file zzz-deep
            truncate -s 3M sparse; printf data | dd of=sparse bs=1 seek=1000000 conv=notrunc status=none
            head -c 9000000 /dev/zero | tr '\\0' 'z' > large; truncate -s 12M large
            printf x > unreadable; chmod 0 unreadable; mkdir -m 500 readonly
            if setfattr -n user.two -v 2 etc/plain 2>/dev/null; then setfattr -n user.one -v 0x00ff0a etc/plain
              setfattr -n user.dir -v d empty; fi
            if [ $(id -u) = 0 ]; then
              mknod -m 666 null c 1 3; mknod -m 660 disk b 259 70000; chown 1234:5678 var/tmp; chown -h 7:8 dangling
              chown 3000000:4000000000 nothing
              if command -v setcap >/dev/null; then cp /bin/true usr/bin/cap; setcap cap_net_raw+ep usr/bin/cap; fi
            fi
            touch -d '1960-01-01T00:00:00.25Z' nothing; touch -d '2001-02-03T04:05:06.123456789Z' etc/plain
            touch -h -d '1999-12-31T23:59:59.999999999Z' dangling
            find . -depth -newermt 2015-01-01 -exec touch -h -d '2024-05-06T07:08:09.5Z' {} +
            """, in: folder)
    }

    /// What GNU tar sees in an archive, sorted.
    static func listing(_ archive: String, in folder: String) throws -> [Substring] {
        let options = "--xattrs --xattrs-include='*' --numeric-owner --full-time --quoting-style=escape"
        return try Shell.run("tar tvf \(archive) \(options)", in: folder).split(separator: "\n").sorted()
    }
}
