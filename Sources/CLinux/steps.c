#define _GNU_SOURCE
#include "steps.h"
#include "door.h"
#include "notices.h"
#include "scan.h"
#include "volumes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct context {
  char *const *environment;
  pid_t parent;
};

static const char *optional(const char *word) { return *word == 0 ? NULL : word; }
static long number(const char *word) { return strtol(word, NULL, 10); }

static int await(int writing, int reading) {
  char byte = 0;
  if (write(writing, &byte, 1) != 1) return -1;
  ssize_t got;
  while ((got = read(reading, &byte, 1)) < 0 && errno == EINTR) {}
  close(writing);
  close(reading);
  if (got == 1) return 0;
  if (got == 0) errno = ECANCELED;
  return -1;
}

static int join(int space) {
  int status = setns(space, 0), error = errno;
  close(space);
  errno = error;
  return status;
}

static int become_root(void) {
  if (setgroups(0, NULL) != 0 || setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0) return -1;
  // Otherwise what /proc says of this process belongs to the root of the host.
  return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static int end_with(pid_t parent, int signal) {
  if (prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) != 0) return -1;
  if (getppid() == parent) return 0;
  errno = ECANCELED;
  return -1;
}

static int limit(int resource, const char *value) {
  rlim_t amount = (rlim_t)strtoull(value, NULL, 10);
  struct rlimit old, new = {amount, amount};
  if (getrlimit(resource, &old) != 0) return -1;
  // Nobody but the host's root may raise what its own limit is.
  if (new.rlim_max > old.rlim_max) new.rlim_cur = new.rlim_max = old.rlim_max;
  return setrlimit(resource, &new);
}

static int write_text(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t done = write(file, text, strlen(text));
  int error = errno;
  close(file);
  errno = error;
  return done == (ssize_t)strlen(text) ? 0 : -1;
}

static int make_folder(char *const word[]) {
  struct timespec time[2] = {{0, UTIME_OMIT}, {number(word[5]), number(word[6])}};
  if (mkdir(word[1], 0700) != 0 && errno != EEXIST) return -1;
  if (chown(word[1], (uid_t)strtoul(word[3], NULL, 10), (gid_t)strtoul(word[4], NULL, 10)) != 0) return -1;
  if (chmod(word[1], (mode_t)number(word[2])) != 0) return -1;
  return utimensat(AT_FDCWD, word[1], time, 0);
}

static int make_node(char *const word[]) {
  if (mknod(word[1], S_IFCHR | 0600, makedev((unsigned)number(word[3]), (unsigned)number(word[4]))) != 0) return -1;
  return chmod(word[1], (mode_t)number(word[2]));
}

static int make_disk(char *const word[]) {
  dev_t device = makedev((unsigned)number(word[4]), (unsigned)number(word[5]));
  if (mknod(word[1], S_IFBLK | 0600, device) != 0) return -1;
  if (chown(word[1], (uid_t)strtoul(word[2], NULL, 10), (gid_t)strtoul(word[3], NULL, 10)) != 0) return -1;
  return chmod(word[1], 0660);
}

static int turn_loopback_on(void) {
  struct ifreq request = {0};
  strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (handle < 0) return -1;
  int status = ioctl(handle, SIOCSIFFLAGS, &request);
  int error = errno;
  close(handle);
  errno = error;
  return status;
}

static void set_address(struct sockaddr *address, const char *word) {
  struct sockaddr_in value = {.sin_family = AF_INET, .sin_addr.s_addr = htonl((uint32_t)strtoul(word, NULL, 10))};
  memcpy(address, &value, sizeof value);
}

static int reject(const char *address, const char *mask) {
  struct rtentry route = {.rt_flags = RTF_UP | RTF_REJECT};
  set_address(&route.rt_dst, address);
  set_address(&route.rt_genmask, mask);
  int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (handle < 0) return -1;
  int status = ioctl(handle, SIOCADDRT, &route);
  int error = errno;
  close(handle);
  errno = error;
  return status;
}

static int take_node(const char *path) { return lchown(path, 0, 0) != 0 ? -1 : chmod(path, 0); }

