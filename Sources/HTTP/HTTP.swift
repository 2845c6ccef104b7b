// HTTP fetches and sends files over HTTP and HTTPS. The work is curl's, which runs as a program: linked into the binary, it and the
// twenty libraries below it would double the time in which every command starts.
