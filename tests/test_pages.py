"""The web site's pages, and the addresses that they lead to. How they look: tests/browser/test_website.py."""

import nbformat
import pytest
import repository

import notebooks
import website


@pytest.fixture
def address(monkeypatch):
    """Sets REPO_URL as a maintainer would."""

    def set_to(url):
        repository.repo_url.cache_clear()
        monkeypatch.setenv("REPO_URL", url)

    yield set_to
    repository.repo_url.cache_clear()


@pytest.mark.parametrize("lesson", notebooks.lessons())
def test_a_page_is_the_notebook_with_alternative_texts_and_links(lesson, address):
    address("https://github.com/somebody/course")
    nb = nbformat.read(notebooks.notebook_of(lesson), as_version=4)
    page = website.page(nb, lesson)
    assert len(page.cells) == len(nb.cells)
    pictures = 0
    for before, after in zip(nb.cells, page.cells):
        alts = [o.metadata["image/png"]["alt"] for o in before.get("outputs", []) if "image/png" in o.get("data", {})]
        pictures += len(alts)
        assert [after.metadata["mystnb"]["image"]["alt"]] == alts if alts else "mystnb" not in after.metadata
    assert pictures
    heading, links = page.cells[0].source.split("\n\n")[:2]
    assert heading == "# " + notebooks.title_and_minutes(lesson)[0]
    assert f"blob/colab/{lesson}.ipynb" in links and f"notebooks/{lesson}.ipynb" in links


def test_without_an_address_there_are_no_links_to_other_machines(address):
    address("https://example.org/somewhere")
    assert repository.repo_url() is None
    assert "http" not in website.elsewhere("day1/01_forward_propagation")


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/some-body/deep.learning",
        "https://github.com/some-body/deep.learning.git",
        "git@github.com:some-body/deep.learning.git",
        "ssh://git@github.com/some-body/deep.learning",
    ],
)
def test_the_forms_of_an_address(url):
    assert repository.github(url) == "https://github.com/some-body/deep.learning"


def test_other_places_are_no_address():
    for url in ("", None, "https://github.com/only-an-owner", "/somewhere/on/disk", "https://example.org/a/b"):
        assert repository.github(url) is None


def test_the_table_of_contents_names_every_lesson_once():
    about = {lesson: notebooks.title_and_minutes(lesson) for lesson in notebooks.lessons()}
    text = website.contents(about)
    for lesson, (title, minutes) in about.items():
        assert text.count(f"| [{title}](notebooks/{lesson}.ipynb) | {minutes} |") == 1
        assert text.count(f"\nnotebooks/{lesson}\n") == 1
