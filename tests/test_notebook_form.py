"""The form of every notebook: the hard limits of CONTRIBUTING.md. What is a matter of judgement is in `make form`."""

import ast
import base64
import io
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from fingerprint import strip_docstrings
from PIL import Image

import notebooks

ROOT = Path(__file__).resolve().parent.parent


LESSONS = notebooks.lessons()
TIMING_CELLS = 6  # in the whole course: each one is a number that no test compares
FORBIDDEN = {
    "sys.path": r"sys\.path",
    "a star import": r"import \*",
    "a global seed": r"random\.seed|np\.random\.(?!default_rng|Generator)\w+\(",
    "a path of somebody's machine": r"/(home|Users|root|work|tmp)/|[A-Z]:\\\\",
    "pyplot": r"pyplot",
    "a trailing semicolon": r";\s*$",
}


@pytest.fixture(params=LESSONS)
def lesson(request):
    return request.param


@pytest.fixture
def nb(lesson):
    return nbformat.read(notebooks.notebook_of(lesson), as_version=4)


@pytest.fixture
def code(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def test_the_notebook_matches_its_source(lesson):
    assert notebooks.stale(lesson) is None


def test_no_notebook_is_without_a_source():
    assert notebooks.orphans() == []


def test_the_file_is_what_the_builder_writes(lesson, nb):
    """No timing, no widget state, no other kernel's metadata, whoever saved it last."""
    assert nb.metadata == notebooks.cells_from_source(lesson).metadata
    text = notebooks.notebook_of(lesson).read_text(encoding="utf-8")
    assert text == nbformat.writes(nb) + "\n"


def test_every_cell_was_run_in_order_without_warning_or_error(code):
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", output.text


def test_code_cells_are_short(code):
    for cell in code:
        lines = cell.source.splitlines()
        assert len(lines) <= 25, cell.source
        assert max(map(len, lines)) <= 100, max(lines, key=len)


@pytest.mark.parametrize(("name", "pattern"), FORBIDDEN.items())
def test_code_does_without(name, pattern, code):
    for cell in code:
        assert not re.search(pattern, cell.source, re.MULTILINE), f"{name} in:\n{cell.source}"


def test_outputs_hold_no_path_and_no_digits_of_rounding_noise(code):
    for cell in code:
        for output in cell.outputs:
            text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            assert not re.search(FORBIDDEN["a path of somebody's machine"], text), text
            # Seven digits and more differ between processors. (Trailing zeros and whole numbers are exact.)
            digits = [m for m in re.findall(r"\d+\.\d+", text) if len(m.replace(".", "").strip("0")) > 7]
            assert not digits, digits


def test_every_figure_has_alternative_text_and_a_text_twin(code):
    for cell in code:
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                alt = output.metadata["image/png"]["alt"]
                assert len(alt.split()) >= 8, f"alternative text {alt!r} of\n{cell.source}"
                assert output.data["text/plain"].startswith(f"Figure: {alt}")


def test_no_picture_is_cut(code):
    """A title or label that does not fit runs into the picture's rim, which is white otherwise."""
    for cell in code:
        for output in cell.outputs:
            if png := output.get("data", {}).get("image/png"):
                picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("L"))
                rim = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
                assert rim.min() > 250, f"something is cut in the picture of\n{cell.source}"


def test_the_lesson_opens_and_closes_as_all_do(lesson, nb):
    text = "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    assert nb.cells[0].source.startswith("# ")
    if lesson == "00_start_here":
        return
    assert nb.cells[0].source.splitlines()[0].endswith("?"), "the title is a question"
    parts = [
        "**You will**",
        "**You need**",
        "## Try it",
        "## Common mistakes",
        "## Summary",
        "**Next:**",
        "**References.**",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    first_outputs = next(cell for cell in nb.cells if cell.cell_type == "code").outputs
    assert any("image/png" in output.get("data", {}) for output in first_outputs), (
        "the first cell shows the hero figure"
    )


@pytest.mark.parametrize(("what", "limit"), notebooks.MEASURED.items())
def test_it_was_fast_and_small_enough_when_it_was_built(lesson, what, limit):
    if (lesson, what) == ("day2/10_alexnet", "megabytes"):
        limit = 900  # 62 million weights
    assert notebooks.read_record()[lesson][what] <= limit


def test_links_between_lessons_lead_somewhere(lesson, nb):
    for cell in nb.cells:
        for target in re.findall(r"\]\(([^)#:]+\.ipynb)\)", cell.source):
            path = (notebooks.notebook_of(lesson).parent / target).resolve()
            assert path.is_file(), f"{target} in\n{cell.source[:200]}"


def test_minutes_are_those_of_the_table(lesson, nb):
    said = [m[1] for cell in nb.cells if (m := re.search(r"About (\d+) minutes\.", cell.source))]
    assert said in ([], [str(notebooks.title_and_minutes(lesson)[1])])


def test_few_cells_are_timings_and_no_other_is_exempt_from_comparison():
    timings = 0
    for lesson in LESSONS:
        for cell in nbformat.read(notebooks.notebook_of(lesson), as_version=4).cells:
            tags = set(cell.metadata.get("tags", []))
            exempt = {tag for tag in tags if tag.startswith("nbval-") or tag == "raises-exception"}
            allowed = {"nbval-ignore-output"} if "timing" in tags else set()
            allowed |= {"raises-exception"} if tags & {"exercise", "quiz"} else set()
            assert exempt <= allowed, cell.source
            timings += "timing" in tags
            marks = re.search(r"^# *(NBVAL|PYTEST_VALIDATE)", cell.source, re.MULTILINE)
            assert not (cell.cell_type == "code" and marks), cell.source
    assert timings <= TIMING_CELLS


def test_slides_have_a_type_for_every_cell(nb):
    types = {"slide", "subslide", "fragment", "skip", "notes", "-"}
    assert all(cell.metadata["slideshow"]["slide_type"] in types for cell in nb.cells)
    assert nb.cells[0].metadata["slideshow"]["slide_type"] == "slide"


# --- the pieces of the package that the lessons build are the package's ---


def built_pieces():
    for lesson in filter(lambda n: notebooks.notebook_of(n).is_file(), LESSONS):
        for cell in nbformat.read(notebooks.notebook_of(lesson), as_version=4).cells:
            head = re.match(r"# (common/[\w/]+\.py)(?:: (\w+)\.(\w+))?", cell.source)
            if cell.cell_type == "code" and head:
                yield pytest.param(*head.groups(), cell.source, id=f"{lesson}-{head[0]}")


def definitions(code):
    """Name → syntax tree of each function, class and constant defined at the top, docstrings aside."""
    found = {}
    for node in strip_docstrings(ast.parse(code)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign):
            found |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize(("file", "owner", "method", "source"), list(built_pieces()))
def test_a_piece_built_in_a_lesson_is_the_packages(file, owner, method, source):
    package = definitions((ROOT / file).read_text(encoding="utf-8"))
    if owner:
        package = {node.name: node for node in package[owner].body if isinstance(node, ast.FunctionDef)}
    lesson = definitions(source)
    assert lesson, "the cell defines nothing"
    assert not method or set(lesson) == {method}
    for name, node in lesson.items():
        assert name in package, f"{file} has no {name}"
        assert ast.unparse(node) == ast.unparse(package[name])
