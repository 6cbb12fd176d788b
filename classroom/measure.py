"""A class on the hub of this machine: python classroom/measure.py --learners 20 --lesson day1/01

Starts the hub of jupyterhub_config.py on the loopback interface with a password and folders of its own; every learner
logs in, starts a server, opens a kernel, and runs the cells of a lesson one after the other, all at the same time.
Prints what each of them waited for, and the memory. `make test` does it with ten.
"""

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

import numpy as np
import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import lab  # noqa: E402

WAIT = 180  # seconds, for anything
PATTERN = "learner{:02d}"


def free_ports(count):
    """Port numbers that nobody uses."""
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Hub:
    """The hub on free ports of the loopback interface, its folders in `folder`, as long as the `with` block runs."""

    def __init__(self, folder):
        self.folder, self.password = Path(folder), secrets.token_hex(8)
        self.port, hub, proxy = free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "CLASSROOM_PASSWORD": self.password,
            "CLASSROOM_HOMES": str(folder),
            "CLASSROOM_URL": self.url,
            "CLASSROOM_HUB_URL": f"http://127.0.0.1:{hub}",
            "CLASSROOM_PROXY_URL": f"http://127.0.0.1:{proxy}",
        }

    def __enter__(self):
        command = [sys.executable, "-m", "jupyterhub", "-f", str(ROOT / "classroom" / "jupyterhub_config.py")]
        self.log = open(self.folder / "hub.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=self.log, stderr=subprocess.STDOUT
        )
        end = time.monotonic() + WAIT
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/hub/health", timeout=10).close()
                return self
            except OSError:  # nobody listens yet, or the proxy does and the hub does not
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"the hub does not start:\n{self.said()}") from None
                time.sleep(0.2)

    def __exit__(self, *_):
        family = [self.process, *psutil.Process(self.process.pid).children(recursive=True)]
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()
        self.log.close()

    def said(self):
        self.log.flush()
        return Path(self.log.name).read_text(encoding="utf-8")[-3000:]

    def megabytes(self):
        """{learner: memory of the server and its kernels}, counting shared pages once (PSS)."""
        memory = {}
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                name = process.environ().get("JUPYTERHUB_USER")
                if name:
                    memory[name] = memory.get(name, 0) + process.memory_full_info().pss / 2**20
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                pass
        return memory


