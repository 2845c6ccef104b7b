// SHA256_Init and its kin are marked as deprecated for EVP's sake, which takes half a millisecond to fetch its first algorithm.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/bn.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

// A macro that Swift does not see.
static const int ccrypto_key_pair = EVP_PKEY_KEYPAIR;
