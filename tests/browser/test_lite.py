"""The course for the browser (tools/lite.py): is it complete, and does its Python start in Chromium?

Pyodide must have been fetched (`make lite`, once), or the tests are skipped; COURSE_REQUIRE_BROWSER=1 makes them fetch
it. NumPy's build for the browser is not among what a registry has: what runs here is the kernel and those parts of
`common` that need no NumPy. That the rest is in the lock file, with its address, is what the other tests see to.
"""

import contextlib
import functools
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import lab
import lite
import nbformat
import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIRED = os.environ.get("COURSE_REQUIRE_BROWSER") == "1"
LESSONS = lab.course_lessons(ROOT)
LESSON = "day1/01_forward_propagation.ipynb"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A fresh build's folder."""
    if not (REQUIRED or os.environ.get("PYODIDE") or lite.NPM.is_file()):
        pytest.skip("no Pyodide here: `make lite` fetches it, once")
    folder = tmp_path_factory.mktemp("site") / "lite"
    try:
        lite.build(folder)
    except lite.Stop as stop:
        pytest.fail(str(stop), pytrace=False) if REQUIRED else pytest.skip(str(stop))
    return folder


@pytest.fixture(scope="module")
def lock(built):
    """{canonical name: entry} of the lock file."""
    document = json.loads((built / "static" / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    return {canonicalize_name(name): entry for name, entry in document["packages"].items()}


def closure(lock, names):
    """The packages that are loaded with these."""
    found, waiting = set(), [*names]
    while waiting:
        if (name := canonicalize_name(waiting.pop())) not in found:
            found.add(name)
            waiting += lock[name]["depends"]
    return found


def addresses(lock, names):
    """Where on other machines the packages are that are not in the build."""
    return {lock[name]["file_name"] for name in names if "://" in lock[name]["file_name"]}


# --- what is in it ----------------------------------------------------------------------------------------------------


def as_learners_get_it(path):
    return nbformat.reads(lab.for_learners(path).decode(), as_version=4)


def test_every_lesson_is_there_and_links_lead_from_one_to_the_other(built):
    files = built / "files"
    assert {path.relative_to(files).as_posix() for path in files.rglob("*.ipynb")} == set(LESSONS)
    for name, source in LESSONS.items():
        lesson = files / name
        assert nbformat.read(lesson, as_version=4) == as_learners_get_it(source)
        listed = json.loads((built / "api" / "contents" / Path(name).parent / "all.json").read_text(encoding="utf-8"))
        assert lesson.name in [item["name"] for item in listed["content"]]
        for link in re.findall(r"\]\(([\w./]+\.ipynb)", source.read_text(encoding="utf-8")):
            target = (ROOT / "notebooks" / name).parent / link
            assert (lesson.parent / link).is_file() or not target.is_file(), f"{name} links to {link}"


def test_the_wheel_holds_every_file_of_common_and_the_stored_results(built, lock):
    with zipfile.ZipFile(built / "static" / "pyodide" / lock[lite.COURSE]["file_name"]) as wheel:
        inside = set(wheel.namelist())
    there = {path for folder in ("common", "data/results") for path in (ROOT / folder).rglob("*") if path.is_file()}
    there = {
        path.relative_to(ROOT).as_posix()
        for path in there
        if "__pycache__" not in path.parts and path.name != ".gitkeep"
    }
    assert there == {name for name in inside if ".dist-info/" not in name}
    assert {"common/plotting/course.mplstyle", "data/results/optimizers.npz"} <= there


def test_what_is_installed_from_the_wheel_finds_its_stored_results(built, lock, tmp_path):
    with zipfile.ZipFile(built / "static" / "pyodide" / lock[lite.COURSE]["file_name"]) as wheel:
        wheel.extractall(tmp_path)
    code = "import common.experiments as e; print(e.__file__); print(sorted(e.stored('optimizers'))[:1])"
    code += "; from common.checks.day0_00 import check_environment; check_environment()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True
    )
    shown = done.stdout.decode("utf-8")
    assert shown.startswith(str(tmp_path)) and "✗" not in shown, shown + done.stderr.decode("utf-8")


def test_every_import_of_the_lessons_and_of_common_is_in_the_lock_file(lock):
    imported = {module: name for name in lock for module in lock[name]["imports"]}
    loaded = closure(lock, {lite.COURSE, *lite.KERNEL})
    for path in (ROOT / "common").rglob("*.py"):
        for module in lite.imports_of(path.read_text(encoding="utf-8")):
            assert imported.get(module) in loaded, f"{path.name} imports {module}"
    for name, path in LESSONS.items():
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code" and "raises-exception" not in cell.metadata.get("tags", []):
                missing = lite.imports_of(re.sub(r"^\s*[%!].*", "", cell.source, flags=re.M)) - set(imported)
                assert not missing, f"{name} imports {missing}"


def test_the_files_of_the_lock_file_are_there_or_compiled_by_pyodide(built, lock):
    folder = built / "static" / "pyodide"
    assert all((folder / name).is_file() for name in lite.CORE)
    loaded = closure(lock, {lite.COURSE, *lite.KERNEL})
    assert {"numpy", "matplotlib", "scikit-learn", "scipy", "ipywidgets", "pooch", "ipython"} <= loaded
    away = addresses(lock, loaded)
    assert away or os.environ.get("PYODIDE")
    assert all(url.startswith(PYODIDE_CDN_URL) and url.endswith("_wasm32.whl") for url in away)
    for name in loaded:
        if "://" not in (file := lock[name]["file_name"]):
            assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == lock[name]["sha256"], file


def test_with_all_of_pyodide_in_a_folder_nothing_comes_from_elsewhere(built, lock, tmp_path, monkeypatch):
    release, result = tmp_path / "release", tmp_path / "result"
    release.mkdir(), result.mkdir()
    for name, content in lite.pyodide().items():
        (release / name).write_bytes(content)
    loaded = closure(lock, {lite.COURSE, *lite.KERNEL})
    for url in addresses(lock, loaded):
        (release / url.rpartition("/")[2]).write_bytes(b"stands for a wheel of some megabytes")
    monkeypatch.setenv("PYODIDE", str(release))
    lite.distribution(result)
    packages = json.loads((result / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    assert addresses(packages, loaded) == set()
    assert all((result / packages[name]["file_name"]).is_file() for name in loaded)

    (release / "pyodide.mjs").unlink()
    with pytest.raises(lite.Stop, match=r"pyodide\.mjs missing"):
        lite.distribution(result)


# --- in Chromium ------------------------------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def opened(built):
    """A function (lesson) → its Notebook, opened as the site links it; and the addresses asked of other machines."""
    if not REQUIRED:
        pytest.importorskip("playwright", reason="the browser tests need Playwright: pip install -e .[test]")
    from chromium import START_SECONDS, NoChromium, browser
    from lab_in_chromium import VIEWPORT, Notebook

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=built.parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    strangers = set()
    with contextlib.ExitStack() as stack:
        stack.callback(server.shutdown)
        try:
            chromium = stack.enter_context(browser())
        except NoChromium as missing:
            lack = str(missing)
        else:
            context = chromium.new_context(viewport=VIEWPORT)

            def note(request):
                parts = urlsplit(request.url)
                if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
                    strangers.add(request.url)

            context.on("request", note)  # the pages', the kernel's in its worker, the service worker's

            def open_lesson(lesson):
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{server.server_port}/lite/lab/index.html?path={lesson}")
                page.wait_for_function("() => window.jupyterapp?.restored", timeout=1000 * START_SECONDS)
                page.wait_for_selector(".jp-NotebookPanel")
                return Notebook(page, lesson)

            yield open_lesson, strangers
            return
    pytest.fail(lack, pytrace=False) if REQUIRED else pytest.skip(lack)


def texts(cells):
    """The texts that stand for the cells' pictures."""
    shown = [output["data"]["text/plain"] for cell in cells for output in cell.get("outputs", [])]
    return [text if isinstance(text, str) else "".join(text) for text in shown]


@pytest.mark.browser
def test_the_kernel_starts_and_imports_the_course(opened, lock):
    open_lesson, strangers = opened
    notebook = open_lesson(LESSON)
    # The last code cell: the count that is stored with it is not the one that it gets now.
    index = max(i for i, cell in enumerate(notebook.cells()) if cell["cell_type"] == "code")
    assert texts(notebook.cells()) == texts(as_learners_get_it(LESSONS[LESSON]).cells) != []
    assert notebook.answer(index, "1 + 1").split() == ["[1]:", "2"]
    assert strangers == set(), "to start, the kernel needs nothing from elsewhere"

    shown = notebook.answer(
        index,
        "from pathlib import Path\nfrom common import live\nresults = Path(live.__file__).parents[1] / 'data/results'\n"
        "print(sorted(path.stem for path in results.glob('*.npz')), sum(live.progress([1, 2])))",
    )
    stored = sorted(path.stem for path in (ROOT / "data" / "results").glob("*.npz"))
    assert shown == f"{stored} 3\n", shown
    assert strangers == addresses(lock, closure(lock, {lite.COURSE})), "nothing but Pyodide's compiled packages"

    notebook.answer(index, "live.explore(lambda x, kind: (x, kind), x=(2.0, 0.0, 4.0), kind=['a', 'b'])")
    cell = notebook.show(index)
    cell.locator(".noUi-handle").press("End")
    cell.get_by_text("(4.0, 'a')").wait_for()
    cell.locator("select").select_option(label="b")
    cell.get_by_text("(4.0, 'b')").wait_for()
