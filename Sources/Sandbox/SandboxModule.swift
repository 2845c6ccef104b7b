// Sandbox runs real programs against a tree. The tree is mounted read-only as an ext4 file, an overlay takes what the programs write,
// and bubblewrap keeps them in: a user namespace over ids that are nobody's on the host, no host files, no network unless asked for, a
// seccomp filter, limits on time, processes, memory and disk. Afterwards the overlay's upper layer is read back into the tree.
//
// Root mounts the file through a loop device and then becomes nobody; an ordinary user has it served by fuse2fs in the user namespace.
// bubblewrap sets "no new privileges": setuid programs and file capabilities of the image have no effect for programs that are not
// root already. An overlay divides hard links: where a program writes to one name of a file of the image, the others stay as they were.
//
// What others see is `ProgramRunner`; `Sandbox` is the one that runs programs for real. `Mounts` has the namespaces and what is mounted in
// them, `Walls` what keeps programs in, `Programs` how one is started and watched, `Changes` what comes back, `Images` the ext4 files.
