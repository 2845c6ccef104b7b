import API
import Cloud
import ImageStore
import Model
import Platform
import SQLite
import SigV4
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: MachineFixture.isAvailable, "\(MachineFixture.obstacle ?? "")"))
struct `Run Command of Systems Manager` {
    /// boto3's clients, and functions to send a script and to wait for its end.
    private static func python(_ fixture: ServedFixture, _ id: InstanceID, _ script: String) throws -> String {
        try AWSClients.python(
            """
            import boto3, json
            from botocore.exceptions import ClientError
            def client(service, key, secret):
                return boto3.client(service, region_name="us-east-1", endpoint_url="http://127.0.0.1:\(fixture.port)",
                    aws_access_key_id=key, aws_secret_access_key=secret)
            ssm = client("ssm", "\(fixture.owner.key.id)", "\(fixture.owner.key.secret)")
            other = client("ssm", "\(fixture.other.key.id)", "\(fixture.other.key.secret)")
            id = "\(id)"
            def send(*commands, **more):
                return ssm.send_command(InstanceIds=[id], DocumentName="AWS-RunShellScript",
                    Parameters=dict(commands=list(commands), **more))["Command"]["CommandId"]
            def wait(command):
                try: ssm.get_waiter("command_executed").wait(CommandId=command, InstanceId=id, WaiterConfig={"Delay": 1, "MaxAttempts": 50})
                except Exception: pass
                return ssm.get_command_invocation(CommandId=command, InstanceId=id)
            def fails(call):
                try: call(); return "no error"
                except ClientError as e: return e.response["Error"]["Code"]

            """ + script)
    }

