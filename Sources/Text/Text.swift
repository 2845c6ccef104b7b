// Text: how amounts are written for people, and which word was meant by one that nobody knows.
//
// Shared by the command line and the domain, so that one output never spells the same amount in two ways. It knows nothing of either.
