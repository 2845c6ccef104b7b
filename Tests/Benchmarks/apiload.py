"""apiload.py URL KEY SECRET WHAT IMAGE RUNS: medians of signed requests over one connection, as JSON; run by api.py.

WHAT is `all`, `touch` for one request, or the path of a script for wrk that repeats one signed request.
"""

import http.client, json, statistics, sys, time
from urllib.parse import urlencode, urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

url, key, secret, what, image, runs = sys.argv[1:]
host = urlsplit(url).netloc


def signed(**parameters):
    body = urlencode({"Action": "DescribeImages", "Version": "2016-11-15", **parameters})
    request = AWSRequest("POST", url + "/", data=body, headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})
    SigV4Auth(Credentials(key, secret), "ec2", "us-east-1").add_auth(request)
    return body, {**dict(request.headers), "Host": host}


requests = {
    "by id": signed(**{"ImageId.1": image}),
    "by tag": signed(**{"Filter.1.Name": "tag:Team", "Filter.1.Value.1": "team-0"}),
    "all own": signed(**{"Owner.1": "self"}),
}
connection = http.client.HTTPConnection(host)


def ask(name):
    body, headers = requests[name]
    began = time.perf_counter()
    connection.request("POST", "/", body, headers)
    answer = connection.getresponse()
    data = answer.read()
    took = time.perf_counter() - began
    assert answer.status == 200, data[:500]
    return took * 1000, data


if what == "touch":
    ask("by tag")
    print("{}")
elif what == "all":
    result = {}
    for name in requests:
        _, data = ask(name)
        assert data.count(b"<imageId>") >= 1, (name, data[:500])
        result[name] = statistics.median(ask(name)[0] for _ in range(max(int(runs), 3)))
    print(json.dumps(result))
else:
    body, headers = requests["by id"]
    lines = "".join(f'wrk.headers["{name}"] = {json.dumps(value)}\n' for name, value in headers.items())
    with open(what, "w") as script:
        script.write(f'wrk.method = "POST"\nwrk.path = "/"\nwrk.body = {json.dumps(body)}\n{lines}')
    print("{}")
