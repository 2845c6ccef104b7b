import Sandbox

/// A script that tries to see or to change something of the host, and what it prints behind all walls.
///
/// In it `$HOST` is a folder of the host with the file `secret`, `$PROCESS` the number of a process of the host.
struct ProbeScript: Sendable {
    let name: String
    let script: String
    let printed: String
    /// The wall without which it prints something else.
    let wall: Walls?

    init(_ name: String, _ script: String, _ printed: String = "no", without wall: Walls? = nil) {
        self.name = name
        self.script = script
        self.printed = printed
        self.wall = wall
    }

    static let all = files + processes + kernel + devices

    private static let files: [ProbeScript] = [
        .init("files of the host are not there", "cat $HOST/secret 2>/dev/null || echo no"),
        .init("the root holds what the image holds", "echo $(ls /)", "bin dev etc proc root run sys tmp usr"),
        .init("the host's homes are not there", "ls -d /home /home/* 2>/dev/null || echo no"),
        .init("/etc/passwd is that of the image", "wc -l < /etc/passwd", "2"),
        .init("/etc/shadow is not there", "cat /etc/shadow 2>/dev/null || echo no"),
        .init("there is nothing above the root", "cat /../../..$HOST/secret 2>/dev/null || echo no"),
        .init(
            "links of processes lead to the image", "cat /proc/1/root$HOST/secret /proc/1/cwd$HOST/secret 2>/dev/null || echo no"),
        .init("the mounts do not name folders of the host", "grep -c \"$HOST\" /proc/self/mountinfo || echo no", "0\nno"),
        .init("the environment of Ingot is not seen", "cat /proc/*/environ | tr '\\\\0' '\\n' | grep INGOT_PROBE || echo no"),
        .init("the command line of the sandbox is not seen", "cat /proc/*/cmdline | tr '\\\\0' ' ' | grep '[-]-bind' || echo no"),
        .init("the old root of bubblewrap is gone", "ls -d /oldroot /newroot /.oldroot 2>/dev/null || echo no"),
        .init("the image's device for mounting is not there", "ls -d /mnt /media /srv 2>/dev/null || echo no"),
    ]

    private static let processes: [ProbeScript] = [
        .init("a process of the host is not seen", "ls -d /proc/$PROCESS 2>/dev/null || echo no", without: .processes),
        .init(
            "a process of the host gets no signal", "kill -0 $PROCESS 2>&1 | grep -o 'No such process'", "No such process",
            without: .processes),
        .init(
            "only the program's own processes are seen", "[ $(ls -d /proc/[0-9]* | wc -l) -lt 6 ] && echo few", "few",
            without: .processes),
        .init("the host's name is not told", "hostname; cat /proc/sys/kernel/hostname", "localhost\nlocalhost", without: .names),
        .init("the control group is not named", "grep ingot- /proc/self/cgroup || echo no"),
        .init("control groups cannot be changed", "ls /sys/fs/cgroup 2>/dev/null || echo no"),
    ]

    private static let kernel: [ProbeScript] = [
        refusedWrite("/proc/sys/kernel/core_pattern"), refusedWrite("/proc/sys/kernel/modprobe"),
        refusedWrite("/proc/sys/kernel/hostname"), refusedWrite("/proc/sys/vm/drop_caches"),
        refusedWrite("/proc/sys/fs/binfmt_misc/register"), refusedWrite("/proc/sys/kernel/randomize_va_space"),
        refusedWrite("/proc/sysrq-trigger"), refusedWrite("/proc/sys/kernel/sysrq"), refusedWrite("/sys/kernel/uevent_helper"),
        refusedWrite("/sys/power/state"),
        .init("who is who cannot be changed", "(echo '0 0 1' > /proc/self/uid_map) 2>/dev/null && echo yes || echo no"),
        .init(
            "a program that a program starts has no privileges over the machine",
            "grep -E 'Cap(Eff|Prm|Amb)' /proc/self/status | tr '\\t' ' '",
            "CapPrm: 00000000a80405fb\nCapEff: 00000000a80405fb\nCapAmb: 00000000a80405fb", without: .capabilities),
        // Bubblewrap covers /proc/sys as well.
        .init(
            "settings of its own network namespace are read-only too",
            "(echo 1 > /proc/sys/net/ipv4/ip_forward) 2>/dev/null && echo yes || echo no"),
        .init("addresses of the kernel are hidden", "head -c 1 /proc/kallsyms 2>/dev/null | wc -c", "0", without: .system),
        .init("keys are hidden", "cat /proc/keys /proc/key-users 2>/dev/null | wc -c", "0"),
        .init("the memory of the kernel is hidden", "head -c 1 /proc/kcore 2>/dev/null | wc -c", "0"),
        .init("messages of the kernel are not read", "head -c 1 /proc/kmsg 2>/dev/null | wc -c", "0"),
        .init("/sys is empty", "ls /sys | wc -l", "0"),
        .init("nothing can be put into /sys", "touch /sys/x 2>/dev/null || echo no", without: .system),
    ]

    private static let devices: [ProbeScript] = [
        .init(
            "/dev holds what programs need, and no more", "echo $(ls /dev)",
            "core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero"),
        .init("nothing can be put into /dev", "touch /dev/x 2>/dev/null || echo no", without: .system),
        .init("a device for the kernel's messages in the image does not open", "(cat /nodes/kmsg) 2>/dev/null || echo no"),
        .init("a memory device in the image does not open", "(head -c 1 /nodes/memory) 2>/dev/null || echo no"),
        .init("a disk in the image does not open", "(head -c 1 /nodes/disk) 2>/dev/null || echo no"),
        .init("a harmless device in the image does not open either", "(head -c 1 /nodes/zero | wc -c) 2>/dev/null", "0"),
        .init(
            "a device of the image does not open after a rename", "(mv /nodes/zero /tmp/z; head -c 1 /tmp/z) 2>/dev/null | wc -c",
            "0"),
    ]

    private static func refusedWrite(_ path: String) -> ProbeScript {
        .init("\(path) cannot be written", "(printf '' >> \(path)) 2>/dev/null && echo yes || echo no")
    }
}
