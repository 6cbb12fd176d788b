"""Every lesson as a learner has it: in JupyterLab, in a browser, with cells that run, sliders that move and exercises
that answer.

    COURSE_SCREENSHOTS=shots .venv/bin/python -m pytest tests/browser -k day1/01

also leaves a picture of every screenful of the lesson in shots/. COURSE_REQUIRE_BROWSER=1 makes a missing Chromium a
failure instead of a skip.
"""

import base64
import contextlib
import importlib.util
import io
import os
import re
import shutil
from pathlib import Path

import lab
import matplotlib.font_manager  # noqa: F401  builds the font cache now; a cold one writes to stderr in the first figure
import nbformat
import numpy as np
import pytest
from PIL import Image

import notebooks

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent.parent
WITH_SLIDER = "day1/01_forward_propagation.ipynb"
LESSONS = [name.removesuffix(".ipynb") for name in lab.course_lessons(ROOT)]


@pytest.fixture(scope="module")  # not longer: while Playwright runs, nbval cannot run in the same process
def visitor(tmp_path_factory):
    required = os.environ.get("COURSE_REQUIRE_BROWSER") == "1"
    if not required:
        pytest.importorskip("playwright", reason="the browser tests need Playwright: pip install -e .[test]")
    from chromium import NoChromium, browser
    from lab_in_chromium import Visitor, server

    own, course = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("course")
    lab.update(ROOT, course)
    shutil.copy(course / WITH_SLIDER, course / "again.ipynb")
    with contextlib.ExitStack() as stack:
        try:
            chromium = stack.enter_context(browser())
        except NoChromium as missing:
            lack = str(missing)
        else:
            yield Visitor(chromium, stack.enter_context(server(course, own)))
            return
    pytest.fail(lack, pytrace=False) if required else pytest.skip(lack)


@pytest.fixture
def pictures(tmp_path):
    """Where the screenshots of a lesson go."""
    return Path(os.environ.get("COURSE_SCREENSHOTS") or tmp_path).resolve()


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson(visitor, lesson, pictures):
    folder = pictures / lesson
    stored = nbformat.read(lab.course_lessons(ROOT)[f"{lesson}.ipynb"], as_version=4).cells
    with visitor.open(f"{lesson}.ipynb") as notebook:
        notebook.run_all()
        notebook.show(0, "start")
        notebook.picture(folder / "first_screen.png")
        if os.environ.get("COURSE_SCREENSHOTS"):
            notebook.pictures_of_all(folder)
        check_outputs(notebook.cells())
        for index, _ in cells(notebook, containing=r"\bexplore\("):
            check_still(notebook, index, stored[index])
            check_controls(notebook, index, folder)
        if exercises := cells(notebook, tag="exercise"):
            check_exercise(notebook, exercises, lesson, folder)
        if quizzes := cells(notebook, tag="quiz"):
            check_quiz(notebook, quizzes[0], lesson, folder)
        assert visitor.strangers == [], "the lesson asks other machines for something"


def test_a_lesson_that_was_saved_shows_its_pictures_when_it_is_opened_again(visitor):
    with visitor.open("again.ipynb") as notebook:
        notebook.run_all()
        (index, _), *_ = cells(notebook, containing=r"\bexplore\(")
        notebook.first_picture(index)
        notebook.save()
    with visitor.open("again.ipynb") as notebook:  # another kernel, that knows nothing of the widgets
        outputs = notebook.show(index).locator(".jp-Cell-outputArea")
        outputs.locator("img").first.wait_for()
        assert "Error displaying widget" not in outputs.inner_text()
        assert outputs.locator(".widget-slider").count() > 0


def cells(notebook, tag=None, containing=""):
    """[(index, cell)] of code cells."""
    return [
        (index, cell)
        for index, cell in enumerate(notebook.cells())
        if cell["cell_type"] == "code"
        and (tag is None or tag in cell["metadata"].get("tags", []))
        and re.search(containing, cell["source"])
    ]


