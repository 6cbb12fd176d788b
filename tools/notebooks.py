"""Build the notebooks from their sources, and report on their form.

    python tools/notebooks.py                 build what changed
    python tools/notebooks.py --all           build everything
    python tools/notebooks.py day1/01         build the lessons whose name begins so
    python tools/notebooks.py --check         say which notebook does not match its source (exit 1)
    python tools/notebooks.py --form          the guide's figures for each lesson

A source is MyST Markdown. Besides code cells it may hold two fences, which are filled from the lesson's module of
`common.checks`, so that stub, solution and feedback have one origin:

    ```{exercise} NAME                        ```{quiz} NAME
    why the solution is what it is            ```
    ```
"""

import argparse
import importlib
import json
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jupytext
import nbformat
import psutil
from fingerprint import fingerprint
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent

NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "source"
RECORD = NOTEBOOKS / "builds.json"  # per lesson: what it was built from, and the time and memory it took
MEASURED = {"seconds": 60, "slowest_cell": 20, "megabytes": 300}  # and the limit of each
FENCE = re.compile(r"^(`{3,})\{(exercise|quiz)\} +(\w+) *\n(.*?)^\1 *$", re.DOTALL | re.MULTILINE)
LONG_CODE = 12  # lines; longer code does not fit a slide


def lessons():
    """Their names, in order: '00_start_here', 'day1/01_forward_propagation', …"""
    return sorted(p.relative_to(SOURCES).with_suffix("").as_posix() for p in SOURCES.rglob("*.md"))


def source_of(lesson):
    return SOURCES / f"{lesson}.md"


def notebook_of(lesson):
    return NOTEBOOKS / f"{lesson}.ipynb"


def title_and_minutes(lesson):
    """Its first heading, and how long a learner takes for it (in the source's front matter)."""
    text = source_of(lesson).read_text(encoding="utf-8")
    return re.search(r"^# (.+)$", text, re.MULTILINE)[1], int(re.search(r"^  minutes: (\d+)$", text, re.MULTILINE)[1])


def checks_of(lesson):
    """The lesson's module of feedback: common.checks.day1_01 for day1/01_forward_propagation."""
    folder, _, name = lesson.rpartition("/")
    return importlib.import_module(f"common.checks.{folder or 'day0'}_{name.split('_')[0]}")


# --- from source to cells ---------------------------------------------------------------------------------------------


def expand(text, lesson):
    """The source with its exercise and quiz fences turned into cells."""

    def replace(match):
        _, kind, name, explanation = match.groups()
        entries = getattr(checks_of(lesson).lesson, {"exercise": "exercises", "quiz": "quizzes"}[kind])
        if name not in entries:
            raise SystemExit(f"{lesson}: no {kind} {name!r} in {checks_of(lesson).__name__}")
        return {"exercise": exercise_cells, "quiz": quiz_cells}[kind](entries[name], explanation.strip())

    return FENCE.sub(replace, text)


# The tag `raises-exception` lets Run All go on where a learner's answer is no Python yet.


def exercise_cells(exercise, explanation):
    return "\n\n".join([
        f"+++\n\n```{{code-cell}} ipython3\n:tags: [exercise, raises-exception]\n\n{exercise.stub()}\n```",
        folded("Solution", f"```python\n{exercise.solution()}\n```\n\n{explanation}"),
    ])  # fmt: skip


def quiz_cells(quiz, explanation):
    options = "\n".join(f"- **{letter}** {text}" for letter, (text, _) in quiz.options.items())
    answer = f"**{quiz.right}**. {quiz.options[quiz.right][1]}\n\n{explanation}".strip()
    return "\n\n".join([
        f"+++\n\n**Quiz.** {quiz.question}\n\n{options}",
        f'```{{code-cell}} ipython3\n:tags: [quiz, raises-exception]\n\nquiz("{quiz.name}", answer=...)\n```',
        folded("Answer", answer),
    ])  # fmt: skip


def folded(summary, body):
    slide = json.dumps({"slideshow": {"slide_type": "skip"}})
    return f"+++ {slide}\n\n<details><summary>{summary}</summary>\n\n{body.strip()}\n\n</details>\n\n+++"


