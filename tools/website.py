"""The course as a web site in build/website: the built notebooks as pages, nothing executed: python tools/website.py

Every page reads without a kernel. What lies beside it is linked where it has been built: the slides (`make slides`)
and the copy that runs in the browser (`make lite`). Colab and Binder are linked if the repository's address is known
(tools/repository.py).
"""

import copy
import re
import shutil
import subprocess
import sys

import nbformat
from repository import binder_link, colab_link, repo_url

from notebooks import ROOT, lessons, notebook_of, title_and_minutes

SETTINGS, BUILD = ROOT / "website", ROOT / "build" / "website"
PARTS = {"": "Start", "day1": "Day 1: a network learns", "day2": "Day 2: deep networks"}
EXTRAS = {"slides": ROOT / "build" / "slides", "lite": ROOT / "build" / "lite"}


def elsewhere(lesson):
    """A line of HTML with the other forms of this lesson."""
    up = "../" * (lesson.count("/") + 1)
    links = [f'<a href="{up}_static/notebooks/{lesson}.ipynb" download>notebook file</a>']
    if EXTRAS["slides"].is_dir():
        links.append(f'<a href="{up}slides/{lesson}.html">slides</a>')
    if EXTRAS["lite"].is_dir():
        links.append(f'<a href="{up}lite/lab/index.html?path={lesson}.ipynb">run it in the browser</a>')
    if repo_url():
        links.append(f'<a href="{colab_link(lesson)}">Colab</a>')
        links.append(f'<a href="{binder_link(lesson)}">Binder</a>')
    return f'<p class="elsewhere">This lesson as: {", ".join(links)}</p>'


def page(nb, lesson):
    """The notebook as Sphinx takes it: figures with their alternative text, and the links under the title."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            picture = output.get("metadata", {}).get("image/png", {})
            if picture:
                cell.metadata["mystnb"] = {"image": {"alt": picture["alt"], "width": f"{picture['width']}px"}}
    heading = nb.cells[0]
    heading.source = re.sub(
        r"^(# .+)$", lambda m: f"{m[1]}\n\n{elsewhere(lesson)}", heading.source, count=1, flags=re.M
    )
    return nb


def contents(about):
    """The lessons as a table, and for the sidebar as Sphinx's table of contents. about: {lesson: (title, minutes)}."""
    table, tree = "| lesson | minutes |\n|---|--:|\n", ""
    for folder, caption in PARTS.items():
        part = [lesson for lesson in about if lesson.rpartition("/")[0] == folder]
        table += f"| **{caption}** | |\n" if folder else ""
        table += "".join(f"| [{about[n][0]}](notebooks/{n}.ipynb) | {about[n][1]} |\n" for n in part)
        tree += toctree(caption, [f"notebooks/{lesson}" for lesson in part])
    return f"{table}\n{tree}{toctree('For lecturers', ['teaching', 'classroom/README'])}"


def toctree(caption, entries):
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *entries, "```", ""])


def prepare(source):
    """Write Sphinx's source folder."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(SETTINGS, source)
    for lesson in lessons():
        target = source / "notebooks" / f"{lesson}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(page(nbformat.read(notebook_of(lesson), as_version=4), lesson), target)
    shutil.copy(ROOT / "TEACHING.md", source / "teaching.md")
    (source / "classroom").mkdir()
    for path in (*(ROOT / "classroom").glob("*.md"), *(ROOT / "classroom").glob("*.py")):
        shutil.copy(path, source / "classroom")
    index = source / "index.md"
    about = {lesson: title_and_minutes(lesson) for lesson in lessons()}
    index.write_text(index.read_text(encoding="utf-8").replace("LESSONS", contents(about)), encoding="utf-8")


def build(folder):
    """Build the site in this folder; returns Sphinx's exit code. A warning is an error."""
    source = folder.with_name(f"{folder.name}-source")
    prepare(source)
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going", source, folder]
    if code := subprocess.run(command, check=False).returncode:
        return code
    for lesson in lessons():
        target = folder / "_static" / "notebooks" / f"{lesson}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(notebook_of(lesson), target)
    for name, extra in EXTRAS.items():
        if extra.is_dir():
            shutil.copytree(extra, folder / name)
    (folder / ".nojekyll").touch()  # GitHub Pages would leave out what begins with _
    return 0


def main():
    code = build(BUILD)
    if code == 0:
        print(f"the site: {(BUILD / 'index.html').relative_to(ROOT)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
