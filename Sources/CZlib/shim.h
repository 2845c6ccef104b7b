#include <zlib.h>

/* inflateInit2 is a macro. Takes a gzip member (RFC 1952) and nothing else, and checks its CRC and its size. */
static inline int czlib_begin_gzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

/* Takes the zlib format (RFC 1950) and nothing else, and checks its Adler-32. */
static inline int czlib_begin_zlib(z_stream *stream) { return inflateInit2(stream, 15); }
