#define _GNU_SOURCE
#include "door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

// MARK: Descriptors between processes

int clinux_channel(int ends[2]) { return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends); }

/// A message of one byte, with room for one descriptor.
struct parcel {
  char byte;
  struct iovec content;
  struct msghdr message;
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
};

static void prepare(struct parcel *parcel) {
  memset(parcel, 0, sizeof *parcel);
  parcel->content = (struct iovec){&parcel->byte, 1};
  parcel->message = (struct msghdr){.msg_iov = &parcel->content, .msg_iovlen = 1, .msg_control = parcel->control,
                                    .msg_controllen = sizeof parcel->control};
}

int clinux_send_descriptor(int channel, int descriptor) {
  struct parcel parcel;
  prepare(&parcel);
  struct cmsghdr *head = CMSG_FIRSTHDR(&parcel.message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof descriptor);
  memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
  return sendmsg(channel, &parcel.message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

int clinux_receive_descriptor(int channel) {
  struct parcel parcel;
  int descriptor;
  prepare(&parcel);
  if (recvmsg(channel, &parcel.message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0) return -1;
  struct cmsghdr *head = CMSG_FIRSTHDR(&parcel.message);
  if (head == NULL || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(sizeof descriptor)) {
    errno = EAGAIN;
    return -1;
  }
  memcpy(&descriptor, CMSG_DATA(head), sizeof descriptor);
  return descriptor;
}

// MARK: The door

/// The two ends of the line between both namespaces.
static const char near_name[] = "metadata", far_name[] = "instance";

struct request {
  struct nlmsghdr head;
  struct ifinfomsg link;
  char rest[256];
};

static struct rtattr *next(struct request *request) {
  return (struct rtattr *)((char *)request + NLMSG_ALIGN(request->head.nlmsg_len));
}

static void add(struct request *request, unsigned short type, const void *value, unsigned short size) {
  struct rtattr *attribute = next(request);
  attribute->rta_type = type;
  attribute->rta_len = RTA_LENGTH(size);
  memcpy(RTA_DATA(attribute), value, size);
  request->head.nlmsg_len = NLMSG_ALIGN(request->head.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

/// Begins an attribute that holds what is added until `end`, behind `size` bytes of zeros.
static struct rtattr *begin(struct request *request, unsigned short type, unsigned short size) {
  struct rtattr *attribute = next(request);
  attribute->rta_type = type;
  request->head.nlmsg_len = NLMSG_ALIGN(request->head.nlmsg_len) + RTA_LENGTH(RTA_ALIGN(size));
  return attribute;
}

static void end(struct request *request, struct rtattr *attribute) {
  attribute->rta_len = (unsigned short)((char *)next(request) - (char *)attribute);
}

/// Makes a line (veth) from this namespace to another one.
static int make_line(int handle, int far_space) {
  struct request request = {
      .head = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
               .nlmsg_type = RTM_NEWLINK,
               .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL}};
  add(&request, IFLA_IFNAME, near_name, sizeof near_name);
  struct rtattr *information = begin(&request, IFLA_LINKINFO, 0);
  add(&request, IFLA_INFO_KIND, "veth", 4);
  struct rtattr *data = begin(&request, IFLA_INFO_DATA, 0);
  struct rtattr *peer = begin(&request, VETH_INFO_PEER, sizeof(struct ifinfomsg));
  add(&request, IFLA_IFNAME, far_name, sizeof far_name);
  add(&request, IFLA_NET_NS_FD, &far_space, sizeof far_space);
  end(&request, peer);
  end(&request, data);
  end(&request, information);
  if (send(handle, &request, request.head.nlmsg_len, 0) < 0) return -1;
  struct {
    struct nlmsghdr head;
    struct nlmsgerr error;
    char rest[512];
  } answer;
  ssize_t got = recv(handle, &answer, sizeof answer, 0);
  if (got < 0) return -1;
  if ((size_t)got < NLMSG_LENGTH(sizeof(struct nlmsgerr)) || answer.head.nlmsg_type != NLMSG_ERROR) {
    errno = EPROTO;
    return -1;
  }
  errno = -answer.error.error;
  return answer.error.error == 0 ? 0 : -1;
}

/// Gives an end its address, one of four that belong together, and turns it on.
static int configure(const char *name, uint32_t address) {
  struct ifreq request = {0};
  struct sockaddr_in value = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
  struct sockaddr_in mask = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xFFFFFFFCu)};
  strcpy(request.ifr_name, name);
  int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (handle < 0) return -1;
  memcpy(&request.ifr_addr, &value, sizeof value);
  int status = ioctl(handle, SIOCSIFADDR, &request);
  memcpy(&request.ifr_netmask, &mask, sizeof mask);
  if (status == 0) status = ioctl(handle, SIOCSIFNETMASK, &request);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (status == 0) status = ioctl(handle, SIOCSIFFLAGS, &request);
  int error = errno;
  close(handle);
  errno = error;
  return status;
}

static int listen_at(uint32_t address, uint16_t port, int channel) {
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) return -1;
  int status = bind(listener, (struct sockaddr *)&place, sizeof place);
  if (status == 0) status = listen(listener, 64);
  if (status == 0) status = clinux_send_descriptor(channel, listener);
  int error = errno;
  close(listener);
  errno = error;
  return status;
}

static int own_space(void) { return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC); }

int clinux_make_door(uint32_t address, uint16_t port, int channel) {
  if (unshare(CLONE_NEWNET) != 0) return -1;
  int far_space = own_space();
  if (far_space < 0 || unshare(CLONE_NEWNET) != 0) return -1;
  int near_space = own_space();
  int handle = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (near_space < 0 || handle < 0 || make_line(handle, far_space) != 0) return -1;
  if (configure(near_name, address - 1) != 0 || setns(far_space, CLONE_NEWNET) != 0) return -1;
  if (configure(far_name, address) != 0 || listen_at(address, port, channel) != 0) return -1;
  if (setns(near_space, CLONE_NEWNET) != 0) return -1;
  close(handle);
  close(near_space);
  close(far_space);
  return 0;
}
