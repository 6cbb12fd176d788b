"""The set-up of .venv, with faked commands: nothing is installed, nothing is fetched."""

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tools" / "environment.py"
OLD_PYTHONS = ["python2.7", *(f"python3.{minor}" for minor in range(6, 11))]


class Machine:
    """Stands for all commands that environment.py runs: which Pythons there are, and what venv and pip do."""

    def __init__(self, module):
        self.module = module
        self.pythons = {}  # command → ((3, 12), has ensurepip)
        self.venv_works = self.pip_runs = True
        self.pip = (0, "Successfully installed everything")
        self.calls = []

    def run(self, command):
        if "venv" in command:
            return self.make_venv()
        if "install" in command:
            self.calls.append("pip " + " ".join(command[command.index("off") + 1 :]))
            if isinstance(self.pip, BaseException):
                raise self.pip
            return self.pip
        if command[-1].startswith("import pip"):
            return (0, self.venv_version) if self.pip_runs else (1, "No module named pip")
        if command[-1] == "import matplotlib.pyplot":
            return 0, ""
        raise AssertionError(f"unexpected command {command}")

    def make_venv(self):
        self.calls.append("venv")
        if not self.venv_works:
            return 1, "some lines\nError: [Errno 13] Permission denied"
        module = self.module
        shutil.rmtree(module.VENV, ignore_errors=True)
        Path(module.BIN).mkdir(parents=True)
        Path(module.PYTHON).touch()
        suffix = ".exe" if sys.platform == "win32" else ""
        Path(module.BIN, "pip" + suffix).write_text(f"#!{module.PYTHON}\n", encoding="utf-8")
        self.venv_version = module.version_of(module.running_version())
        return 0, ""

    def probe(self, command):
        return self.pythons.get(" ".join(command), (None, False))

    def main(self, *arguments):
        """(exit code, the commands that changed something) of one run."""
        self.calls.clear()
        return self.module.main(list(arguments)), list(self.calls)


