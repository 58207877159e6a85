"""Ask a server of Olhar's about pictures, with Python's own library alone: python client.py ADDRESS PICTURE...

The token, where the server wants one, stands in OLHAR_TOKEN. Each picture prints a line with its name, then a class a line
with its probability, best first.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path


def ask(address: str, picture: bytes) -> dict:
    """What the server says of one picture, which is sent as it is; urllib.error.HTTPError if it refuses."""
    headers = {"Content-Type": "application/octet-stream"}
    if token := os.environ.get("OLHAR_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(f"{address.rstrip('/')}/predict?top=10000", picture, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def main(address: str, *pictures: str) -> int:
    """Print the answers; 1 if a picture was refused, by the server's own sentence."""
    refused = 0
    for name in pictures:
        try:
            answer = ask(address, Path(name).read_bytes())
        except urllib.error.HTTPError as error:
            print(f"{name}: {json.load(error)['error']['message']}", file=sys.stderr)
            refused = 1
            continue
        print(name)
        for one in answer["predictions"]:
            print(f"{one['class']}\t{one['probability']}")
    return refused


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(*sys.argv[1:]))
