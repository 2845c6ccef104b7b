// Guest: the operating system inside a tree.
//
// Accounts, package databases, sshd and sysctl configuration, units: read and edited through the tree, never started.
// All input is hostile until parsed.
