"""Set up .venv once and keep it up to date: python tools/environment.py learner|test|bench|classroom

Standard library only, and nothing that Python 2.7 cannot parse: an old Python must get as far as saying in
one line what is wrong. The second run finds its stamp and takes a few hundredths of a second.
"""

from __future__ import print_function

import hashlib
import json
import os
import subprocess
import sys
import time

OLDEST, NEWEST = (3, 11), (3, 14)
PACKAGES = {
    "learner": ["-r", "requirements.txt"],
    "test": ["-e", ".[test]"],
    "bench": ["-e", ".[bench]"],
    "classroom": ["-e", ".[classroom]"],
}

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, "course.json")  # what is installed; written last
INCOMPLETE = os.path.join(VENV, "incomplete")  # there while pip is at work: left behind, .venv is half made
LOG = os.path.join(VENV, "install.log")

PROBE = (
    "import importlib.util as u, json, sys;"
    "print(json.dumps([list(sys.version_info[:2]), u.find_spec('ensurepip') is not None]))"
)

NO_NETWORK = (
    "connection broken",
    "Could not fetch URL",
    "ConnectionError",
    "timed out",
    "ProxyError",
    "SSLError",
)


class Stop(Exception):
    """Something the person at the keyboard has to put right: shown as one line, without a traceback."""


def version_of(numbers):
    return ".".join(str(n) for n in numbers[:2])


def running_version():
    return tuple(sys.version_info[:2])


def running_command():
    # Inside an active .venv this is the Python that made it: .venv cannot rebuild itself.
    return [getattr(sys, "_base_executable", None) or sys.executable]


def run(command):
    """(exit code, output) of a command; exit code 127 where there is no such command."""
    try:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        return 127, str(error)
    output = process.communicate()[0]
    return process.returncode, output.decode("utf-8", "replace")


def probe(command):
    """(version, can it make virtual environments?) of a Python; (None, False) if it does not run."""
    code, output = run(command + ["-c", PROBE])
    try:
        version, has_ensurepip = json.loads(output) if code == 0 else (None, False)
    except ValueError:
        return None, False
    return version and tuple(version), has_ensurepip


def other_commands():
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        yield ["python3.%d" % minor]
        if os.name == "nt":
            yield ["py", "-3.%d" % minor]


def choose():
    """The command of the Python to use: the running one if it fits, else the newest that fits on the PATH."""
    no_ensurepip = too_new = None
    for command in [running_command()] + list(other_commands()):
        version, has_ensurepip = probe(command)
        if version is None or version < OLDEST:
            continue
        if not has_ensurepip:
            no_ensurepip = no_ensurepip or version
        elif version > NEWEST:
            too_new = too_new or command
        else:
            return command
    if no_ensurepip:
        raise Stop(
            "Python %s cannot make a virtual environment here. On Debian or Ubuntu: "
            "`sudo apt install python3-venv python%s-venv`, then run the same command again."
            % (version_of(no_ensurepip), version_of(no_ensurepip))
        )
    if too_new:  # the bounds are lower bounds: chances are that it works
        return too_new
    raise Stop(
        "The course needs Python %s to %s and this is Python %s. Install a newer one (python.org or your "
        "system's packages), or name it: make lab PYTHON=python%s"
        % (version_of(OLDEST), version_of(NEWEST), version_of(running_version()), version_of(NEWEST))
    )


def fingerprint():
    """A hash of all that decides what pip installs: not of the settings of ruff and pytest."""
    digest = hashlib.sha256()
    for name in ("requirements.txt", "pyproject.toml"):
        keep = True
        with open(os.path.join(ROOT, name), "rb") as file:
            for line in file:
                if line.startswith(b"["):
                    keep = not line.startswith((b"[tool.ruff", b"[tool.pytest"))
                if keep:
                    digest.update(line.strip() + b"\n")
    return digest.hexdigest()


def read_stamp():
    try:
        with open(STAMP) as file:
            stamp = json.load(file)
        return stamp if isinstance(stamp, dict) else {}
    except (IOError, OSError, ValueError):
        return {}