    @Test(
        "runs scripts on instances and tells what they printed, as boto3 sees it",
        .enabled(if: AWSClients.isAvailable, AWSClients.missing))
    func scripts() throws {
        try ServedFixture.run { fixture in
            let id = try fixture.machines.launch()
            let output = try Self.python(
                fixture, id,
                """
                good = wait(send("echo one > /made", "cd /tmp", "pwd", "echo bad >&2"))
                print(good["Status"], good["ResponseCode"], repr(good["StandardOutputContent"]), repr(good["StandardErrorContent"]))
                bad = wait(send("exit 3"))
                print(bad["Status"], bad["ResponseCode"])
                late = wait(send("sleep 600", executionTimeout=["1"]))
                print(late["Status"], late["StatusDetails"])
                folder = wait(send("cat made", workingDirectory=["/"]))
                print(folder["StandardOutputContent"].strip())
                print(len(ssm.list_commands()["Commands"]), ssm.list_commands()["Commands"][0]["Status"])
                print(ssm.list_command_invocations(CommandId=bad["CommandId"], Details=True)["CommandInvocations"][0]["CommandPlugins"][0]["ResponseCode"])
                print([i["PingStatus"] for i in ssm.describe_instance_information()["InstanceInformationList"]])
                """)
            #expect(
                output.split(separator: "\n") == [
                    "Success 0 '/tmp\\n' 'bad\\n'", "Failed 3", "TimedOut Execution Timed Out", "one", "4 Success", "3",
                    "['Online']",
                ], "\(output)")
        }
    }

    @Test("is refused where it must be, and cancelled in the middle", .enabled(if: AWSClients.isAvailable, AWSClients.missing))
    func refusals() throws {
        try ServedFixture.run { fixture in
            let id = try fixture.machines.launch()
            let output = try Self.python(
                fixture, id,
                """
                run = dict(InstanceIds=[id], DocumentName="AWS-RunShellScript", Parameters={"commands": ["id"]})
                print(fails(lambda: other.send_command(**run)))
                print(fails(lambda: ssm.send_command(**dict(run, DocumentName="AWS-Nothing"))))
                print(fails(lambda: ssm.send_command(**dict(run, Parameters={}))))
                print(fails(lambda: ssm.send_command(**dict(run, Parameters={"commands": ["id"], "x": ["1"]}))))
                print(fails(lambda: ssm.send_command(**dict(run, InstanceIds=["i-0123456789abcdef0"]))))
                print(fails(lambda: ssm.cancel_command(CommandId="0" * 36)))
                long = send("echo begun > /begun", "sleep 600")
                while ssm.get_command_invocation(CommandId=long, InstanceId=id)["Status"] == "Pending": pass
                ssm.cancel_command(CommandId=long)
                print(wait(long)["Status"], fails(lambda: other.get_command_invocation(CommandId=long, InstanceId=id)))
                """)
            #expect(
                output.split(separator: "\n") == [
                    "InvalidInstanceId", "InvalidDocument", "InvalidParameters", "InvalidParameters", "InvalidInstanceId",
                    "InvalidCommandId", "Cancelled InvalidCommandId",
                ], "\(output)")
            _ = try fixture.machines.actions().change([id], .stop)
            #expect(try fixture.machines.state(id) == .stopped)
        }
    }

    @Test(
        "carries out an account's own documents, step by step, with the values of the request",
        .enabled(if: AWSClients.isAvailable, AWSClients.missing))
    func documents() throws {
        try ServedFixture.run { fixture in
            let id = try fixture.machines.launch()
            let output = try Self.python(
                fixture, id,
                """
                step = lambda name, *lines, **inputs: {"action": "aws:runShellScript", "name": name, "inputs": dict(runCommand=list(lines), **inputs)}
                windows = dict(step("windows", "dir"), action="aws:runPowerShellScript", precondition={"StringEquals": ["platformType", "Windows"]})
                parameters = {"who": {"type": "String", "allowedValues": ["you", "me"]}, "lines": {"type": "StringList", "default": []}, "map": {"type": "StringMap", "default": {"a": "b"}}, "folder": {"type": "String", "default": "/tmp"}, "loud": {"type": "Boolean", "default": False}, "n": {"type": "Integer", "default": 7}}
                ssm.create_document(Name="greeting", Content=json.dumps({"schemaVersion": "2.2", "parameters": parameters, "mainSteps": [windows, step("greet", "echo {{who}} {{ n }} {{ loud }} '{{ map }}' {{ unknown", "{{ lines }}", "pwd", workingDirectory="{{ folder }}"), step("fail", "echo oops >&2; exit 4"), step("after", "echo after")]}))
                def run(document, of=ssm, **given): return of.send_command(InstanceIds=[id], DocumentName=document, Parameters=given)["Command"]["CommandId"]
                def ended(command, name):
                    while True:
                        r = ssm.get_command_invocation(CommandId=command, InstanceId=id, PluginName=name)
                        if ssm.list_commands(CommandId=command)["Commands"][0]["Status"] not in ("Pending", "InProgress"): return ssm.get_command_invocation(CommandId=command, InstanceId=id, PluginName=name)
                c = run("greeting", who=["me"], lines=["echo one", "echo two"], loud=["true"])
                r = ended(c, "greet"); print(r["Status"], r["DocumentName"], repr(r["StandardOutputContent"]))
                for name in ("windows", "fail", "after"):
                    r = ended(c, name); print(name, r["Status"], r["ResponseCode"], r["StandardOutputContent"].strip()[:23], r["StandardErrorContent"].strip())
                print(ssm.list_commands(CommandId=c)["Commands"][0]["Status"], [p["Name"] for p in ssm.list_command_invocations(CommandId=c, Details=True)["CommandInvocations"][0]["CommandPlugins"]], fails(lambda: ssm.get_command_invocation(CommandId=c, InstanceId=id)), fails(lambda: ended(c, "none")))
                print(ssm.list_commands(CommandId=c)["Commands"][0]["Parameters"]["who"], len(ssm.list_commands(Filters=[{"key": "DocumentName", "value": "greeting"}])["Commands"]))
                for given in ({}, {"who": ["him"]}, {"who": ["me"], "n": ["seven"]}, {"who": ["me", "you"]}, {"who": ["me"], "map": ["[]"]}, {"who": ["me"], "folder": ["tmp"]}, {"who": ["me"], "x": ["y"]}): print(fails(lambda: run("greeting", **given)), end=" ")
                print(fails(lambda: run("nothing")), fails(lambda: other.send_command(InstanceIds=[id], DocumentName="arn:aws:ssm:us-east-1:111111111111:document/greeting", Parameters={"who": ["me"]})))
                flows = {"stop": [step("step-a", "exit 1", onFailure="exit"), step("step-b", "echo b"), step("step-c", "echo c", finallyStep=True)], "forgive": [step("step-a", "exit 1", onFailure="successAndExit"), step("step-b", "echo b")], "enough": [step("step-a", "true", onSuccess="exit"), step("step-b", "false")], "goon": [step("step-a", "false"), step("step-b", "true")]}
                for name, steps in flows.items():
                    ssm.create_document(Name=name, Content=json.dumps({"schemaVersion": "2.2", "mainSteps": steps})); c = run(name); ended(c, "step-a")
                    i = ssm.list_command_invocations(CommandId=c, Details=True)["CommandInvocations"][0]; print(name, i["Status"], [ended(c, s["name"])["StandardOutputContent"].strip() for s in steps])
                """)
            #expect(
                output.split(separator: "\n") == [
                    #"Success greeting 'me 7 true {"a":"b"} {{ unknown\none\ntwo\n/tmp\n'"#,
                    "windows Success 0 Step execution skipped  ", "fail Failed 4  oops", "after Success 0 after ",
                    "Failed ['windows', 'greet', 'fail', 'after'] InvalidPluginName InvalidPluginName", "['me'] 1",
                    "InvalidParameters InvalidParameters InvalidParameters InvalidParameters InvalidParameters InvalidParameters "
                        + "InvalidParameters InvalidDocument InvalidDocument",
                    "stop Failed ['', '', 'c']", "forgive Success ['', '']", "enough Success ['', '']", "goon Failed ['', '']",
                ], "\(output)")
        }
    }

    @Test func `runs on no more instances at once than it may, and goes to no further one after too many errors`() throws {
        try MachineFixture.run { fixture in
            let ids = try (0..<4).map { _ in try fixture.launch() }
            let actions = try fixture.actions()
            func send(_ concurrency: String, _ errors: String) throws -> String {
                var request = CommandRequest(AmazonDocument.runShellScript, ["commands": ["true"]], instances: ids)
                request.concurrency = try #require(CommandBound(concurrency))
                request.mostErrors = try #require(CommandBound(errors))
                return try actions.sendCommand(request).id
            }
            func end(_ command: String, _ index: Int, _ status: CommandStatus) throws {
                try fixture.region.finish(
                    command, CommandInvocation(instance: ids[index], status: status, details: status.rawValue))
            }
            let half = try send("50%", "1")
            #expect(try fixture.region.claim(half, on: ids[0]) != nil && fixture.region.claim(half, on: ids[2]) != nil)
            #expect(try fixture.region.claim(half, on: ids[1]) == nil && fixture.region.waiting(half).isEmpty)
            try end(half, 0, .failed)
            #expect(try fixture.region.waiting(half) == [ids[1]], "one still runs, and two may")
            #expect(try fixture.region.claim(half, on: ids[3]) != nil && fixture.region.claim(half, on: ids[3]) == nil)
            try end(half, 2, .success)
            #expect(try fixture.region.waiting(half) == [ids[1]], "one error is allowed")
            try end(half, 3, .timedOut)
            let ended = try #require(try actions.commands().first { $0.id == half })
            #expect(ended.invocations.map(\.status) == [.failed, .cancelled, .success, .timedOut] && ended.status == .failed)
            #expect(ended.invocations[1].details == "Terminated")
            #expect(try fixture.region.claim(half, on: ids[1]) == nil && fixture.region.waiting(half).isEmpty)
            // A share of less than one instance is one.
            let single = try send("1%", "100%")
            #expect(try fixture.region.waiting(single) == [ids[0]], "as many as there is room for")
            #expect(try fixture.region.claim(single, on: ids[0]) != nil && fixture.region.claim(single, on: ids[1]) == nil)
            #expect(["x", "-1", "101%", "%", "", "1.5", "010"].allSatisfy { CommandBound($0) == nil })
        }
    }

    @Test(
        "goes on by itself to the instances that wait, as boto3 sees it", .enabled(if: AWSClients.isAvailable, AWSClients.missing)
    )
    func bounds() throws {
        try ServedFixture.run { fixture in
            let ids = try (0..<3).map { _ in try fixture.machines.launch() }
            let output = try Self.python(
                fixture, ids[0],
                """
                ids = "\(ids.map(\.description).joined(separator: " "))".split()
                def send(line, **more):
                    c = ssm.send_command(InstanceIds=ids, DocumentName="AWS-RunShellScript", Parameters={"commands": [line]}, **more)["Command"]["CommandId"]
                    while ssm.list_commands(CommandId=c)["Commands"][0]["Status"] in ("Pending", "InProgress"): pass
                    return c
                c = send("true", MaxConcurrency="1", MaxErrors="0"); m = ssm.list_commands(CommandId=c)["Commands"][0]
                print(m["Status"], m["CompletedCount"], m["MaxConcurrency"], m["MaxErrors"])
                runs = sorted((i["CommandPlugins"][0]["ResponseStartDateTime"], i["CommandPlugins"][0]["ResponseFinishDateTime"]) for i in ssm.list_command_invocations(CommandId=c, Details=True)["CommandInvocations"])
                print(all(a[1] <= b[0] for a, b in zip(runs, runs[1:])))
                c = send("false", MaxConcurrency="1"); print(sorted(i["StatusDetails"] for i in ssm.list_command_invocations(CommandId=c)["CommandInvocations"]))
                for more in ({"MaxConcurrency": "0"}, {"MaxConcurrency": "101%"}, {"MaxErrors": "x"}): print(fails(lambda: send("true", **more)))
                """)
            #expect(
                output.split(separator: "\n") == [
                    "Success 3 1 0", "True", "['Failed', 'Terminated', 'Terminated']", "ValidationException",
                    "ValidationException", "ValidationException",
                ], "\(output)")
        }
    }

    @Test func `whose process is gone has failed, and one that waited is run by the next server`() throws {
        try MachineFixture.run { fixture in
            let id = try fixture.launch()
            let actions = try fixture.actions()
            let first = try actions.sendCommand(
                CommandRequest(AmazonDocument.runShellScript, ["commands": ["true"]], instances: [id]))
            #expect(try fixture.region.claim(first.id, on: id) == first.steps)
            #expect(try fixture.region.claim(first.id, on: id) == nil, "nobody takes it twice")
            let second = try actions.sendCommand(
                CommandRequest(AmazonDocument.runShellScript, ["commands": ["true"]], instances: [id]))
            #expect(try fixture.region.takeOverCommands().map(\.command) == [second.id], "the first is of a process that lives")
            try actions.cancelCommand(second.id, on: [])
            #expect(try fixture.region.claim(second.id, on: id) == nil)
            #expect(try actions.commands().map(\.status) == [.cancelled, .inProgress])
        }
    }

    @Test func `whose process is gone with too many errors goes to no further instance`() throws {
        try MachineFixture.run { fixture in
            let ids = try (0..<2).map { _ in try fixture.launch() }
            var request = CommandRequest(AmazonDocument.runShellScript, ["commands": ["true"]], instances: ids)
            request.mostErrors = try #require(CommandBound("0"))
            let command = try fixture.actions().sendCommand(request).id
            #expect(try fixture.region.claim(command, on: ids[0]) != nil)
            let catalogue = try Connection(path: fixture.home + "/regions/us-east-1/catalog.db")
            try catalogue.write { try $0.run("UPDATE invocations SET holder = '1:0' WHERE status = 'InProgress'") }
            #expect(try fixture.region.takeOverCommands().isEmpty && fixture.region.claim(command, on: ids[1]) == nil)
            let ended = try #require(try fixture.actions().commands().first)
            #expect(ended.invocations.map(\.status) == [.failed, .cancelled])
        }
    }
}
