// A service of the host inside of a network namespace that it does not otherwise share.
#ifndef INGOT_DOOR_H
#define INGOT_DOOR_H

#include <stdint.h>

/// A pair of sockets through which descriptors go, one in a message. Returns 0, or -1 with errno set.
int clinux_channel(int ends[2]);

/// Returns 0, or -1 with errno set.
int clinux_send_descriptor(int channel, int descriptor);

/// A descriptor that was sent; -1 with errno EAGAIN where none was.
int clinux_receive_descriptor(int channel);

/// Takes the calling process into a new network namespace, whose one neighbour is `address` (IPv4, in host order, the third of four that
/// belong together; the second is its own): there a TCP socket listens at `port` that is sent through `channel`. The socket lives in a
/// namespace of its own, so that no port of the new one is taken by it. Both go when nobody has them any more. Returns 0, or -1 with
/// errno set.
int clinux_make_door(uint32_t address, uint16_t port, int channel);

#endif
