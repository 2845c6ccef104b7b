// HTTP fetches and sends files over HTTP and HTTPS. The work is curl's, which runs as a program: linked into the binary, it and the
// twenty libraries below it would double the time in which every command starts.
//
// One start of curl is one request to one address. Names are looked up here, checked against an `AddressPolicy`, and curl is bound to
// the addresses that passed, so that a name cannot mean something else a moment later; redirects are followed here for the same
// reason. All that curl is told goes through its standard input: no header and no key stands on a command line, and neither the
// user's .curlrc nor a proxy variable has a say.
