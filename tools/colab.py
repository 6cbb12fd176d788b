"""The lessons for Google Colab, with the library beside them, in build/colab: python tools/colab.py

Colab opens one notebook and nothing around it. So each lesson gets a first cell that clones the branch `colab`, which
.github/workflows/pages.yml makes of this folder, and puts it on the path. The lessons themselves have no such cell.
"""

import re
import shutil
import sys

import course_wheel
import nbformat
from lab import ROOT, course_lessons, for_learners
from repository import colab_link, repo_url

BUILD = ROOT / "build" / "colab"
FETCH = """\
# Colab starts without the course: this fetches its library, once.
import os
import sys

if not os.path.isdir("course"):
    !git clone --quiet --depth 1 --branch colab {url} course
sys.path.insert(0, os.path.abspath("course"))"""


def variant(nb, name, url):
    """The lesson (changed in place) with the cell in front, and with links to the other lessons in Colab."""
    cell = nbformat.v4.new_code_cell(FETCH.format(url=url), id="fetch-the-course")
    nb.cells.insert(0, cell)
    if url == repo_url():
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.source = re.sub(r"\]\(([\w./]+)\.ipynb\b", lambda link: f"]({address(name, link[1])}", cell.source)
    return nb


def address(name, link):
    """Where the lesson is in Colab to which a link in the lesson `name` leads; both without .ipynb."""
    folder = ROOT / "notebooks" / name
    return colab_link((folder.parent / link).resolve().relative_to(ROOT / "notebooks").as_posix())


def build(folder, url):
    shutil.rmtree(folder, ignore_errors=True)
    course_wheel.unpacked(folder)
    for name, path in course_lessons(ROOT).items():
        nb = variant(nbformat.reads(for_learners(path).decode(), as_version=4), name, url)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, folder / name)


def main():
    if not repo_url():
        print("REPO_URL=https://github.com/OWNER/NAME make colab: where will the lessons be?", file=sys.stderr)
        return 1
    build(BUILD, repo_url())
    print(f"the lessons for Colab: {BUILD.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
