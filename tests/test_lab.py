"""tools/lab.py: what becomes of the learner's files."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "tools" / "lab.py"
ONE = "day1/01_forward.ipynb"

spec = importlib.util.spec_from_file_location("lab", SOURCE)
lab = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lab)


@pytest.fixture
def course(tmp_path):
    """A course of three lessons, copied once."""
    for name in ("00_start_here", "day1/01_forward", "day1/02_loss"):
        write(tmp_path / "notebooks" / f"{name}.ipynb", f"the course's {name}")
    write(tmp_path / "notebooks" / "source" / "day1" / "01_forward.ipynb", "not a lesson")
    write(tmp_path / "notebooks" / "day1" / ".ipynb_checkpoints" / "01_forward.ipynb", "not a lesson")
    assert lab.update(tmp_path) == []
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def mine(course, name=ONE):
    return (course / "my" / name).read_text(encoding="utf-8")


def files(course):
    return sorted(path.relative_to(course / "my").as_posix() for path in (course / "my").rglob("*.*"))


def test_first_copy(course):
    assert files(course) == [".copied.json", "00_start_here.ipynb", ONE, "day1/02_loss.ipynb"]
    assert mine(course) == "the course's day1/01_forward"


def test_new_lesson_is_added(course):
    write(course / "notebooks" / "day2" / "01_deep.ipynb", "deep")
    assert lab.update(course) == []
    assert mine(course, "day2/01_deep.ipynb") == "deep"


def test_untouched_lesson_follows_the_course(course):
    for version in ("second", "third"):
        write(course / "notebooks" / ONE, version)
        assert lab.update(course) == []
        assert mine(course) == version


def notebook(*sources, outputs=(), number=None):
    code = {"cell_type": "code", "execution_count": number, "outputs": list(outputs)}
    cells = [{"cell_type": "markdown", "source": "Guess ≈"}, *(code | {"source": source} for source in sources)]
    return json.dumps({"cells": cells, "metadata": {"opened": number}}, indent=1, ensure_ascii=False) + "\n"


PICTURE = {"output_type": "execute_result", "execution_count": 3, "data": {"image/png": "…"}}
TEXT = {"output_type": "stream", "text": "42"}


@pytest.mark.parametrize("copy", [lab.update, lambda root: lab.fresh(root, ONE)])
def test_learner_finds_no_output_but_the_first_picture(course, copy):
    write(course / "notebooks" / ONE, notebook("a", "b", outputs=[TEXT, PICTURE, TEXT], number=1))
    copy(course)
    cells = json.loads(mine(course))["cells"]
    assert cells == json.loads(notebook("a", "b"))["cells"][:1] + [
        {"cell_type": "code", "execution_count": None, "outputs": [PICTURE | {"execution_count": None}], "source": "a"},
        {"cell_type": "code", "execution_count": None, "outputs": [], "source": "b"},
    ]


def test_lesson_that_was_only_run_follows_the_course(course):
    write(course / "notebooks" / ONE, notebook("a", "b"))
    assert lab.update(course) == []
    write(course / "my" / ONE, notebook("a", "b", outputs=[TEXT], number=1))  # as JupyterLab saves it
    assert lab.update(course) == [] and "42" in mine(course)  # nothing new in the course: the outputs stay
    write(course / "notebooks" / ONE, notebook("a", "c"))
    assert lab.update(course) == []
    assert mine(course) == notebook("a", "c")
    write(course / "my" / ONE, notebook("a", "my answer", outputs=[TEXT], number=1))
    write(course / "notebooks" / ONE, notebook("a", "d"))
    assert len(lab.update(course)) == 1 and "my answer" in mine(course)


def test_records_of_an_older_course_are_understood(course):
    (course / "my" / ".copied.json").write_text(json.dumps({ONE: lab.digest(course / "my" / ONE)}))
    write(course / "notebooks" / ONE, "second")
    assert lab.update(course) == []
    assert mine(course) == "second"


def test_changed_lesson_is_kept_and_nothing_said(course):
    write(course / "my" / ONE, "my work")
    assert lab.update(course) == []
    assert mine(course) == "my work"


def test_changed_lesson_is_kept_when_the_course_changes_too(course):
    write(course / "my" / ONE, "my work")
    write(course / "notebooks" / ONE, "second")
    for _ in range(2):
        assert lab.update(course) == [f"my/{ONE}: yours is kept; `make fresh LESSON=day1/01` brings the new one"]
        assert mine(course) == "my work"


@pytest.mark.parametrize("record", [None, "", "[]", "{"])
def test_without_the_record_every_difference_is_the_learners(course, record):
    write(course / "my" / ONE, "my work")
    path = course / "my" / ".copied.json"
    path.unlink() if record is None else path.write_text(record)
    assert len(lab.update(course)) == 1
    assert mine(course) == "my work"
    write(course / "notebooks" / "day1" / "02_loss.ipynb", "second")
    lab.update(course)
    assert mine(course, "day1/02_loss.ipynb") == "second"


def test_deleted_lesson_comes_back(course):
    (course / "my" / ONE).unlink()
    lab.update(course)
    assert mine(course) == "the course's day1/01_forward"


def test_files_of_the_learner_are_left_alone(course):
    write(course / "my" / "day1" / "notes.ipynb", "notes")
    lab.update(course)
    assert mine(course, "day1/notes.ipynb") == "notes"


def test_full_disk_leaves_the_old_lesson(course, monkeypatch):
    write(course / "notebooks" / ONE, "second")

    def full(path, content):
        with open(path, "wb") as file:
            file.write(content[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SystemExit, match=r"my/.*No space left"):
        lab.main(["--copy-only"], root=course)
    assert mine(course) == "the course's day1/01_forward"
    assert not [name for name in files(course) if name.endswith(".part")]


# --fresh


def test_fresh_keeps_mine_under_the_next_free_name(course):
    for number in (1, 2):
        write(course / "my" / ONE, f"my work {number}")
        assert f"01_forward_mine_{number}.ipynb" in lab.fresh(course, "day1/01")
        assert mine(course) == "the course's day1/01_forward"
        assert mine(course, f"day1/01_forward_mine_{number}.ipynb") == f"my work {number}"
    assert mine(course, "day1/01_forward_mine_1.ipynb") == "my work 1"


def test_fresh_lesson_follows_the_course_again(course):
    write(course / "my" / ONE, "my work")
    write(course / "notebooks" / ONE, "second")
    lab.fresh(course, "day1/01")
    write(course / "notebooks" / ONE, "third")
    lab.update(course)
    assert mine(course) == "third"


def test_fresh_needs_no_copy_of_an_untouched_lesson(course):
    before = files(course)
    write(course / "notebooks" / ONE, "second")
    lab.fresh(course, "day1/01")
    assert mine(course) == "second" and files(course) == before


@pytest.mark.parametrize("wanted", ["day1/01", ONE, "my/" + ONE, "notebooks/day1/01", "day1\\01_forward"])
def test_fresh_finds(course, wanted):
    assert lab.find(course, wanted) == ONE


def test_fresh_prefers_the_exact_name(course):
    write(course / "notebooks" / "day1" / "01_forward_again.ipynb", "again")
    assert lab.find(course, "day1/01_forward") == ONE


@pytest.mark.parametrize(
    "wanted, says",
    [
        ("day1", "several lessons begin with 'day1': day1/01_forward, day1/02_loss"),
        ("day3/01", "no lesson begins with 'day3/01': 00_start_here, day1/01_forward, day1/02_loss"),
        ("", "which lesson[?]: 00_start_here, day1/01_forward, day1/02_loss"),
    ],
)
def test_fresh_lists_the_lessons(course, wanted, says):
    before = {name: mine(course, name) for name in files(course)}
    with pytest.raises(SystemExit, match=says) as stop:
        lab.main(["--fresh", wanted], root=course)
    assert "\n" not in str(stop.value)
    assert {name: mine(course, name) for name in files(course)} == before


def test_fresh_without_a_lesson_does_not_take_the_only_one(tmp_path):
    write(tmp_path / "notebooks" / "00_start_here.ipynb", "start")
    with pytest.raises(SystemExit, match="which lesson"):
        lab.find(tmp_path, "")


# the command


def test_options_go_to_jupyterlab(course, monkeypatch):
    started = []
    monkeypatch.setattr(lab, "start_lab", lambda root, options: started.append((root, options)) or 0)
    monkeypatch.setattr(lab, "set_defaults", lambda: None)
    assert lab.main(["--no-browser", "--port", "9999"], root=course) == 0
    assert lab.main(["--copy-only"], root=course) == 0
    assert lab.main(["--fresh", "day1/01"], root=course) == 0
    assert started == [(course, ["--no-browser", "--port", "9999"])]


def test_defaults_of_jupyterlab_are_added_to_what_is_there(tmp_path, monkeypatch):
    path = tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    lab.set_defaults()
    assert json.loads(path.read_text()) == lab.SETTINGS
    own = {"theme": "dark", "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": False}}
    path.write_text(json.dumps(own))
    lab.set_defaults()
    assert json.loads(path.read_text()) == lab.SETTINGS | own
    path.write_text("{ mine")
    lab.set_defaults()
    assert path.read_text() == "{ mine"
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))  # no virtual environment: somebody's system
    path.unlink()
    lab.set_defaults()
    assert not path.exists()


@pytest.mark.parametrize("given, expected", [(None, "1"), ("4", "4")])
def test_one_thread_unless_told_otherwise(course, monkeypatch, given, expected):
    """JupyterLab, stood in for by a script, runs in my/ on the first lesson."""
    if given is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    else:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", given)
    script = "import json, os, sys; json.dump([sys.argv, os.getcwd(), dict(os.environ)], open('said', 'w'))"
    write(course / "fake" / "jupyterlab.py", script)
    monkeypatch.setenv("PYTHONPATH", str(course / "fake"))
    assert lab.start_lab(course, ["--no-browser"]) == 0
    arguments, folder, environment = json.loads((course / "my" / "said").read_text())
    assert arguments[1] == "00_start_here.ipynb" and arguments[-1] == "--no-browser"
    assert Path(folder) == course.resolve() / "my"
    assert environment["OPENBLAS_NUM_THREADS"] == expected


def test_script_runs(tmp_path):
    """As a command, from any folder."""
    write(tmp_path / "tools" / "lab.py", SOURCE.read_text(encoding="utf-8"))
    write(tmp_path / "notebooks" / "00_start_here.ipynb", "{}")
    command = [sys.executable, str(tmp_path / "tools" / "lab.py"), "--copy-only"]
    process = subprocess.run(command, capture_output=True, text=True, cwd=SOURCE.parent, check=False)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
    assert (tmp_path / "my" / "00_start_here.ipynb").exists()
