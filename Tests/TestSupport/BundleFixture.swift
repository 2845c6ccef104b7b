import Platform
import Testing

/// A bundle as EC2's tools make one: by tar, gzip and openssl alone.
package enum BundleFixture {
    package static let isPossible = ["openssl", "tar", "gzip", "mke2fs", "od"].allSatisfy { Shell.has($0) }
    package static let missing: Comment = "needs openssl, tar, gzip and mke2fs: apt-get install openssl tar gzip e2fsprogs"

    /// Lays `image.manifest.xml` and its parts into `bucket/img`, in the folder; what they hold is encrypted for the certificate.
    package static func make(in folder: String, bucket: String, certificate: [UInt8], machine: String = "") throws {
        try Files.makeFolders(folder)
        try Files.writeDurably(folder + "/cert.pem", certificate)
        try Shell.run(
            """
            mkdir -p root/etc '\(bucket)/img'; echo ID=debian > root/etc/os-release; echo stored > root/etc/motd; chmod 640 root/etc/motd
            head -c 300000 /dev/urandom > root/noise
            mke2fs -q -t ext4 -d root image 16M; tar -cSf archive image; gzip -c archive > packed
            key=$(openssl rand -hex 16); vector=$(openssl rand -hex 16)
            openssl enc -e -aes-128-cbc -K $key -iv $vector -in packed -out sealed
            split -b 100000 -d -a 2 sealed '\(bucket)/img/image.part.'
            seal() { printf $1 | openssl pkeyutl -encrypt -certin -inkey cert.pem -pkeyopt rsa_padding_mode:pkcs1 | od -An -v -tx1 | tr -d ' \\n'; }
            sha() { openssl dgst -sha1 -r $1 | cut -c1-40; }
            cd '\(bucket)/img'
            {
              echo "<?xml version='1.0'?><manifest><version>2007-10-10</version><bundler><name>tools</name><version>1.4</version></bundler>"
              echo "<machine_configuration><architecture>x86_64</architecture>\(machine)</machine_configuration>"
              echo "<image><name>image</name><user>111111111111</user><type>machine</type>"
              echo "<digest algorithm='SHA1'>$(sha "$OLDPWD/archive")</digest><size>$((16 << 20))</size>"
              echo "<bundled_size>$(stat -c %s "$OLDPWD/sealed")</bundled_size>"
              echo "<ec2_encrypted_key algorithm='AES-128-CBC'>$(cd "$OLDPWD"; seal $key)</ec2_encrypted_key>"
              echo "<user_encrypted_key algorithm='AES-128-CBC'>00</user_encrypted_key>"
              echo "<ec2_encrypted_iv>$(cd "$OLDPWD"; seal $vector)</ec2_encrypted_iv><user_encrypted_iv>00</user_encrypted_iv>"
              set -- image.part.*; echo "<parts count='$#'>"; n=0
              for p; do echo "<part index='$n'><filename>$p</filename><digest algorithm='SHA1'>$(sha $p)</digest></part>"; n=$((n + 1)); done
              echo "</parts></image><signature>00</signature></manifest>"
            } > image.manifest.xml
            """, in: folder)
    }
}