class Learner:
    """One browser's worth of requests: cookies, a server, a kernel."""

    def __init__(self, hub, name):
        self.hub, self.name, self.cookies, self.waited = hub, name, {}, {}

    async def run(self, cells):
        """Log in, start, run these cells; fills in `waited` and raises if anything goes wrong."""
        for what, doing in (("log in", self.log_in), ("start a server", self.start), ("start a kernel", self.kernel)):
            began = time.monotonic()
            await doing()
            self.waited[what] = time.monotonic() - began
        began = time.monotonic()
        first = None
        for source in cells:
            await self.execute(source)
            first = first or time.monotonic() - began
        self.waited |= {"first cell (imports)": first, "the whole lesson": time.monotonic() - began}
        began = time.monotonic()
        await self.execute("1 + 1")
        self.waited["1 + 1 afterwards"] = time.monotonic() - began

    async def log_in(self):
        await self.fetch("/hub/login")
        body = f"username={self.name}&password={self.hub.password}&_xsrf={self.cookies.get('_xsrf', '')}"
        await self.fetch("/hub/login", "POST", body, {"Content-Type": "application/x-www-form-urlencoded"})
        if "jupyterhub-session-id" not in self.cookies or "jupyterhub-hub-login" not in self.cookies:
            raise RuntimeError(f"{self.name} could not log in")

    async def start(self):
        await self.fetch(f"/hub/spawn/{self.name}")
        end = time.monotonic() + WAIT
        while (await self.fetch(f"/user/{self.name}/api/status")).code in (424, 503):  # the hub answers in its place
            if time.monotonic() > end:
                raise RuntimeError(f"the server of {self.name} does not answer:\n{self.hub.said()}")
            await asyncio.sleep(1)
        await self.fetch(f"/user/{self.name}/lab")  # the server asks the hub who this is

    async def kernel(self):
        answer = await self.fetch(f"/user/{self.name}/api/kernels", "POST", "{}")
        if answer.code != 201:
            raise RuntimeError(f"{self.name} gets no kernel: {answer.code} {answer.body[:300]!r}")
        number = json.loads(answer.body)["id"]
        url = f"{self.hub.url}/user/{self.name}/api/kernels/{number}/channels".replace("http", "ws", 1)
        self.socket = await websocket_connect(HTTPRequest(url, headers=self.headers(), request_timeout=WAIT))

    async def execute(self, source):
        """Run one cell and wait until the kernel is idle again; an error in the cell is raised."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "username": "", "session": number, "version": "5.3"}
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await self.socket.write_message(json.dumps(message))
        while True:
            text = await asyncio.wait_for(self.socket.read_message(), WAIT)
            if text is None:
                raise RuntimeError(f"the kernel of {self.name} is gone")
            answer = json.loads(text)
            if answer["parent_header"].get("msg_id") != number:
                continue
            if answer["msg_type"] == "error":
                raise RuntimeError(f"{self.name}: {answer['content']['ename']}: {answer['content']['evalue']}")
            if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
                return

    def headers(self):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "X-XSRFToken": self.cookies.get("_xsrf", ""), "Origin": self.hub.url}

    async def fetch(self, path, method="GET", body=None, headers=None):
        """The answer, after redirects, as a browser follows them with its cookies."""
        url = path if path.startswith("http") else self.hub.url + path
        for _ in range(12):
            request = HTTPRequest(
                url, method, self.headers() | (headers or {}), body, follow_redirects=False, request_timeout=WAIT
            )
            try:
                answer = await AsyncHTTPClient().fetch(request, raise_error=False)
            except HTTPClientError as error:
                raise RuntimeError(f"{self.name}: {url}: {error}") from None
            for cookie in answer.headers.get_list("Set-Cookie"):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            if answer.code not in (301, 302, 303):
                return answer
            target = answer.headers["Location"]
            url, method, body = (target if target.startswith("http") else self.hub.url + target), "GET", None
        raise RuntimeError(f"{self.name}: {path} redirects without end")


async def class_at_once(hub, count, cells):
    """All learners run the cells; returns them."""
    AsyncHTTPClient.configure(None, max_clients=4 * count)
    learners = [Learner(hub, PATTERN.format(k)) for k in range(count)]
    await asyncio.gather(*(learner.run(cells) for learner in learners))
    return learners


def code_cells(lesson):
    """The sources of a lesson's code cells, but those in which a learner's answer would stand."""
    path = lab.course_lessons(ROOT)[lab.find(ROOT, lesson)]
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def measure(count, lesson):
    """({what: seconds of every learner}, {learner: MB}) of so many learners in this lesson at once."""
    with tempfile.TemporaryDirectory(prefix="classroom-") as folder, Hub(folder) as hub:
        learners = asyncio.run(class_at_once(hub, count, code_cells(lesson)))
        memory = hub.megabytes()
        missing = {learner.name for learner in learners} - set(memory)
        if missing:
            raise RuntimeError(f"no process of {missing}")
        return {what: [learner.waited[what] for learner in learners] for what in learners[0].waited}, memory


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--lesson", default="day1/01")
    options = parser.parse_args()
    waited, memory = measure(options.learners, options.lesson)
    print(f"{options.learners} learners at once in {options.lesson}, {os.cpu_count()} cores; none failed")
    print(f"{'seconds':28}{'median':>8}{'slowest':>9}")
    for what, seconds in waited.items():
        print(f"{what:28}{np.median(seconds):8.1f}{max(seconds):9.1f}")
    mb = list(memory.values())
    print(
        f"memory of a learner: {np.mean(mb):.0f} MB on average, {max(mb):.0f} MB at most, {sum(mb) / 1024:.1f} GB in all"
    )


if __name__ == "__main__":
    main()