/// Bounds what a program has that this process becomes as root.
static int keep_capabilities(unsigned long long kept) {
  for (unsigned long capability = 0; capability < 64; capability++) {
    if (kept >> capability & 1) continue;
    // Those behind the last one that the kernel knows.
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return errno == EINVAL && capability > 0 ? 0 : -1;
  }
  return 0;
}

static int make_door(char *const word[]) {
  int channel = (int)number(word[3]);
  int status = clinux_make_door((uint32_t)strtoul(word[1], NULL, 10), (uint16_t)number(word[2]), channel), error = errno;
  close(channel);
  errno = error;
  return status;
}

static int serve(char *const word[], const struct context *context) {
  int count = (int)number(word[1]);
  char *arguments[32];
  if (count >= 32) {
    errno = E2BIG;
    return -1;
  }
  for (int index = 0; index < count; index++) arguments[index] = word[2 + index];
  arguments[count] = NULL;
  pid_t parent = getpid();
  pid_t child = fork();
  if (child != 0) return child < 0 ? -1 : 0;
  if (end_with(parent, SIGKILL) == 0) execve(arguments[0], arguments, context->environment);
  _exit(127);
}

static int wait_for_mount(const char *path, long milliseconds) {
  char above[4096];
  struct stat here, parent;
  if (strlen(path) + 4 > sizeof above) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(above, path);
  strcat(above, "/..");
  for (long waited = 0; waited <= milliseconds; waited++) {
    if (stat(path, &here) == 0 && stat(above, &parent) == 0 && here.st_dev != parent.st_dev) return 0;
    // The server of the file system has ended: nothing will come.
    if (waitpid(-1, NULL, WNOHANG) > 0) break;
    struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
  }
  errno = ETIMEDOUT;
  return -1;
}

/// The name of a step, how many words it has with its name (-1: all that are left), and what it does.
enum step {
  JOIN, UNSHARE, AWAIT, ROOT, DIE, END, SESSION, UMASK, LIMIT, WRITE, FOLDER, NODE, DISK, MOUNT, GRAFT, PRUNE, HOLD, PLACE, DISPLACE, REMOVE, REVOKE, CAPABILITIES, CHDIR, LOOPBACK, DOOR,
  REJECT, SERVE, MOUNTED, WATCH, SCAN, FLUSH, EXEC
};
static const struct {
  const char *name;
  int words;
} table[] = {
    [JOIN] = {"join", 2},     [UNSHARE] = {"unshare", 2},   [AWAIT] = {"await", 3},   [ROOT] = {"root", 1},
    [DIE] = {"die-with-parent", 1}, [END] = {"end-with-parent", 1}, [SESSION] = {"session", 1}, [UMASK] = {"umask", 2}, [LIMIT] = {"limit", 3},
    [WRITE] = {"write", 3},   [FOLDER] = {"folder", 7},     [NODE] = {"node", 5},     [MOUNT] = {"mount", 6},
    [DISK] = {"disk", 6},     [GRAFT] = {"graft", 6},       [PRUNE] = {"prune", 5},   [REMOVE] = {"remove", 2},
    [HOLD] = {"hold", 2},     [PLACE] = {"place", 3},       [DISPLACE] = {"displace", 3},
    [REVOKE] = {"revoke", 2}, [CAPABILITIES] = {"capabilities", 2},
    [WATCH] = {"watch", 3},   [FLUSH] = {"flush", 2},
    [CHDIR] = {"chdir", 2},   [LOOPBACK] = {"loopback", 1}, [DOOR] = {"door", 4}, [REJECT] = {"reject", 3}, [SERVE] = {"serve", -1},
    [MOUNTED] = {"mounted", 3}, [SCAN] = {"scan", 4},       [EXEC] = {"exec", -1},
};
static const int table_count = sizeof table / sizeof table[0];

static int find(const char *name) {
  for (int index = 0; index < table_count; index++)
    if (strcmp(table[index].name, name) == 0) return index;
  return -1;
}

