// Guest: the operating system inside a tree.
//
// Accounts, sudoers, PAM, sshd, kernel parameters, units, mounts, package databases: one folder a subject, one file a reader. Read and
// edited through the tree, never started.
// All input is hostile until parsed.
