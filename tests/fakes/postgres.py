"""A PostgreSQL of our own on loopback: a throw-away cluster on a free port, as a user that is not root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

# Debian keeps the programs of every version in a folder of its own, outside PATH.
_FOLDERS = "/usr/lib/postgresql"
_PATIENCE = "30"
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
)


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest there is; None when it is not installed."""
    found = sorted(Path(_FOLDERS).glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    named = shutil.which("initdb")
    return found[-1].parent if found else Path(named).resolve().parent if named else None


class Cluster:
    """A running server with one database."""

    def __init__(self, bin_folder: Path, folder: Path, *, durable: bool = False) -> None:
        self.port = _free_port()
        self._bin = bin_folder
        self._folder = folder / "data"
        self._durable = durable

    def make(self) -> None:
        """Initialise the cluster."""
        self._run("initdb", "-D", str(self._folder), "-A", "trust", "-U", "tester", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        durable = "on" if self._durable else "off"
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync={durable}"
        log = str(self._folder.parent / "log")
        self._run("pg_ctl", "-D", str(self._folder), "-o", options, "-l", log, "-w", "-t", _PATIENCE, "start")

    def stop(self) -> None:
        """Stop the server at once, as a crash would."""
        self._run("pg_ctl", "-D", str(self._folder), "-m", "immediate", "-w", "-t", _PATIENCE, "stop")

    @property
    def url(self) -> str:
        """Return the address of the cluster's one database."""
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres"

    def empty(self) -> str:
        """End every connection and empty the database; returns its address."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        return self.url

    def _run(self, *command: str) -> None:
        whole = [str(self._bin / command[0]), *command[1:]]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            whole = ["runuser", "-u", "postgres", "--", *whole]
        done = subprocess.run(
            whole, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout.decode('utf-8', 'replace')}")


@contextmanager
def running(*, durable: bool = False) -> Iterator[Cluster]:
    """Run a cluster and throw it away; `durable` waits for the disk, as in real life."""
    place = programs()
    if place is None:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="triagebot-pg-", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        cluster = Cluster(place, Path(folder), durable=durable)
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
