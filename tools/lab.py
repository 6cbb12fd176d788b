"""Open JupyterLab on the learner's working copy of the course, my/, which this script keeps up to date.

    python tools/lab.py                      (what `make lab` runs; other options go to JupyterLab)
    python tools/lab.py --fresh day1/01      (the course's version of a lesson again; yours is kept beside it)
    python tools/lab.py --copy-only

A new lesson is added. A lesson that the learner has not touched follows the course. One that the learner
changed is never overwritten. my/.copied.json holds the hash of each lesson as it was copied: this is how a
change shows.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = "00_start_here.ipynb"
NOT_LESSONS = {"source", "experiments", ".ipynb_checkpoints"}


def course_lessons(root):
    """{"day1/01_….ipynb": path in notebooks/} of all lessons, in their order."""
    folder = root / "notebooks"
    paths = (path.relative_to(folder) for path in sorted(folder.rglob("*.ipynb")))
    return {path.as_posix(): folder / path for path in paths if not NOT_LESSONS & set(path.parts)}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(path, content):
    """Write all of a file or nothing: a full disk must not leave half a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def read_copied(my):
    try:
        copied = json.loads((my / ".copied.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # then every lesson that differs from the course's counts as the learner's
    return copied if isinstance(copied, dict) else {}


def write_copied(my, copied):
    write(my / ".copied.json", json.dumps(copied, indent=1, sort_keys=True).encode())


def update(root, my=None):
    """Bring my/ (or this folder in its place) up to date with notebooks/; the lines to show to the learner."""
    my = my or root / "my"
    copied, lines = read_copied(my), []
    for name, source in course_lessons(root).items():
        mine, new = my / name, digest(source)
        current = digest(mine) if mine.exists() else None
        if current in (None, copied.get(name)) and current != new:
            write(mine, source.read_bytes())
            current = new
        if current == new:
            copied[name] = new
        elif copied.get(name) != new:
            lesson = short(name)
            lines.append(f"my/{name}: yours is kept; `make fresh LESSON={lesson}` brings the new one")
    write_copied(my, copied)
    return lines


def short(name):
    """day1/01 for day1/01_forward_propagation.ipynb."""
    return name.removesuffix(".ipynb").partition("_")[0]


def find(root, wanted):
    """The one lesson whose name begins with `wanted`; else SystemExit with a line that lists them."""
    names = list(course_lessons(root))
    start = wanted.replace("\\", "/").removeprefix("./").removeprefix("my/").removeprefix("notebooks/")
    start = start.removesuffix(".ipynb")
    found = [name for name in names if start and name.startswith(start)]
    exact = [name for name in found if name.removesuffix(".ipynb") == start]
    if len(exact or found) == 1:
        return (exact or found)[0]
    which = f"several lessons begin with {wanted!r}" if found else f"no lesson begins with {wanted!r}"
    if not start:
        which = "which lesson?"
    known = ", ".join(name.removesuffix(".ipynb") for name in found or names)
    raise SystemExit(f"{which}: {known}. For example: make fresh LESSON={short((found or names or ['day1/01'])[0])}")


def fresh(root, wanted):
    """Put the course's version of a lesson into my/; what the learner wrote is kept beside it."""
    name = find(root, wanted)
    my = root / "my"
    source, mine, copied = course_lessons(root)[name], my / name, read_copied(my)
    line = f"my/{name} is the course's version"
    if mine.exists() and digest(mine) not in (digest(source), copied.get(name)):
        number = 1
        while (kept := mine.with_name(f"{mine.stem}_mine_{number}.ipynb")).exists():
            number += 1
        os.replace(mine, kept)
        line += f"; yours is kept as my/{kept.relative_to(my).as_posix()}"
    write(mine, source.read_bytes())
    write_copied(my, copied | {name: digest(source)})
    return line


def no_news():
    """Keep JupyterLab from asking every learner, perhaps in front of a class, whether it may fetch news.

    A default only: what the learner chooses in the settings goes before it.
    """
    settings = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    path = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    if sys.prefix != sys.base_prefix and not path.exists():
        write(path, json.dumps(settings, indent=1).encode())


def start_lab(root, options):
    """Run JupyterLab until it ends; its exit code."""
    environment = dict(os.environ)
    # The course's matrices are small: with two threads, on a busy machine, they were 10 to 70 times slower.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        environment.setdefault(name, "1")
    command = [sys.executable, "-m", "jupyterlab", START, f"--ServerApp.root_dir={root / 'my'}", *options]
    process = subprocess.Popen(command, cwd=root / "my", env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # Ctrl-C is for JupyterLab, which asks whether to stop
            continue


def main(arguments, root=ROOT):
    parser = argparse.ArgumentParser(
        description="Open JupyterLab on your own copy of the course (my/). Other options go to JupyterLab.",
        allow_abbrev=False,
    )
    parser.add_argument("--fresh", metavar="LESSON", help="the course's version again, for example day1/01")
    parser.add_argument("--copy-only", action="store_true", help="update my/ and stop")
    options, rest = parser.parse_known_args(arguments)
    try:
        if options.fresh is not None:
            print(fresh(root, options.fresh))
            return 0
        for line in update(root):
            print(line)
        if options.copy_only:
            return 0
        no_news()
    except OSError as error:
        raise SystemExit(f"Could not update my/: {error}") from None
    return start_lab(root, rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