def cells_from_source(lesson):
    """The unexecuted notebook: cells, ids, tags and slide types, all from the source."""
    nb = jupytext.reads(expand(source_of(lesson).read_text(encoding="utf-8"), lesson), fmt="md:myst")
    nb.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
    }
    nb.cells = [cell for cell in nb.cells if cell.source.strip()]
    for position, cell in enumerate(nb.cells, 1):
        cell.id = f"{lesson.rpartition('/')[2].replace('_', '-')[:48]}-{position:03d}"
        cell.metadata.setdefault("slideshow", {"slide_type": slide_type(cell)})
    nb.nbformat, nb.nbformat_minor = 4, 5
    return nb


def slide_type(cell):
    """One idea a slide: a section opens one, a figure gets its own, exercises and long code are left to the reader."""
    lines = cell.source.splitlines()
    if cell.cell_type == "markdown":
        if lines[0].startswith(("# ", "## ")):
            return "slide"
        return "subslide" if lines[0].startswith("### ") else "notes" if len(cell.source.split()) > 90 else "-"
    if {"exercise", "quiz"} & set(cell.metadata.get("tags", [])):
        return "skip"
    return (
        "skip" if len(lines) > LONG_CODE else "subslide" if re.match(r"(\w+\.)?(show_|explore\()", lines[-1]) else "-"
    )


# --- building ---------------------------------------------------------------------------------------------------------


def build(lesson):
    """Execute the lesson and write its notebook; returns what to record about it."""
    nb = cells_from_source(lesson)
    began, seconds, megabytes = {}, {}, []

    def kernel():
        return psutil.Process(client.km.provisioner.pid)

    def busy():
        """The kernel's seconds of work: with one thread, those that a learner waits on a free machine."""
        times = kernel().cpu_times()
        return times.user + times.system

    def executed(cell, cell_index, execute_reply):
        seconds[cell_index] = busy() - began[cell_index]
        megabytes.append(kernel().memory_info().rss / 2**20)

    client = NotebookClient(
        nb,
        timeout=300,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": notebook_of(lesson).parent}},
        coalesce_streams=True,
        record_timing=False,
        on_cell_execute=lambda cell, cell_index: began.__setitem__(cell_index, busy()),
        on_cell_executed=executed,
    )
    notebook_of(lesson).parent.mkdir(exist_ok=True, parents=True)
    metadata = nb.metadata.copy()
    client.execute()
    keep_timings(nb, notebook_of(lesson))
    nb.metadata = metadata  # without the kernel's version and the widgets' state
    nbformat.validate(nb)
    notebook_of(lesson).write_text(nbformat.writes(nb) + "\n", encoding="utf-8", newline="\n")
    return {
        "made_from": made_from(lesson),
        "seconds": sum(seconds.values()),
        "slowest_cell": max(seconds.values()),
        "megabytes": max(megabytes),
    }


def keep_timings(nb, path):
    """A timing is another one each time: keep what is stored while its cell is the same, so that building again
    changes nothing."""
    if path.is_file():
        stored = {c.source: c.outputs for c in nbformat.read(path, as_version=4).cells if is_timing(c)}
        for cell in filter(is_timing, nb.cells):
            cell.outputs = stored.get(cell.source, cell.outputs)


def is_timing(cell):
    return "timing" in cell.metadata.get("tags", [])


def made_from(lesson):
    """Hash of all that the notebook's outputs follow from: its cells, the library they use, stored results."""
    cells = cells_from_source(lesson).cells
    code = "\n\n".join(cell.source for cell in cells if cell.cell_type == "code")
    names = re.findall(r"stored\(\"(\w+)\"\)", code)
    results = [(ROOT / "data" / "results" / f"{name}.npz").read_bytes() for name in names]
    return fingerprint(code, [cell.source for cell in cells] + results)


def steady(old, new):
    """A measurement to keep: a whole number, and the old one unless the new differs by more than half, so that
    building again changes no file."""
    return old if old and old / 1.5 <= max(new, 1) <= old * 1.5 else max(1, round(new))


def build_all(names, record, jobs):
    # For the kernels: one BLAS thread each, and no network.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", COURSE_OFFLINE="1")
    built, failed = {}, 0
    with ProcessPoolExecutor(jobs) as pool:
        futures = {name: pool.submit(build, name) for name in names}
        for name, future in futures.items():
            try:
                new, old = future.result(), record.get(name, {})
            except Exception as error:
                failed += 1
                print(f"✗ {name}: " + re.sub(r"\x1b\[[0-9;]*m", "", str(error)), flush=True)  # without the colours
                continue
            for key in MEASURED:
                new[key] = steady(old.get(key), new[key])
            built[name] = new
            print(f"built {name} in {new['seconds']} s", flush=True)
    record = read_record() | built  # read again: somebody else may have built another lesson meanwhile
    write_record({name: record[name] for name in lessons() if name in record})
    return failed


