// Loop devices: files as block devices.
#ifndef INGOT_LOOP_H
#define INGOT_LOOP_H

/// Makes a file a block device, `/dev/loop` and `number`: one to read where it is open for reading, else one to read and write. The device
/// is free again as soon as nobody has it open or mounted, also when processes are killed. Returns an open descriptor of it, or -1 with
/// errno set.
int clinux_loop_attach(int image, int is_writable, int *number);

#endif
