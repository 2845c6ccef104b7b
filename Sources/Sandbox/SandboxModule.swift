// Sandbox runs real programs against a tree. The tree is mounted read-only as an ext4 file, an overlay takes what the programs write,
// and bubblewrap keeps them in: a user namespace over ids that are nobody's on the host, no host files, no network unless asked for, a
// seccomp filter, limits on time, processes, memory and disk. Afterwards the overlay's upper layer is read back into the tree.
//
// What others see is `ProgramRunner`; `Sandbox` is the one that runs programs for real.
