"""motofill.py COUNT: moto's server with so many images; prints its URL and the first image's id. Run by api.py."""

import sys, threading

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.server import ThreadedMotoServer

backend = ec2_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]
first = None
for n in range(int(sys.argv[1])):
    image = backend.register_image(name=f"image-{n}", description="a test image")
    backend.create_tags([image.id], {"Team": f"team-{n // 10}"})
    first = first or image.id
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
print(f"http://127.0.0.1:{port} {first}", flush=True)
threading.Event().wait()
