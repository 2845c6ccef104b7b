#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

// The flags of a pattern, whose macros Swift does not see as one type.
static const uint32_t ingot_pcre2_utf = PCRE2_UTF;
static const uint32_t ingot_pcre2_caseless = PCRE2_CASELESS;
static const uint32_t ingot_pcre2_dollar_endonly = PCRE2_DOLLAR_ENDONLY;
static const uint32_t ingot_pcre2_never_backslash_c = PCRE2_NEVER_BACKSLASH_C;
static const uint32_t ingot_pcre2_no_auto_capture = PCRE2_NO_AUTO_CAPTURE;