def check_outputs(all_cells):
    for index, cell in enumerate(all_cells):
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                pytest.fail(f"cell {index} raised {output['ename']}: {output['evalue']}\n\n{cell['source']}")
            if output.get("name") == "stderr":
                pytest.fail(f"cell {index} wrote to stderr: {''.join(output['text'])}\n\n{cell['source']}")
    code = [cell for cell in all_cells if cell["cell_type"] == "code" and cell["source"].strip()]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1)), "not all cells have run"


def check_still(notebook, index, stored):
    """Who only reads the lesson (on the site, say) and who runs it see the same picture, as long as nobody moves anything."""
    still = next(output["data"]["image/png"] for output in stored["outputs"] if "image/png" in output.get("data", {}))
    stored, live = (Image.open(io.BytesIO(png)) for png in (base64.b64decode(still), notebook.first_picture(index)))
    if stored.info.get("Software") == live.info.get("Software"):  # the same version of matplotlib
        pixels = [np.asarray(picture.convert("RGB"), dtype=float) for picture in (stored, live)]
        same = stored.size == live.size and np.sqrt(np.mean((pixels[0] - pixels[1]) ** 2)) <= 1
        assert same, f"cell {index}: the sliders' first picture is not the stored one: do they start on their grid?"


def check_controls(notebook, index, folder):
    deaf, errors = notebook.move_controls(index)
    notebook.picture(folder / f"moved_{index}.png")
    assert not errors, "\n".join(errors)
    assert not deaf, f"cell {index}: no picture changes with {' or '.join(deaf)}"


def check_exercise(notebook, exercises, lesson, folder):
    """The first exercise for which tests/exercises has a wrong answer: ○, then ✗ with the hint, then ✓."""
    answers = wrong_answers(lesson)
    names = {index: re.search(r"^(?:def|class) (\w+)", cell["source"], re.MULTILINE)[1] for index, cell in exercises}
    index = next((i for i in names if names[i] in answers), None)
    assert index is not None, f"tests/exercises has no wrong answer to any of {', '.join(names.values())}"
    name, (source, words) = names[index], answers[names[index]]
    assert f"○ {name}" in notebook.show(index).inner_text()

    shown = notebook.answer(index, decorated(source))
    notebook.picture(folder / "exercise_wrong.png")
    assert shown.startswith(f"✗ {name}: "), shown
    assert " ".join(shown.split()).count(words), f"{words!r} is not in: {shown}"

    shown = notebook.answer(index, decorated(notebooks.checks_of(lesson).lesson.exercises[name].solution()))
    notebook.picture(folder / "exercise_right.png")
    assert shown.strip() == f"✓ {name}"


def wrong_answers(lesson):
    """{exercise: (source, words of the hint)}: the first wrong answer to each, from tests/exercises."""
    path = ROOT / "tests" / "exercises" / f"{notebooks.checks_of(lesson).__name__.rpartition('.')[2]}.py"
    spec = importlib.util.spec_from_file_location(f"answers_{path.stem}", path)
    answers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(answers)
    return {name: (source, words) for name, source, words in reversed(answers.WRONG)}


def decorated(source):
    """With @exercise before the definition, as in the notebook's stub."""
    source = source.strip()
    return source if "@exercise" in source else re.sub(r"^(?=def |class )", "@exercise\n", source, count=1, flags=re.M)


def check_quiz(notebook, quiz, lesson, folder):
    index, cell = quiz
    name = re.search(r'quiz\("(\w+)"', cell["source"])[1]
    entry = notebooks.checks_of(lesson).lesson.quizzes[name]
    wrong = next(letter for letter in entry.options if letter != entry.right)
    for letter, mark in ((wrong, "✗"), (entry.right, "✓")):
        shown = notebook.answer(index, f'quiz("{name}", answer="{letter}")')
        notebook.picture(folder / f"quiz_{'right' if mark == '✓' else 'wrong'}.png")
        assert " ".join(shown.split()) == f"{mark} {name}: {entry.options[letter][1]}"


def test_a_playwright_that_does_not_start_is_a_missing_browser(monkeypatch):
    chromium = pytest.importorskip("chromium")

    def broken():
        raise Exception("Connection closed")  # as Playwright says it: of this class

    monkeypatch.setattr(chromium, "sync_playwright", broken)
    with pytest.raises(chromium.NoChromium, match="apt install chromium.*Connection closed"), chromium.browser():
        pass