@pytest.fixture
def load(monkeypatch):
    """Load the tool of a course's copy, on a machine that has Python 3.12."""

    def load(course):
        spec = importlib.util.spec_from_file_location("environment_copy", course / "tools" / "environment.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        fake = Machine(module)
        monkeypatch.setattr(module, "run", fake.run)
        monkeypatch.setattr(module, "probe", fake.probe)
        monkeypatch.setattr(module, "running_command", lambda: ["this"])
        be(fake, (3, 12))
        return fake

    return load


@pytest.fixture
def machine(tmp_path, load):
    course = tmp_path / "the course"
    (course / "tools").mkdir(parents=True)
    shutil.copy(SOURCE, course / "tools")
    shutil.copy(ROOT / "requirements.txt", course)
    shutil.copy(ROOT / "pyproject.toml", course)
    return load(course)


def be(machine, version, ensurepip=True):
    """Let the running Python have this version."""
    machine.module.running_version = lambda: version
    machine.pythons["this"] = (version, ensurepip)


def edit(machine, name, old, new):
    path = Path(machine.module.ROOT, name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def one_line(capsys):
    """What was said on stderr, which must be one line."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


# the stamp


def test_second_run_does_nothing(machine):
    assert machine.main("learner") == (0, ["venv", "pip -r requirements.txt"])
    machine.pythons.clear()  # it does not even look at other Pythons
    assert machine.main("learner") == (0, [])


def test_packages_for_tests_serve_the_learner(machine):
    machine.main("test")
    assert machine.main("learner") == (0, [])


def test_packages_of_the_learner_do_not_serve_the_tests(machine):
    machine.main("learner")
    assert machine.main("test") == (0, ["pip -e .[test]"])
    assert machine.main("learner") == (0, [])
    assert machine.main("test") == (0, [])
    assert machine.main("bench") == (0, ["pip -e .[bench]"])
    assert machine.main("test") == (0, [])


@pytest.mark.parametrize(
    "name, old, new",
    [("pyproject.toml", "numpy>=2.0", "numpy>=2.1"), ("requirements.txt", "-e .", "-e .\nsympy")],
)
def test_changed_dependency_installs_again(machine, name, old, new):
    machine.main("test")
    edit(machine, name, old, new)
    assert machine.main("test") == (0, ["pip -e .[test]"])
    assert machine.main("test") == (0, [])


def test_changed_dependency_forgets_the_other_sets(machine):
    machine.main("test")
    edit(machine, "pyproject.toml", "numpy>=2.0", "numpy>=2.1")
    machine.main("learner")
    assert machine.main("test") == (0, ["pip -e .[test]"])


def test_settings_of_ruff_and_pytest_do_not_count(machine):
    machine.main("test")
    edit(machine, "pyproject.toml", "line-length = ", "line-length = 1")
    edit(machine, "pyproject.toml", '"--strict-markers"', '"--strict-markers", "-q"')
    assert machine.main("test") == (0, [])


def test_another_python_leaves_a_venv_that_works_alone(machine):
    """Its own Python runs everything. To make it anew might need a network that is not there today."""
    machine.main("learner")
    be(machine, (3, 13))
    assert machine.main("learner") == (0, [])
    assert machine.main("test") == (0, ["pip -e .[test]"])


@pytest.mark.parametrize("version", ["3.10", "3.13"])
def test_a_venv_whose_python_was_exchanged(machine, version):
    machine.main("learner")
    machine.venv_version = version
    made_again = ["venv"] if version == "3.10" else []
    assert machine.main("learner") == (0, [*made_again, "pip -r requirements.txt"])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sets": ["learner"'])
def test_damaged_stamp_installs_again(machine, content):
    machine.main("learner")
    Path(machine.module.STAMP).write_text(content)
    assert machine.main("learner") == (0, ["pip -r requirements.txt"])


# an existing .venv


def test_venv_made_by_hand_is_kept(machine):
    machine.make_venv()
    assert machine.main("learner") == (0, ["pip -r requirements.txt"])


def test_venv_of_a_removed_python_is_made_again(machine):
    machine.main("learner")
    Path(machine.module.PYTHON).unlink()
    assert machine.main("learner") == (0, ["venv", "pip -r requirements.txt"])


def test_venv_without_pip_is_made_again(machine):
    machine.make_venv()
    machine.pip_runs = False
    assert machine.main("learner") == (0, ["venv", "pip -r requirements.txt"])


def test_venv_of_a_moved_folder_is_made_again(machine, load):
    machine.main("learner")
    place = Path(machine.module.ROOT)
    moved = load(place.rename(place.with_name("moved")))
    moved.venv_version = "3.12"  # its Python runs: only what points to the old place is wrong
    assert moved.main("learner") == (0, ["venv", "pip -r requirements.txt"])
    assert moved.main("learner") == (0, [])


def test_interrupted_installation_starts_again(machine, capsys):
    machine.pip = KeyboardInterrupt()
    assert machine.main("learner") == (130, ["venv", "pip -r requirements.txt"])
    assert "Stopped" in capsys.readouterr().err
    machine.pip = (0, "")
    assert machine.main("learner") == (0, ["venv", "pip -r requirements.txt"])
    assert machine.main("learner") == (0, [])


# what can go wrong


@pytest.mark.parametrize(
    "output, says",
    [
        ("WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: No matching", "network"),
        ("ERROR: Could not find a version that satisfies the requirement numpy", "could not be found"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", "disk is full"),
        ("error: something else", "install.log"),
    ],
)
def test_pip_fails(machine, capsys, output, says):
    machine.pip = (1, output)
    assert machine.main("learner") == (1, ["venv", "pip -r requirements.txt"])
    assert says in one_line(capsys)
    assert Path(machine.module.LOG).read_text(encoding="utf-8") == output
    machine.pip = (0, "")
    assert machine.main("learner") == (0, ["venv", "pip -r requirements.txt"])


def test_failed_update_keeps_the_venv(machine, capsys):
    machine.main("learner")
    edit(machine, "pyproject.toml", "numpy>=2.0", "numpy>=9.0")
    machine.pip = (1, "connection broken")
    assert machine.main("learner") == (1, ["pip -r requirements.txt"])
    edit(machine, "pyproject.toml", "numpy>=9.0", "numpy>=2.0")
    assert machine.main("learner") == (0, [])


def test_venv_fails(machine, capsys):
    machine.venv_works = False
    assert machine.main("learner") == (1, ["venv"])
    assert "Permission denied" in one_line(capsys)


def test_no_ensurepip(machine, capsys):
    be(machine, (3, 11), ensurepip=False)
    assert machine.main("learner") == (1, [])
    assert "sudo apt install python3-venv" in one_line(capsys)


def test_too_old(machine, capsys):
    be(machine, (3, 9))
    machine.pythons["python3.10"] = ((3, 10), True)
    assert machine.main("test") == (1, [])
    line = one_line(capsys)
    assert "needs Python 3.11 to 3.14" in line and "this is Python 3.9" in line


@pytest.mark.parametrize("running", [((3, 9), True), ((3, 11), False), ((3, 15), True)])
def test_another_python_on_the_path_takes_over(machine, monkeypatch, running):
    be(machine, *running)
    machine.pythons |= {"python3.12": ((3, 12), True), "python3.13": ((3, 13), True), "python3.14": (None, False)}
    called = []
    monkeypatch.setattr(machine.module.subprocess, "call", lambda command: called.append(command) or 7)
    assert machine.main("learner") == (7, [])
    assert called == [["python3.13", str(Path(machine.module.__file__).resolve()), "learner"]]


def test_newer_than_tested_is_tried_where_there_is_nothing_else(machine):
    be(machine, (3, 15))
    assert machine.main("learner") == (0, ["venv", "pip -r requirements.txt"])


def test_unknown_set(machine, capsys):
    assert machine.main("everything") == (2, [])
    assert "learner|test|bench|classroom" in one_line(capsys)


# a real old Python


def test_syntax_is_old():
    """What an old Python cannot even parse would end in a SyntaxError instead of the line."""
    tree = ast.parse(SOURCE.read_bytes(), feature_version=(3, 7))
    modern = (ast.JoinedStr, ast.AnnAssign, ast.AsyncFunctionDef, ast.Nonlocal, ast.YieldFrom, ast.Starred)
    for node in ast.walk(tree):
        assert not isinstance(node, modern), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None and not node.args.kwonlyargs, f"line {node.lineno}"
        if isinstance(node, ast.Raise):
            assert node.cause is None, f"line {node.lineno}"
    assert SOURCE.read_bytes().isascii()


@pytest.mark.parametrize("name", OLD_PYTHONS)
def test_real_old_python(name, tmp_path):
    python = shutil.which(name)
    ask = "import sys; sys.stdout.write(sys.executable)"
    found = python and subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False)
    if not found or found.returncode:
        pytest.skip(f"there is no {name} here")
    (tmp_path / "tools").mkdir()
    shutil.copy(SOURCE, tmp_path / "tools")
    process = subprocess.run(
        [found.stdout, str(tmp_path / "tools" / "environment.py"), "test"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert re.fullmatch(r"The course needs Python 3\.11 to 3\.14 and this is Python .*\n", process.stderr)


# the lists of packages


def test_oldest_agrees_with_the_lower_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    bounds = {}
    for requirement in map(Requirement, wanted):
        (specifier,) = requirement.specifier
        assert specifier.operator == ">=", f"{requirement}: a lower bound and nothing else"
        bounds[requirement.name] = Version(specifier.version)
    lines = (ROOT / "tests" / "oldest.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert {name: Version(version) for name, version in pins.items()} == bounds
