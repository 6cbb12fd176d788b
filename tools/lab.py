"""Open JupyterLab on the learner's working copy of the course, my/, which this script keeps up to date.

    python tools/lab.py                      (what `make lab` runs; other options go to JupyterLab)
    python tools/lab.py --fresh day1/01      (the course's version of a lesson again; yours is kept beside it)
    python tools/lab.py --copy-only

A new lesson is added, without its outputs: who is asked to guess before running a cell must not find the answer below
it. A lesson that the learner has not touched, or only opened and run, follows the course. One that the learner changed
is never overwritten. my/.copied.json holds a hash of what is written in each lesson's cells as it was copied: this is how
a change shows.
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


def written(path):
    """The hash of what stands in a notebook's cells. JupyterLab rewrites the rest as soon as it opens or runs it."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        content = json.dumps([[cell["cell_type"], "".join(cell["source"])] for cell in cells])
    except (ValueError, KeyError, TypeError):  # no notebook
        return digest(path)
    return hashlib.sha256(content.encode()).hexdigest()


def untouched(path, record):
    """Whether what is written in a lesson is still as it was copied. (The records of older courses hash the whole file.)"""
    return not {digest(path), written(path)}.isdisjoint(record.split())


def for_learners(path):
    """A lesson's content as a learner gets it: without outputs, but for the first picture, which says what it is about."""
    content = path.read_bytes()
    try:
        notebook = json.loads(content)
        first = None
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                pictures = [output for output in cell["outputs"] if "image/png" in output.get("data", {})]
                cell["outputs"] = [] if first else pictures
                for numbered in (cell, *pictures):  # [ ]: it has not run, for this learner
                    if "execution_count" in numbered:
                        numbered["execution_count"] = None
                first = first or pictures
    except (ValueError, KeyError, TypeError):  # no notebook
        return content
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


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
        mine, old, new = my / name, copied.get(name, ""), written(source)
        changed = new not in old.split()
        if not mine.exists() or (changed and untouched(mine, old)):
            write(mine, for_learners(source))
        if untouched(mine, new):
            copied[name] = new
        elif changed:
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
    if mine.exists() and not untouched(mine, f"{written(source)} {copied.get(name, '')}"):
        number = 1
        while (kept := mine.with_name(f"{mine.stem}_mine_{number}.ipynb")).exists():
            number += 1
        os.replace(mine, kept)
        line += f"; yours is kept as my/{kept.relative_to(my).as_posix()}"
    write(mine, for_learners(source))
    write_copied(my, copied | {name: written(source)})
    return line


SETTINGS = {  # of JupyterLab, as defaults: what the learner chooses goes before them
    # It asks every learner, perhaps in front of a class, whether it may fetch news.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # A lesson that is saved and opened again would show an error in the place of each slider and its picture.
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}


def set_defaults():
    """Write SETTINGS where JupyterLab looks for defaults, beside what is there already."""
    path = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    try:
        there = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except ValueError:
        return  # somebody's own, and not to be understood
    if sys.prefix != sys.base_prefix and SETTINGS | there != there:
        write(path, json.dumps(SETTINGS | there, indent=1).encode())


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
        set_defaults()
    except OSError as error:
        raise SystemExit(f"Could not update my/: {error}") from None
    return start_lab(root, rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
