"""What stands in deploy/: checked by the tools made for it, its settings read, its commands run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from triagebot.settings import read_settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
ACTION = DEPLOY / "action" / "action.yml"


def tool(name: str, *arguments: str) -> None:
    done = subprocess.run([str(BIN / name), *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def docker_environment() -> dict[str, str]:
    return dict(re.findall(r"(TRIAGEBOT_\w+)=(\S+)", DOCKERFILE))


def test_the_pages_name_only_what_there_is() -> None:
    """Every file of deploy/ that README and operations.md name exists, and none is unnamed."""
    pages = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/operations.md"))
    named = set(re.findall(r"deploy/[\w./-]*\w", pages))
    assert {name for name in named - {"deploy/triagebot.env"} if not (ROOT / name).exists()} == set()
    files = {f"deploy/{path.name}" for path in DEPLOY.iterdir()}
    assert {name for name in files if name not in pages} == set()


# --- the image ---


def test_the_dockerfile_is_as_hadolint_wants_it() -> None:
    """No finding at all."""
    tool("hadolint", str(DEPLOY / "Dockerfile"))


def test_the_image_copies_what_there_is_and_runs_as_nobody() -> None:
    """Every path exists and is let in by .dockerignore, the account is a number, nothing else is written to."""
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = [
        name for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]
    ]
    assert copied
    assert all((ROOT / name).exists() and name.split("/")[0] in let_in for name in copied)
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert read_settings(docker_environment()).database_url == "sqlite:////data/triagebot.db"


def test_the_images_health_check_tells_the_truth() -> None:
    """The very command of the image: 0 while /readyz answers 200, else not."""
    found = re.search(r'CMD \["python", "-c", "(.*)"\]', DOCKERFILE)
    assert found
    status = [200, 503]

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status.pop(0) if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        command = found[1].replace(":8080/", f":{server.server_address[1]}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        codes = [
            subprocess.run([sys.executable, "-c", command], capture_output=True, timeout=20, check=False).returncode
            for _ in range(2)
        ]
        server.shutdown()
    assert codes == [0, 1]


# --- compose and Kubernetes ---


def test_the_compose_file_is_one() -> None:
    """It follows the schema of compose files; servers are read-only, without rights, on loopback only."""
    tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml"))
    services = read(DEPLOY / "compose.yaml")["services"]
    assert set(services) == {"server", "worker", "database"}
    for name in ("server", "worker"):
        service = services[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert services["worker"]["deploy"]["replicas"] == 2
    assert (DEPLOY / "compose.yaml").parent.joinpath(services["server"]["build"]["dockerfile"]).name == "Dockerfile"


def test_the_compose_files_database_is_an_address_we_take() -> None:
    """The workers' database is PostgreSQL, written as the settings want it."""
    environment = read(DEPLOY / "compose.yaml")["services"]["worker"]["environment"]
    url = environment["TRIAGEBOT_DATABASE_URL"].replace("${POSTGRES_PASSWORD:-}", "word")
    assert read_settings({"TRIAGEBOT_DATABASE_URL": url}).database_url == url


def test_the_kubernetes_manifests_are_valid() -> None:
    """Strictly, by Kubernetes' own schemas; pods run as nobody on a read-only root."""
    tool("kubernetes-validate", "--strict", str(DEPLOY / "kubernetes.yaml"))
    deployment = next(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))
    pod = deployment["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    container = pod["containers"][0]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["args"] == ["serve"]


# --- systemd ---


def test_the_unit_is_as_systemd_wants_it(tmp_path: Path) -> None:
    """No word from `systemd-analyze verify`, and little exposure."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("SYSTEMD IS MISSING: deploy/triagebot.service is NOT checked here (.ci/run installs it)")
    unit = tmp_path / "triagebot.service"
    text = (DEPLOY / "triagebot.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/triagebot/bin/triagebot", str(BIN / "triagebot")))
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    ours = [line for line in (checked.stdout + checked.stderr).splitlines() if "triagebot.service" in line]
    assert ours == []
    command = next(line.partition("=")[2] for line in text.splitlines() if line.startswith("ExecStart="))
    assert shlex.split(command)[1:] == ["serve", "--config", "%d/settings"]


# --- the Action ---


def test_the_action_is_one_and_pastes_nothing_into_a_shell() -> None:
    """Action and workflow follow GitHub's schemas; what comes from outside is an environment variable."""
    tool("check-jsonschema", "--builtin-schema", "vendor.github-actions", str(ACTION))
    tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(ACTION.with_name("workflow.yml")))
    for step in read(ACTION)["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert "github.event" not in str(step)


def test_the_workflow_has_the_least_permissions() -> None:
    """Files are read, issues written, nothing else; no run is cancelled in the middle."""
    workflow = read(ACTION.with_name("workflow.yml"))
    assert workflow["permissions"] == {"contents": "read", "issues": "write"}
    assert workflow["concurrency"]["cancel-in-progress"] is False
    given = workflow["jobs"]["triage"]["steps"][0]["with"]
    assert set(given) <= set(read(ACTION)["inputs"])


def test_the_actions_steps_run(tmp_path: Path) -> None:
    """The second step as it stands, with a title that would do harm if it reached the shell; it ends red, told."""
    (tmp_path / "triagebot").mkdir()
    (tmp_path / "triagebot" / "bin").symlink_to(BIN)
    install, triage = (step["run"] for step in read(ACTION)["runs"]["steps"])
    assert subprocess.run(["bash", "-n"], input=install, text=True, check=False).returncode == 0
    environment = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(tmp_path), "ISSUE": f"$(touch {tmp_path}/harm)"}
    done = subprocess.run(
        ["bash", "-e", "-c", triage], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stdout.startswith("::error::'$(touch ")
    assert not (tmp_path / "harm").exists()
