#include <zlib.h>

/* inflateInit2 is a macro. Takes a gzip member (RFC 1952) and nothing else, and checks its CRC and its size. */
static inline int czlib_begin_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