static int carry_out(enum step step, char *const word[], const struct context *context) {
  switch (step) {
  case JOIN: return join((int)number(word[1]));
  case UNSHARE: return unshare((int)number(word[1]));
  case AWAIT: return await((int)number(word[1]), (int)number(word[2]));
  case ROOT: return become_root();
  case DIE: return end_with(context->parent, SIGKILL);
  case END: return end_with(context->parent, SIGTERM);
  case SESSION: return setsid() < 0 ? -1 : 0;
  case UMASK: umask((mode_t)strtoul(word[1], NULL, 8)); return 0;
  case LIMIT: return limit((int)number(word[1]), word[2]);
  case WRITE: return write_text(word[1], word[2]);
  case FOLDER: return make_folder(word);
  case NODE: return make_node(word);
  case MOUNT:
    return mount(optional(word[1]), word[2], optional(word[3]), strtoul(word[4], NULL, 10), optional(word[5]));
  case DISK: return make_disk(word);
  case GRAFT: return clinux_graft(word[1], word[2], word[3], strtoul(word[4], NULL, 10), word[5]);
  case PRUNE: return clinux_prune(optional(word[1]), word[2], word[3], (int)number(word[4]));
  case HOLD: return clinux_hold(word[1]);
  case PLACE: return clinux_place(word[1], word[2]);
  case DISPLACE: return clinux_displace(word[1], word[2]);
  case REMOVE: return remove(word[1]);
  case REVOKE: return take_node(word[1]);
  case CAPABILITIES: return keep_capabilities(strtoull(word[1], NULL, 10));
  case CHDIR: return chdir(word[1]);
  case LOOPBACK: return turn_loopback_on();
  case DOOR: return make_door(word);
  case REJECT: return reject(word[1], word[2]);
  case SERVE: return serve(word, context);
  case MOUNTED: return wait_for_mount(word[1], number(word[2]));
  case WATCH: return clinux_watch_calls((int)number(word[1]), (int)number(word[2]));
  case FLUSH: return clinux_flush(word[1]);
  case SCAN: return clinux_scan(word[1], number(word[2]), number(word[3]));
  case EXEC: execve(word[1], word + 2, context->environment); return -1;
  }
  errno = EINVAL;
  return -1;
}

/// The words of a step: those of `serve` are counted in it.
static int length(enum step step, char *const word[]) {
  return step == SERVE ? 2 + (int)number(word[1]) : table[step].words;
}

/// Does not return.
static void prepare(char *const steps[], const struct context *context, int report) {
  int at = 0;
  while (steps[at] != NULL) {
    int step = find(steps[at]);
    errno = EINVAL;
    if (step < 0 || carry_out(step, steps + at, context) != 0) break;
    at += length(step, steps + at);
    if (steps[at] == NULL) _exit(0);
  }
  struct clinux_step_failure failure = {at, errno};
  (void)!write(report, &failure, sizeof failure);
  _exit(127);
}

static void reset_signals(void) {
  sigset_t none;
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/// Makes `descriptors` the descriptors 0 to count - 1 and `report` the one behind them, and closes all others.
static int arrange(const int descriptors[], size_t count, int report) {
  int moved[64];
  if (count >= 64) return -1;
  for (size_t index = 0; index < count; index++)
    if ((moved[index] = fcntl(descriptors[index], F_DUPFD, 128)) < 0) return -1;
  if ((report = fcntl(report, F_DUPFD, 128)) < 0) return -1;
  for (size_t index = 0; index < count; index++) {
    if (dup2(moved[index], (int)index) < 0) return -1;
    // Pipes whose other end is watched do not block there; programs expect that theirs does.
    int flags = fcntl((int)index, F_GETFL);
    if (flags < 0 || ((flags & O_NONBLOCK) && fcntl((int)index, F_SETFL, flags & ~O_NONBLOCK) != 0)) return -1;
  }
  if (dup3(report, (int)count, O_CLOEXEC) < 0) return -1;
  if (syscall(SYS_close_range, (unsigned)count + 1, ~0u, 0) != 0) return -1;
  return (int)count;
}

pid_t clinux_fork_steps(char *const steps[], char *const environment[], const int descriptors[], size_t count, int *report) {
  int ends[2];
  struct context context = {environment, getpid()};
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t process = fork();
  if (process == 0) {
    reset_signals();
    int end = arrange(descriptors, count, ends[1]);
    if (end < 0) _exit(127);
    prepare(steps, &context, end);
  }
  int error = errno;
  close(ends[1]);
  if (process < 0) close(ends[0]);
  *report = process < 0 ? -1 : ends[0];
  errno = error;
  return process;
}
