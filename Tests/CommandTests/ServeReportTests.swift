import Platform
import TestSupport
import Testing

/// What `ingot serve` tells of itself whoever runs it.
@Suite(.enabled(if: AWSClients.isAvailable, AWSClients.missing)) struct `What fails within a server` {
    private static let script = #"""
        import json, os, shutil, subprocess, sys
        import boto3
        from botocore.config import Config
        from botocore.exceptions import ClientError

        home = "home\x1b[31m"
        run = lambda *words: [sys.argv[1], *words, "--home", home]
        subprocess.run(run("credentials", "create"), check=True, stdout=subprocess.DEVNULL)
        credential = json.load(open(home + "/credentials.json"))[0]
        server = subprocess.Popen(run("serve", "--port", "0", "--quiet", "--ssh-port", "0"), stdout=subprocess.PIPE, stderr=open(".told", "wb"), text=True)
        try:
            client = boto3.client(
                "ec2", region_name="eu-west-1", endpoint_url=server.stdout.readline().strip(), aws_access_key_id=credential["accessKeyId"],
                aws_secret_access_key=credential["secretAccessKey"], config=Config(retries={"total_max_attempts": 1}, read_timeout=30))
            # A file lies where the regions are to be.
            shutil.rmtree(home + "/regions", ignore_errors=True)
            open(home + "/regions", "w").close()
            client.describe_images()
        except ClientError as error:
            print(error.response["Error"]["Code"], "home" in error.response["Error"]["Message"])
        finally:
            server.terminate()
            server.wait()
        told = open(".told", "rb").read()
        print(b"request " in told and b"home [31m/regions" in told, b"\x1b" in told)
        """#

    @Test func `is told on standard error, also where it is to be quiet, and steers no terminal`() throws {
        try CommandRunner.inFolder { ingot in
            try ingot.write("script.py", Self.script)
            let run = try ingot.shell("exec \(AWSClients.interpreter) script.py \"$0\" > .out 2> .err")
            #expect(run.output == "InternalError False\nTrue False\n", "\(run.output)\(run.error)")
        }
    }
}