def read_record():
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}


def write_record(record):
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8", newline="\n")


# --- checking ---------------------------------------------------------------------------------------------------------


def comparable(nb):
    return [(c.cell_type, c.id, c.source, dict(c.metadata)) for c in nb.cells]


def stale(lesson):
    """Why the notebook does not match its source, or None."""
    path = notebook_of(lesson)
    if not path.is_file():
        return f"{lesson}: not built yet; run `make notebooks`"
    built, source = comparable(nbformat.read(path, as_version=4)), comparable(cells_from_source(lesson))
    for number, (ours, theirs) in enumerate(zip(built, source, strict=False), 1):
        if ours != theirs:
            return f"{lesson}: cell {number} differs from its source; edit the source and run `make notebooks`"
    if len(built) != len(source):
        return f"{lesson}: {len(built)} cells, its source has {len(source)}; run `make notebooks`"
    return None


def orphans():
    """Notebooks that no source stands behind."""
    paths = (p for p in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
    known = {notebook_of(lesson) for lesson in lessons()}
    return [f"{p.relative_to(ROOT)}: has no source" for p in sorted(paths) if p not in known]


def check():
    problems = [*filter(None, map(stale, lessons())), *orphans()]
    print("\n".join(problems) or f"{len(lessons())} notebooks match their sources")
    return len(problems)


def form(lesson):
    """The guide's figures of one lesson."""
    nb = nbformat.read(notebook_of(lesson), as_version=4)
    code = [c for c in nb.cells if c.cell_type == "code"]
    words = sum(len(c.source.split()) for c in nb.cells if c.cell_type == "markdown")
    sizes = sorted(len([line for line in c.source.splitlines() if line.strip()]) for c in code)
    figures = sum("image/png" in output.get("data", {}) for c in code for output in c.outputs)
    tags = [tag for c in code for tag in c.metadata.get("tags", [])]
    return {
        "code cells": len(code),
        "median lines": sizes[len(sizes) // 2],
        "words per line": round(words / sum(sizes), 1),
        "figures": figures,
        "exercises": tags.count("exercise"),
        "quizzes": tags.count("quiz"),
    }


def report_form():
    guide = {"code cells": (15, 35), "median lines": (3, 6), "words per line": (8, 20), "figures": (3, 8)}
    print("lesson".ljust(36) + "".join(name.rjust(16) for name in [*form(lessons()[0]), "seconds"]))
    record = read_record()
    for lesson in lessons():
        row = form(lesson)
        marks = ["" if low <= row[name] <= high else "*" for name, (low, high) in guide.items()]
        marks += [""] * (len(row) - len(guide))
        cells = [f"{value}{mark}".rjust(16) for value, mark in zip(row.values(), marks, strict=True)]
        print(lesson.ljust(36) + "".join(cells) + str(record.get(lesson, {}).get("seconds", "?")).rjust(16))
    ranges = ", ".join(f"{name} {low}–{high}" for name, (low, high) in guide.items())
    print(f"* outside the guide ({ranges}); a guide, not a limit")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", help="build only the lessons whose name begins so")
    parser.add_argument("--all", action="store_true", help="build also what has not changed")
    parser.add_argument("--check", action="store_true", help="only say which notebooks do not match their source")
    parser.add_argument("--form", action="store_true", help="only report the guide's figures")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="notebooks built at once")
    options = parser.parse_args()
    if options.check:
        return min(check(), 1)
    if options.form:
        return report_form()
    record = read_record()
    names = [n for n in lessons() if not options.lessons or n.startswith(tuple(options.lessons))]
    if options.lessons and not names:
        raise SystemExit(f"no lesson begins with {' or '.join(options.lessons)}; there are: {', '.join(lessons())}")
    if not (options.all or options.lessons):
        names = [n for n in names if stale(n) or record.get(n, {}).get("made_from") != made_from(n)]
    if not names:
        print("nothing to build")
        return 0
    return min(build_all(names, record, options.jobs), 1)


if __name__ == "__main__":
    sys.exit(main())
