"""Real archives: Orthanc and DCMTK's dcmqrscp. Both listen on every address, so they start only where there is none.

Run the tests as ``unshare -rn sh -c 'ip link set lo up; exec pytest'``: in a namespace with nothing but loopback.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.conftest import program

READY_SECONDS = 60.0
OUR_TITLE = "MAMMOSET"


@dataclass(frozen=True)
class Archive:
    """A running archive: its title and port, and the port at which it expects us."""

    kind: str
    title: str
    port: int
    our_port: int
    http: int = 0

    def settings(self, method: str = "move") -> str:
        """Return the settings of a project that uses it."""
        return (
            f'[dataset]\nname = "dataset"\n[acquire]\nae_title = "{OUR_TITLE}"\nport = {self.our_port}\n'
            f'[acquire.peers.pacs]\nhost = "127.0.0.1"\nport = {self.port}\nae_title = "{self.title}"\n'
            f'method = "{method}"\n'
        )


def require_loopback_only() -> None:
    """Skip, or fail when CI=true, unless the machine has no network interface but loopback."""
    if {name for _, name in socket.if_nameindex()} == {"lo"}:
        return
    reason = "archives that listen on every address start only in a loopback-only network namespace ('make test')"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    pause = Event()
    for _ in range(int(READY_SECONDS / 0.05)):
        if ready():
            return
        assert process.poll() is None, f"it ended with {process.returncode}"
        pause.wait(0.05)
    pytest.fail("it was not ready in time")


def answers_at(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[None]:
    """Run a server until the block ends, from when it answers to when it is gone."""
    environment = {**os.environ, "TCP_NODELAY": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            wait_until(lambda: answers_at(port), process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def orthanc(folder: Path, objects: Iterable[bytes], options: Mapping[str, Any] | None = None) -> Iterator[Archive]:
    """Run Orthanc with these objects."""
    require_loopback_only()
    port, http, ours = free_port(), free_port(), free_port()
    configuration = {
        "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"), "Plugins": [],
        "HttpPort": http, "RemoteAccessAllowed": False, "DicomAet": "PACS", "DicomPort": port,
        "DicomCheckCalledAet": True, "DicomAlwaysAllowFind": True, "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True, "DefaultEncoding": "Utf8", "OverwriteInstances": True,
        "DicomModalities": {"us": [OUR_TITLE, "127.0.0.1", ours]}, **(options or {}),
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(configuration))
    command = [str(program("orthanc")), str(folder / "orthanc.json")]
    with running(command, http, folder / "log"):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for content in objects:
            with opener.open(f"http://127.0.0.1:{http}/instances", content) as answer:
                assert json.load(answer)["Status"] in ("Success", "AlreadyStored")
        yield Archive("orthanc", "PACS", port, ours, http)


@contextmanager
def dcmqrscp(folder: Path, objects: Iterable[bytes]) -> Iterator[Archive]:
    """Run dcmqrscp with these objects."""
    require_loopback_only()
    port, ours = free_port(), free_port()
    (folder / "db").mkdir()
    (folder / "dcmqrscp.cfg").write_text(
        f"NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
        f"HostTable BEGIN\nus = ({OUR_TITLE}, 127.0.0.1, {ours})\nHostTable END\n"
        "VendorTable BEGIN\nVendorTable END\n"
        f"AETable BEGIN\nDQR {folder / 'db'} RW (500, 1024mb) ANY\nAETable END\n"
    )
    command = [str(program("dcmqrscp")), "-c", str(folder / "dcmqrscp.cfg")]
    files = folder / "objects"
    files.mkdir()
    for number, content in enumerate(objects):
        (files / f"{number}.dcm").write_bytes(content)
    with running(command, port, folder / "log"):
        send = ["storescu", "-aec", "DQR", "+sd", "127.0.0.1", str(port), str(files)]
        done = subprocess.run(send, capture_output=True, check=False, env={**os.environ, "TCP_NODELAY": "1"})
        assert done.returncode == 0, done.stderr
        yield Archive("dcmqrscp", "DQR", port, ours)


ARCHIVES = {"orthanc": orthanc, "dcmqrscp": dcmqrscp}
