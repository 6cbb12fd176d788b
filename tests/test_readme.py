"""What the README says is so."""

import re
from pathlib import Path

import pytest

import notebooks

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\|.*\[([^]]+)\]\(([^)]+\.ipynb)\)[^|]*\| *(\d+) *\|$", re.MULTILINE)


def test_the_table_of_lessons_has_every_lesson_with_its_title_and_minutes():
    table = {target: (title, int(minutes)) for title, target, minutes in ROW.findall(README)}
    assert table == {f"notebooks/{lesson}.ipynb": notebooks.title_and_minutes(lesson) for lesson in notebooks.lessons()}


def test_so_has_the_map_in_start_here():
    text = notebooks.source_of("00_start_here").read_text(encoding="utf-8")
    table = {target: (title, int(minutes)) for title, target, minutes in ROW.findall(text)}
    assert table == {f"{n}.ipynb": notebooks.title_and_minutes(n) for n in notebooks.lessons() if n != "00_start_here"}


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_links_and_files_that_are_named_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
    for name in re.findall(r"`((?:common|tests|tools|notebooks|data)/[\w/.]*)`", text):
        assert "NAME" in name or (ROOT / name).exists(), name


def test_the_map_of_the_library_names_every_module():
    named = set(re.findall(r"`(\w+(?:\.py|/))`", README.partition("## The library")[2]))
    modules = {p.name if p.is_file() else f"{p.name}/" for p in (ROOT / "common").iterdir()}
    assert modules - {"__init__.py", "__pycache__/"} <= named


def test_the_targets_that_are_named_are_in_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets
