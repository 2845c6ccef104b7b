// Text: how amounts are written for people, which word was meant by one that nobody knows, base64, percent-encoding, hexadecimal digits, octal escapes, UUIDs, parameters by dotted names, and texts without the values that
// must not be in them.
//
// Shared by the command line and the domain, so that one output never spells the same amount in two ways. It knows nothing of either.
