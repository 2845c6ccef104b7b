/// What package managers printed, in the C locale. From `apt-get` 2.6.1 on a Debian 12 server, from `dnf` 4.14 on an image made for
/// it; `yum` in the form of 3.4.3.
enum PackageRecordings {
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// `apt-get -s -q -y upgrade --with-new-pkgs`, with perl-base on hold.
    static let aptUpgrade = lines(
        #"""
        Reading package lists...
        Building dependency tree...
        Reading state information...
        Calculating upgrade...
        The following NEW packages will be installed:
          firmware-linux-free linux-image-6.1.0-56-cloud-amd64
        The following packages have been kept back:
          libperl5.36 perl perl-base
        The following packages will be upgraded:
          apt apt-utils ca-certificates libapt-pkg6.0 libbrotli1 libexpat1 liblzma5
          libpcre2-8-0 libpq5 libpython3.11-minimal libpython3.11-stdlib libsasl2-2
          libsasl2-modules-db libssh2-1 libssl3 linux-image-cloud-amd64 nginx
          nginx-common nginx-light openssl perl-modules-5.36 postgresql postgresql-15
          postgresql-client-15 postgresql-client-common postgresql-common python3.11
          python3.11-minimal rsync rsyslog tzdata xz-utils
        32 upgraded, 2 newly installed, 0 to remove and 3 not upgraded.
        Inst liblzma5 [5.4.1-1+deb12u1] (5.4.1-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
        Conf liblzma5 (5.4.1-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
        Inst libapt-pkg6.0 [2.6.1] (2.6.2 Debian-Security:12/oldstable-security [amd64])
        Conf libapt-pkg6.0 (2.6.2 Debian-Security:12/oldstable-security [amd64])
        Inst apt [2.6.1] (2.6.2 Debian-Security:12/oldstable-security [amd64]) [apt-utils:amd64 ]
        Conf apt (2.6.2 Debian-Security:12/oldstable-security [amd64]) [apt-utils:amd64 ]
        Inst apt-utils [2.6.1] (2.6.2 Debian-Security:12/oldstable-security [amd64])
        Inst perl-modules-5.36 [5.36.0-7+deb12u3] (5.36.0-7+deb12u4 Debian-Security:12/oldstable-security [all])
        Inst postgresql-common [248+deb12u1] (248+deb12u2 Debian-Security:12/oldstable-security [all]) []
        Inst postgresql-client-common [248+deb12u1] (248+deb12u2 Debian-Security:12/oldstable-security [all])
        Inst libssl3 [3.0.20-1~deb12u2] (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64])
        Inst python3.11 [3.11.2-6+deb12u8] (3.11.2-6+deb12u9 Debian-Security:12/oldstable-security [amd64]) []
        Inst libpython3.11-stdlib [3.11.2-6+deb12u8] (3.11.2-6+deb12u9 Debian-Security:12/oldstable-security [amd64]) []
        Inst python3.11-minimal [3.11.2-6+deb12u8] (3.11.2-6+deb12u9 Debian-Security:12/oldstable-security [amd64]) []
        Inst libpython3.11-minimal [3.11.2-6+deb12u8] (3.11.2-6+deb12u9 Debian-Security:12/oldstable-security [amd64])
        Inst libexpat1 [2.5.0-1+deb12u2] (2.5.0-1+deb12u5 Debian-Security:12/oldstable-security [amd64])
        Inst rsync [3.2.7-1+deb12u6] (3.5.0+ds1-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Inst libpcre2-8-0 [10.42-1] (10.42-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
        Conf libpcre2-8-0 (10.42-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
        Inst tzdata [2026b-0+deb12u1] (2026f-0+deb12u1 Debian-Security:12/oldstable-security [all])
        Inst openssl [3.0.20-1~deb12u2] (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64])
        Inst ca-certificates [20230311+deb12u1] (20250419~deb12u2 Debian-Security:12/oldstable-security [all])
        Inst xz-utils [5.4.1-1+deb12u1] (5.4.1-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
        Inst firmware-linux-free (20200122-1 Debian:12.15/oldstable [all])
        Inst libbrotli1 [1.0.9-2+b6] (1.0.9-2+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Inst libpq5 [15.18-0+deb12u1] (15.20-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Inst libsasl2-modules-db [2.1.28+dfsg-10] (2.1.28+dfsg-10+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Inst libsasl2-2 [2.1.28+dfsg-10] (2.1.28+dfsg-10+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Inst libssh2-1 [1.10.0-3+b1] (1.10.0-3+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Inst linux-image-6.1.0-56-cloud-amd64 (6.1.192-2 Debian-Security:12/oldstable-security [amd64])
        Inst linux-image-cloud-amd64 [6.1.176-1] (6.1.192-2 Debian-Security:12/oldstable-security [amd64])
        Inst nginx-light [1.22.1-9+deb12u9] (1.22.1-9+deb12u10 Debian-Security:12/oldstable-security [all]) []
        Inst nginx [1.22.1-9+deb12u9] (1.22.1-9+deb12u10 Debian-Security:12/oldstable-security [amd64]) []
        Inst nginx-common [1.22.1-9+deb12u9] (1.22.1-9+deb12u10 Debian-Security:12/oldstable-security [all])
        Inst postgresql-client-15 [15.18-0+deb12u1] (15.20-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Inst postgresql-15 [15.18-0+deb12u1] (15.20-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Inst postgresql [15+248+deb12u1] (15+248+deb12u2 Debian-Security:12/oldstable-security [all])
        Inst rsyslog [8.2302.0-1+deb12u1] (8.2302.0-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
        Conf apt-utils (2.6.2 Debian-Security:12/oldstable-security [amd64])
        Conf perl-modules-5.36 (5.36.0-7+deb12u4 Debian-Security:12/oldstable-security [all])
        Conf postgresql-common (248+deb12u2 Debian-Security:12/oldstable-security [all])
        Conf postgresql-client-common (248+deb12u2 Debian-Security:12/oldstable-security [all])
        Conf libssl3 (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64])
        Conf python3.11 (3.11.2-6+deb12u9 Debian-Security:12/oldstable-security [amd64])
        Conf libpython3.11-stdlib (3.11.2-6+deb12u9 Debian-Security:12/oldstable-security [amd64])
        Conf python3.11-minimal (3.11.2-6+deb12u9 Debian-Security:12/oldstable-security [amd64])
        Conf libpython3.11-minimal (3.11.2-6+deb12u9 Debian-Security:12/oldstable-security [amd64])
        Conf libexpat1 (2.5.0-1+deb12u5 Debian-Security:12/oldstable-security [amd64])
        Conf rsync (3.5.0+ds1-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Conf tzdata (2026f-0+deb12u1 Debian-Security:12/oldstable-security [all])
        Conf openssl (3.0.22-1~deb12u2 Debian-Security:12/oldstable-security [amd64])
        Conf ca-certificates (20250419~deb12u2 Debian-Security:12/oldstable-security [all])
        Conf xz-utils (5.4.1-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
        Conf firmware-linux-free (20200122-1 Debian:12.15/oldstable [all])
        Conf libbrotli1 (1.0.9-2+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Conf libpq5 (15.20-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Conf libsasl2-modules-db (2.1.28+dfsg-10+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Conf libsasl2-2 (2.1.28+dfsg-10+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Conf libssh2-1 (1.10.0-3+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Conf linux-image-6.1.0-56-cloud-amd64 (6.1.192-2 Debian-Security:12/oldstable-security [amd64])
        Conf linux-image-cloud-amd64 (6.1.192-2 Debian-Security:12/oldstable-security [amd64])
        Conf nginx-light (1.22.1-9+deb12u10 Debian-Security:12/oldstable-security [all])
        Conf nginx (1.22.1-9+deb12u10 Debian-Security:12/oldstable-security [amd64])
        Conf nginx-common (1.22.1-9+deb12u10 Debian-Security:12/oldstable-security [all])
        Conf postgresql-client-15 (15.20-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Conf postgresql-15 (15.20-0+deb12u1 Debian-Security:12/oldstable-security [amd64])
        Conf postgresql (15+248+deb12u2 Debian-Security:12/oldstable-security [all])
        Conf rsyslog (8.2302.0-1+deb12u2 Debian-Security:12/oldstable-security [amd64])
        """#)

    /// `dnf --assumeno upgrade`
    static let dnfUpgrade = lines(
        #"""
        Added updates repo from file:///tmp/fa-rpm/repo
        updates                                         3.4 MB/s | 3.4 kB     00:00    
        Dependencies resolved.
        ========================================================================================================
         Package                                                           Arch    Version        Repo      Size
        ========================================================================================================
        Upgrading:
         a-package-with-a-very-long-name-that-wraps-the-table-of-updates   noarch  1.1-1.el9      updates  5.6 k
         openssl                                                           noarch  1:3.0.7-27.el9 updates  5.5 k
         openssl-libs                                                      noarch  1:3.0.7-27.el9 updates  5.5 k
         tzdata                                                            noarch  2024b-1.el9    updates  5.4 k
        Installing dependencies:
         openssl-fips                                                      noarch  3.0.7-27.el9   updates  5.4 k

        Transaction Summary
        ========================================================================================================
        Install  1 Package
        Upgrade  4 Packages

        Total size: 27 k
        """#)

    /// The same with `--exclude=openssl-libs`.
    static let dnfBroken = lines(
        #"""
        Added updates repo from file:///tmp/fa-rpm/repo
        updates                                         3.4 MB/s | 3.4 kB     00:00    
        Dependencies resolved.
        ========================================================================================================
         Package                                                           Arch    Version        Repo      Size
        ========================================================================================================
        Upgrading:
         a-package-with-a-very-long-name-that-wraps-the-table-of-updates   noarch  1.1-1.el9      updates  5.6 k
         tzdata                                                            noarch  2024b-1.el9    updates  5.4 k
        Skipping packages with broken dependencies:
         openssl                                                           noarch  1:3.0.7-27.el9 updates  5.5 k

        Transaction Summary
        ========================================================================================================
        Upgrade  2 Packages
        Skip     1 Package

        Total size: 11 k
        """#)

    /// `dnf --assumeno upgrade --security`, where no advisory applies.
    static let dnfNothing = lines(
        #"""
        Added updates repo from file:///tmp/fa-rpm/repo
        updates                                         3.4 MB/s | 3.4 kB     00:00    
        Dependencies resolved.
        Nothing to do.
        Complete!
        """#)

    /// `yum --assumeno update`
    static let yumUpdate = lines(
        #"""
        Loaded plugins: extras_suggestions, langpacks, priorities, update-motd
        Resolving Dependencies
        --> Running transaction check
        ---> Package kernel.x86_64 0:4.14.355-276.618.amzn2 will be installed
        --> Finished Dependency Resolution

        Dependencies Resolved

        ================================================================================
         Package           Arch         Version                  Repository        Size
        ================================================================================
        Installing:
         kernel            x86_64       4.14.355-277.647.amzn2   amzn2-core        22 M
        Updating:
         amazon-linux-extras-yum-plugin
                           noarch       2.0.3-1.amzn2            amzn2-core       9.7 k
         openssl           x86_64       1:1.0.2k-24.amzn2.0.14   amzn2-core       498 k
        Updating for dependencies:
         openssl-libs      x86_64       1:1.0.2k-24.amzn2.0.14   amzn2-core       1.2 M
        Installing for dependencies:
         pciutils          x86_64       3.5.1-3.amzn2            amzn2-core        93 k
        Removing:
         kernel            x86_64       4.14.355-275.570.amzn2   installed        110 M

        Transaction Summary
        ================================================================================
        Install  1 Package (+1 Dependent package)
        Upgrade  2 Packages (+1 Dependent package)
        Remove   1 Package

        Exiting on user command
        """#)
}
