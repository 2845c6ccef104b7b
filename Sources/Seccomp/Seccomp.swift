// Seccomp turns a list of refused system calls into the kernel's filter program, by libseccomp.
