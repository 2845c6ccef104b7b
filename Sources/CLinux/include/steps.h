// Processes that prepare themselves, step by step, before they become another program: what posix_spawn has no actions for.
#ifndef INGOT_STEPS_H
#define INGOT_STEPS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Where a process failed while it prepared itself: the number of the step's first word in the list, and errno.
struct clinux_step_failure {
  int32_t word;
  int32_t error;
};

/// Forks a process that carries out `steps`, the words of all steps one after the other with a NULL behind the last, and then has
/// become the program of its last step, or ends with status 0 where that is none. Its descriptors 0 to `count` - 1 are those of `descriptors`, no other one is open; its signals
/// are the default ones. `report` gets a descriptor that is at its end when the program has been started, and has a
/// `clinux_step_failure` to read where a step failed. Returns the process, or -1 with errno set.
///
///     join FD                              setns(2), and closes the descriptor
///     unshare FLAGS                        unshare(2); the flags in decimal
///     await WRITE READ                     writes a byte to one descriptor, waits for one from the other, closes both
///     root                                 user and group 0 of the user namespace, no further groups
///     die-with-parent                      SIGKILL when the thread that forked ends
///     end-with-parent                      SIGTERM instead
///     session                              setsid(2)
///     umask OCTAL
///     limit RESOURCE VALUE                 setrlimit(2), both limits
///     write PATH TEXT                      into an existing file
///     folder PATH MODE UID GID SEC NSEC    makes a directory
///     node PATH MODE MAJOR MINOR           makes a character device
///     disk PATH UID GID MAJOR MINOR        makes a block device for a user and a group
///     graft SOURCE ROOT PATH ATTRIBUTES HIDDEN   clinux_graft of volumes.h; the attributes in decimal
///     prune SOURCE ROOT PATH FLAGS         clinux_prune of volumes.h; an empty source is a NULL
///     hold SOURCE                          clinux_hold of volumes.h
///     place FOLDER NAME                    clinux_place of volumes.h
///     displace FOLDER NAME                 clinux_displace of volumes.h
///     remove PATH                          remove(3)
///     revoke PATH                          gives a node to user 0 of the host, with no rights for anybody
///     capabilities BITS                    bounds what the program is able to that it becomes as root
///     mount SOURCE TARGET TYPE FLAGS DATA  mount(2); an empty word is a NULL
///     chdir PATH
///     loopback                             turns the loopback device on
///     door ADDRESS PORT CHANNEL            clinux_make_door of door.h, and closes the channel; the address as a decimal number in host order
///     reject ADDRESS MASK                  a route that refuses: both IPv4 addresses as decimal numbers in host order
///     serve COUNT PROGRAM ARGUMENT...      starts a program that ends with this process; COUNT words, the program's path among them
///     mounted PATH MILLISECONDS            waits until something is mounted there
///     watch PROGRAM CHANNEL                clinux_watch_calls of notices.h, which closes both descriptors
///     flush PATH                           clinux_flush of volumes.h
///     scan PATH SEC NSEC                   writes what is in a directory to descriptor 1 (see scan.h)
///     exec PROGRAM ARGUMENT...             to the end of the list; the first argument is the program's own name
pid_t clinux_fork_steps(char *const steps[], char *const environment[], const int descriptors[], size_t count, int *report);

#endif
