import TLS
import TestSupport
import Testing

/// The AWS CLI and boto3 under TLS.
@Suite(
    .enabled(if: AWSClients.isAvailable, AWSClients.missing), .enabled(if: Shell.has("openssl"), "needs openssl: make setup"))
struct SecureClientTests {
    @Test("clients that know the authority sign and are answered; those that do not, or have another key, are not")
    func clients() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                """
                umask 077
                openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \\
                  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2> /dev/null
                """, in: folder)
            let files = try IdentityFiles(certificate: "\(folder)/cert.pem", key: "\(folder)/key.pem")
            try EndpointFixture.run(identity: { files.current }) { fixture in
                let output = try fixture.aws(
                    """
                    export AWS_ENDPOINT_URL=https://127.0.0.1:\(fixture.port)
                    aws sts get-caller-identity --query Account --output text 2> error || grep -o 'SSL validation failed' error
                    export AWS_CA_BUNDLE=\(folder)/cert.pem
                    aws sts get-caller-identity --query Account --output text
                    aws kms create-key --description x --query KeyMetadata.Description --output text
                    aws ssm put-parameter --name /a --type String --value "$(head -c 3000 /dev/zero | tr '\\0' a)" --query Version
                    aws ec2 describe-images --owners self --query Images
                    AWS_SECRET_ACCESS_KEY=another aws ec2 describe-regions 2>&1 | grep -o AuthFailure
                    """)
                #expect(output == "SSL validation failed\n\(EndpointFixture.ownerID)\nx\n1\n[]\nAuthFailure\n")
            }
        }
    }
}
