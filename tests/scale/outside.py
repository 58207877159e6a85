"""A network with an outside: what leaves some network namespaces by their default route is counted, and goes nowhere."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

LISTENS = """
import socket, struct, sys

heard = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
print("listening", flush=True)
with open(sys.argv[1], "w", encoding="utf-8") as file:
    while True:
        data, (interface, kind, *_) = heard.recvfrom(65535)
        if kind == 0x0800:
            begin, protocol, to = (data[0] & 15) * 4, data[9], socket.inet_ntop(socket.AF_INET, data[16:20])
        elif kind == 0x86DD:
            begin, protocol, to = 40, data[6], socket.inet_ntop(socket.AF_INET6, data[24:40])
        else:
            continue
        port = struct.unpack("!H", data[begin + 2 : begin + 4])[0] if protocol in (6, 17) else 0
        asked, place = [], begin + 20
        while port == 53 and protocol == 17 and data[place]:
            asked.append(data[place + 1 : place + 1 + data[place]].decode("ascii", "replace"))
            place += 1 + data[place]
        print(interface, to, port, ".".join(asked) or "-", file=file, flush=True)
"""

JOINS = """
set -e
ip link add out netns "$1" type veth peer name "$3" netns "$2"
ip -n "$1" addr add "10.88.$4.2/24" dev out
ip -n "$1" addr add "fd88:$4::2/64" dev out nodad
ip -n "$2" addr add "10.88.$4.1/24" dev "$3"
ip -n "$2" addr add "fd88:$4::1/64" dev "$3" nodad
ip -n "$1" link set lo up
ip -n "$1" link set out up
ip -n "$2" link set "$3" up
ip -n "$1" route add default via "10.88.$4.1"
ip -n "$1" -6 route add default via "fd88:$4::1"
"""


class Outside:
    """A namespace to which others have their default route; it hands nothing on.

    Args:
        name: of the namespace; there is none of that name.
        folder: where the script that joins and what was heard are kept.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.file, self.joins, self.joined = name, folder / "heard.txt", folder / "join.sh", 0
        self.joins.write_text(JOINS, encoding="utf-8")
        subprocess.run(["ip", "netns", "add", name], check=True)
        words = ["ip", "netns", "exec", name, sys.executable, "-c", LISTENS, str(self.file)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline()

    def join(self, namespace: str, name: str) -> str:
        """The command that gives a namespace its default route; what leaves it is counted under ``name``."""
        self.joined += 1
        return f"sh {self.joins} {namespace} {self.name} {name} {self.joined}"

    def left(self) -> Counter[tuple[str, str, int, str]]:
        """Packets by whose they were, address, port and name looked up, but for what the kernel tells its own link."""
        lines = [line.split() for line in self.file.read_text(encoding="utf-8").splitlines()]
        return Counter((whose, to, int(port), asked) for whose, to, port, asked in lines if not to.startswith("ff02:"))

    def close(self) -> None:
        """Take it away, and the routes to it."""
        self.process.kill()
        self.process.communicate()
        subprocess.run(["ip", "netns", "del", self.name], check=True)