def venv_version():
    """The version of .venv's own Python, as "3.12", or "" if it or its pip does not run."""
    code, output = run([PYTHON, "-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"])
    return output.strip() if code == 0 else ""


def new_stamp(name):
    """The stamp after installing `name`. Every set holds the learner's packages."""
    stamp = {"root": ROOT, "python": venv_version(), "packages": fingerprint()}
    old = read_stamp()
    same = all(old.get(key) == value for key, value in stamp.items())
    stamp["sets"] = sorted(set((old.get("sets", []) if same else []) + ["learner", name]))
    return stamp


def up_to_date(name):
    # os.path.exists follows links: false also when the Python that .venv was made with is gone.
    if not os.path.exists(PYTHON) or os.path.exists(INCOMPLETE):
        return False
    return read_stamp() == new_stamp(name)


def usable():
    """True if .venv is whole, was made here, and its Python (whichever runs this) is new enough and runs, with its pip."""
    if os.path.exists(INCOMPLETE) or not os.path.exists(PYTHON):
        return False
    try:  # pip's script names the place of its Python: this is how a moved folder shows
        with open(os.path.join(BIN, "pip.exe" if os.name == "nt" else "pip"), "rb") as file:
            if BIN.lower().encode("utf-8") not in file.read().lower():
                return False
    except (IOError, OSError):
        return False
    version = venv_version()
    return bool(version) and tuple(map(int, version.split("."))) >= OLDEST


def pip_trouble(output):
    """One line: why pip failed and what to do."""
    if "No space left" in output or "Errno 28" in output:
        why = "the disk is full. Make room (about 1 GB)"
    elif any(sign in output for sign in NO_NETWORK):
        why = "no connection to the package index. Check the network (or the proxy's settings)"
    elif "No matching distribution" in output or "Could not find a version" in output:
        why = "a package could not be found. Check the network and pip's settings (`pip config list`)"
    else:
        why = "pip failed. Its last lines in .venv/install.log say why; put that right"
    return "Could not install the course's packages: %s, then run the same command again." % why


def install(name):
    """Make .venv if there is none that is usable, and install the packages."""
    fresh = not usable()
    what = "Setting up .venv with Python %s (one or two minutes, once)" if fresh else "Updating .venv (Python %s)"
    print(what % (version_of(running_version()) if fresh else venv_version()) + " ...")
    sys.stdout.flush()
    start = time.time()
    if fresh:
        code, output = run(running_command() + ["-m", "venv", "--clear", VENV])
        if code:
            last = (output.strip().splitlines() or ["no output"])[-1]
            raise Stop(
                "Could not make .venv: %s. Close programs that use it, check the disk's space, delete the "
                "folder .venv and run the same command again." % last.rstrip(".")
            )
    open(INCOMPLETE, "w").close()
    code, output = run([PYTHON, "-m", "pip", "install", "--no-input", "--progress-bar", "off"] + PACKAGES[name])
    trouble = pip_trouble(output) if code else None
    if code == 0:
        # The first import makes matplotlib's list of fonts, with a message that no lesson should show.
        code, more = run([PYTHON, "-c", "import matplotlib.pyplot"])
        output += more
        if code:
            trouble = "The installed packages do not run: see .venv/install.log, or try another Python."
    with open(LOG, "wb") as log:
        log.write(output.encode("utf-8"))
    if trouble:
        if not fresh:
            os.remove(INCOMPLETE)  # pip puts back what it replaced: what was there still works
        raise Stop(trouble)
    with open(STAMP + ".new", "w") as file:
        json.dump(new_stamp(name), file, indent=1)
    os.replace(STAMP + ".new", STAMP)
    os.remove(INCOMPLETE)
    print("Done in %d s." % (time.time() - start))


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in PACKAGES:
        print("usage: python tools/environment.py learner|test|bench|classroom", file=sys.stderr)
        return 2
    try:
        if running_version() >= OLDEST and up_to_date(arguments[0]):
            return 0
        command = choose()
        if command != running_command():
            return subprocess.call(command + [os.path.realpath(__file__)] + arguments)
        install(arguments[0])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except (IOError, OSError) as error:
        print("Could not set up .venv: %s." % error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command starts again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
