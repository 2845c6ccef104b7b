// SHA256_Init and its kin are marked as deprecated for EVP's sake, which takes half a millisecond to fetch its first algorithm.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/md5.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// A macro that Swift does not see.
static const int ccrypto_key_pair = EVP_PKEY_KEYPAIR;
