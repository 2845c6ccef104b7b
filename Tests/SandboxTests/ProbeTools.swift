/// What the program of C does for single tests: things that are allowed, or that need something of the host.
enum ProbeTools {
    static let all: [ProbeCall] = [
        ProbeCall("set-opaque", "setxattr(\"/etc\", \"user.overlay.opaque\", \"y\", 1, 0)"),
        ProbeCall("set-redirect", "setxattr(\"/etc\", \"user.overlay.redirect\", \"/bin\", 4, 0)"),
        ProbeCall("set-metacopy", "setxattr(\"/etc/file\", \"user.overlay.metacopy\", \"\", 0, 0)"),
        ProbeCall("set-origin", "setxattr(\"/etc/file\", \"user.overlay.origin\", \"x\", 1, 0)"),
        ProbeCall("set-whiteout", "setxattr(\"/etc/file\", \"user.overlay.whiteout\", \"y\", 1, 0)"),
        ProbeCall(
            "set-capability",
            "unsigned char v[20] = {1, 0, 0, 2, 0, 4}; return setxattr(\"/tmp/able\", \"security.capability\", v, 20, 0)"),
        ProbeCall(
            "make-socket",
            """
            struct sockaddr_un a = {AF_UNIX, "/tmp/socket"}; int s = socket(AF_UNIX, SOCK_STREAM, 0);
              return bind(s, (void *)&a, sizeof a)
            """),
        ProbeCall(
            "connect-abstract",
            """
            struct sockaddr_un a = {AF_UNIX}; int s = socket(AF_UNIX, SOCK_STREAM, 0); char *name = getenv("ABSTRACT");
              memcpy(a.sun_path + 1, name, strlen(name));
              return connect(s, (void *)&a, offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name))
            """),
        ProbeCall("attach-shared-memory", "shmget(atoi(getenv(\"KEY\")), 0, 0)"),
    ]
}
