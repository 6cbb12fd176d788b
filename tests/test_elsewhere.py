"""The course on other people's machines: Binder, Codespaces, GitHub Pages, Colab. Their services are not here; what their
files name is there, and what can run here runs.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import colab
import lab
import nbformat
import pytest
import repository
import yaml
from nbclient import NotebookClient
from packaging.specifiers import SpecifierSet

import website

ROOT = Path(__file__).resolve().parent.parent
TARGETS = set(re.findall(r"^([a-z-]+)(?:: | venv-)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LESSON = "00_start_here.ipynb"
NAME_AND_ADDRESS = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "test"), ("EMAIL", "test@localhost"))
}


def steps(workflow):
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_names_targets_and_files_that_exist(workflow):
    for step in steps(workflow):
        assert ("run" in step) != ("uses" in step), step
        for line in step.get("run", "").splitlines():
            if line.startswith("make "):
                assert set(line.partition("#")[0].split()[1:]) <= TARGETS, line
        for path in re.findall(r"(?<![\w\\/.])\.?(?:ci|tests|tools)/[\w./]+", step.get("run", "")):
            assert (ROOT / path).exists(), path


def test_pages_builds_the_site_last_and_takes_it_from_where_it_is():
    pages = steps(ROOT / ".github" / "workflows" / "pages.yml")
    runs = [step["run"] for step in pages if step.get("run", "").startswith("make ")]
    assert [run.partition(" #")[0].strip() for run in runs] == ["make slides lite", "make site", "make colab"]
    uploaded = next(step["with"]["path"] for step in pages if "upload-pages-artifact" in step.get("uses", ""))
    assert ROOT / uploaded == website.BUILD


def test_binder_installs_the_course_with_a_python_that_it_allows():
    folder = ROOT / ".binder"
    required = (folder / "requirements.txt").read_text(encoding="utf-8").split()
    assert required[0] == "-r" and (folder / required[1]).resolve() == ROOT / "requirements.txt"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = (folder / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert version in SpecifierSet(project["requires-python"])
    for script in ("postBuild", "start"):
        assert (folder / script).read_text(encoding="utf-8").startswith("#!/bin/bash\n")
        assert sys.platform == "win32" or os.access(folder / script, os.X_OK), script


def test_the_container_sets_up_the_environment_that_it_points_to():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert set(container["postCreateCommand"].removeprefix("make ").split()) <= TARGETS
    interpreter = container["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert interpreter.removeprefix("${containerWorkspaceFolder}/") in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture
def origin(tmp_path):
    """The address of a repository on this machine, to whose branch colab the workflow has pushed."""
    bare, clone = tmp_path / "origin.git", tmp_path / "clone"
    push = next(
        step["run"] for step in steps(ROOT / ".github" / "workflows" / "pages.yml") if "push" in step.get("run", "")
    )
    for command in (
        ["git", "init", "--quiet", "--bare", bare],
        ["git", "clone", "--quiet", bare, clone],
        ["git", "-C", clone, "commit", "--quiet", "--allow-empty", "--message", "the course"],
    ):
        subprocess.run(command, check=True, env=os.environ | NAME_AND_ADDRESS, capture_output=True)
    (clone / ".gitignore").write_text("build/\n*.npz\n", encoding="utf-8")  # what main ignores, Colab needs
    colab.build(clone / "build" / "colab", bare.as_uri())
    subprocess.run(["bash", "-e", "-c", push], cwd=clone, check=True, capture_output=True)
    return bare.as_uri()


@pytest.mark.skipif(sys.platform == "win32", reason="the workflow's step runs in bash")
def test_a_lesson_for_colab_runs_where_nothing_of_the_course_is(origin, tmp_path, monkeypatch):
    branch, empty = tmp_path / "branch", tmp_path / "empty"
    empty.mkdir()
    subprocess.run(["git", "clone", "--quiet", "--branch", "colab", origin, branch], check=True)
    assert {path.name for path in branch.iterdir()} >= {LESSON, "day1", "common", "data"}
    nb = nbformat.read(branch / LESSON, as_version=4)
    stored = nbformat.read(ROOT / "notebooks" / LESSON, as_version=4)
    assert [cell.source for cell in nb.cells[1:]] == [cell.source for cell in stored.cells]
    assert sum(bool(cell.get("outputs")) for cell in nb.cells) == 1, "only the first picture is there before it is run"
    nb.cells.append(nbformat.v4.new_code_cell("import common\nprint(common.__file__)"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    NotebookClient(nb, timeout=120, resources={"metadata": {"path": str(empty)}}).execute()
    assert nb.cells[-1].outputs[0].text.strip() == str(empty / "course" / "common" / "__init__.py")
    texts = [output.get("text", "") for cell in nb.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any(text.count("✓") == 7 for text in texts) and not any("✗" in text for text in texts), texts


def test_links_between_lessons_stay_in_colab(monkeypatch):
    monkeypatch.setenv("REPO_URL", "https://github.com/somebody/course")
    repository.repo_url.cache_clear()
    try:
        text = "[one](../day1/04_back_propagation.ipynb#rules), [two](05_overfitting.ipynb), [three](https://a.org/b.ipynb)"
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
        nb = colab.variant(nb, "day2/04_optimizers.ipynb", repository.repo_url())
        branch = "https://colab.research.google.com/github/somebody/course/blob/colab"
        assert nb.cells[1].source == (
            f"[one]({branch}/day1/04_back_propagation.ipynb#rules), [two]({branch}/day2/05_overfitting.ipynb), "
            "[three](https://a.org/b.ipynb)"
        )
        assert f"--branch colab {repository.repo_url()} course\n" in nb.cells[0].source
        for name, path in lab.course_lessons(ROOT).items():
            nb = colab.variant(nbformat.read(path, as_version=4), name, repository.repo_url())
            links = re.findall(r"\]\(([^)\s]+\.ipynb)", "\n".join(cell.source for cell in nb.cells))
            assert all(link.startswith(branch) for link in links), name
    finally:
        repository.repo_url.cache_clear()
