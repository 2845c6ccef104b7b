"""Kills a server at random points while four clients work, and looks after each time at what is there.

    ServerKill.py INGOT SEED ROUNDS      in a folder with `home`, an image `base`, an access key and the key alias/target in us-west-2

Every client notes what it asks for before it asks, and what it was answered. Between the two nobody knows what happened; everything else is known.
Prints what was acknowledged, and "sound" at the end; anything else is a failure.
"""
import json, os, random, signal, subprocess, sys, threading, time
import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ingot, seed, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
dice = random.Random(seed)
session = boto3.Session()
credential = json.load(open("home/credentials.json"))[0]


class Server:
    def __init__(self):
        words = [ingot, "serve", "--port", "0", "--quiet", "--ssh-port", "0", "--home", "home"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=open("server.log", "ab"), text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url, "the server does not start: " + open("server.log").read()
        self.clients = {region: self.client(region) for region in ["us-east-1", "us-west-2"]}

    def client(self, region):
        return session.client(
            "ec2", region_name=region, endpoint_url=self.url, aws_access_key_id=credential["accessKeyId"],
            aws_secret_access_key=credential["secretAccessKey"],
            config=Config(retries={"total_max_attempts": 1}, read_timeout=30))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Request:
    """One request of a client: how to ask it, and what came of it."""

    def __init__(self, kind, region, call, find, repeats):
        self.kind, self.region, self.call, self.find, self.repeats = kind, region, call, find, repeats
        self.answer = None

    def ask(self, server):
        return self.find(getattr(server.clients[self.region], self.kind)(**self.call))


known = []  # requests of all rounds, in the order of each client
gone = {}  # image: True where its removal was acknowledged, False where nobody knows
failures = []
lock = threading.Lock()


def request(dice, number, images, instances, base):
    """A request at random; `number` makes its names its own."""
    kind = dice.choice(["copy_image"] * 4 + ["run_instances", "create_image", "register_image", "deregister_image"])
    name = f"{kind} {number}"
    if kind == "copy_image":
        call = dict(Name=name, SourceRegion="us-east-1", SourceImageId=base["ImageId"], ClientToken=name)
        if dice.random() < 0.8:
            call |= dict(Encrypted=True, KmsKeyId="alias/target")
        return Request(kind, "us-west-2", call, lambda answer: answer["ImageId"], True)
    if kind == "run_instances":
        call = dict(ImageId=base["ImageId"], InstanceType="t3.micro", MinCount=1, MaxCount=1, ClientToken=name)
        return Request(kind, "us-east-1", call, lambda answer: answer["Instances"][0]["InstanceId"], True)
    if kind == "create_image" and instances:
        call = dict(Name=name, InstanceId=dice.choice(instances), NoReboot=dice.random() < 0.5)
        return Request(kind, "us-east-1", call, lambda answer: answer["ImageId"], False)
    if kind == "deregister_image" and images:
        region, image = images.pop(dice.randrange(len(images)))
        call = dict(ImageId=image, DeleteAssociatedSnapshots=True)
        return Request(kind, region, call, lambda answer: image, False)
    snapshot = base["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    call = dict(
        Name=f"register {number}", RootDeviceName="/dev/xvda", VirtualizationType="hvm",
        BlockDeviceMappings=[dict(DeviceName="/dev/xvda", Ebs=dict(SnapshotId=snapshot))])
    return Request("register_image", "us-east-1", call, lambda answer: answer["ImageId"], False)


def work(server, worker, round, base, images, instances):
    dice = random.Random(f"{seed} {round} {worker}")
    for step in range(10_000):
        one = request(dice, f"{round}-{worker}-{step}", images, instances, base)
        with lock:
            known.append(one)
            if one.kind == "deregister_image":
                gone[one.call["ImageId"]] = False
        try:
            answer = one.ask(server)
        except ClientError as error:
            with lock:
                failures.append(f"{one.kind}: {error}")
            return
        except BotoCoreError:
            return  # the server is gone
        with lock:
            one.answer = answer
            if one.kind == "deregister_image":
                gone[answer] = True
            elif one.kind == "run_instances":
                instances.append(answer)
            else:
                images.append((one.region, answer))


def describe(server):
    images = {}
    for client in server.clients.values():
        found = client.describe_images(Owners=["self"], IncludeDisabled=True)["Images"]
        states = {s["SnapshotId"]: s["State"] for s in client.describe_snapshots(OwnerIds=["self"])["Snapshots"]}
        assert set(states.values()) <= {"completed"}, f"half a snapshot is listed: {states}"
        for image in found:
            assert image["State"] == "available", f"half an image is listed: {image}"
            assert all(mapping["Ebs"]["SnapshotId"] in states for mapping in image["BlockDeviceMappings"]), image
            images[image["ImageId"]] = image
        assert len({image["Name"] for image in found}) == len(found), "two images have one name"
    reservations = server.clients["us-east-1"].describe_instances()["Reservations"]
    return images, {i["InstanceId"]: i["State"]["Name"] for r in reservations for i in r["Instances"]}


def verify(server):
    images, instances = describe(server)
    for one in known:
        if one.answer is None or one.kind == "deregister_image":
            continue
        if one.kind == "run_instances":
            assert instances.get(one.answer) == "running", f"{one.answer} was acknowledged and is {instances.get(one.answer)}"
        elif one.answer not in gone:
            assert one.answer in images, f"{one.answer} was acknowledged and is lost"
            name = one.call["Name"]
            assert images[one.answer]["Name"] == name and images[one.answer]["Public"] is False
            is_encrypted = images[one.answer]["BlockDeviceMappings"][0]["Ebs"]["Encrypted"]
            assert is_encrypted == one.call.get("Encrypted", False), f"{name} is not encrypted as it was asked for"
    for image, was_answered in gone.items():
        assert not (was_answered and image in images), f"{image} came back"
    # What has a token is asked for again, all that was cut off and some of the rest: as often as one likes, it is one image or instance.
    recent = [one for one in known[verify.seen:] if one.repeats and one.answer not in gone]
    cut = [one for one in recent if one.answer is None]
    verify.cut += len(cut)
    for one in cut + dice.sample(recent, min(5, len(recent))):
        again = one.ask(server)
        assert one.answer in (None, again), f"{one.call} gave {one.answer}, and then {again}"
        assert one.ask(server) == again, f"{one.call} gave {again}, and then another"
        one.answer = again
    verify.seen = len(known)
    describe(server)


def check():
    run = subprocess.run([ingot, "check", "--home", "home"], capture_output=True, text=True)
    assert run.returncode == 0 and "damaged" not in run.stdout, run.stdout + run.stderr


verify.seen = verify.cut = 0
images, instances = [], []
server = Server()
base = server.clients["us-east-1"].describe_images(Owners=["self"])["Images"][0]
for round in range(rounds):
    workers = [threading.Thread(target=work, args=(server, number, round, base, images, instances)) for number in range(4)]
    for worker in workers:
        worker.start()
    time.sleep(dice.uniform(0.02, 0.6))
    server.kill()
    for worker in workers:
        worker.join()
    assert not failures, failures
    check()
    server = Server()
    verify(server)
server.kill()
check()
done = [one for one in known if one.answer is not None]
for kind in sorted({one.kind for one in known}):
    print(kind, sum(one.kind == kind for one in done), "of", sum(one.kind == kind for one in known))
print("cut off:", verify.cut)
assert len(done) >= 5 * rounds and verify.cut > 0, "most rounds must have met the server at work"
print("sound")
