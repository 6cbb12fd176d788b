"""The web site in Chromium, on a desktop and on a telephone: nothing overflows, nothing comes from another machine."""

import contextlib
import functools
import http.server
import os
import threading

import pytest

import notebooks
import website

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390)
PAGES = [
    "index.html",
    "teaching.html",
    "classroom/README.html",
    *(f"notebooks/{lesson}.html" for lesson in notebooks.lessons()),
]

# What is wider than the page although nothing around it scrolls; which picture lacks a text; what is no formula yet.
FAULTS = """() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ["the page is " + document.documentElement.scrollWidth + " wide"] : [];
    const mute = [...document.querySelectorAll("article img")].filter(i => (i.alt || "").length < 20).map(i => "no text: " + i.src);
    const empty = [...document.querySelectorAll("article img")].filter(i => !i.complete || !i.naturalWidth).map(i => "no picture: " + i.src);
    const raw = [...document.querySelectorAll(".math")].filter(m => !m.querySelector("mjx-container")).map(m => "no formula: " + m.textContent);
    const wrong = [...document.querySelectorAll("mjx-merror")].map(m => "broken formula: " + m.textContent);
    return [...wide, ...mute, ...empty, ...raw, ...wrong];
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder):
    """The folder's address on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(Chromium, the site's address)."""
    if os.environ.get("COURSE_REQUIRE_BROWSER") != "1":
        pytest.importorskip("playwright", reason="the browser tests need Playwright: pip install -e .[test]")
    from chromium import NoChromium, browser

    folder = tmp_path_factory.mktemp("site") / "website"
    with contextlib.ExitStack() as stack:
        try:
            chromium = stack.enter_context(browser())
        except NoChromium as missing:
            lack = str(missing)
        else:
            assert website.build(folder) == 0, "Sphinx warned of something: see above"
            yield chromium, stack.enter_context(served(folder))
            return
    pytest.fail(lack, pytrace=False) if os.environ.get("COURSE_REQUIRE_BROWSER") == "1" else pytest.skip(lack)


@pytest.fixture
def open_page(site):
    """A function (path, width) → Playwright's page; in the end nothing may have been asked of another machine."""
    chromium, address = site
    strangers = []
    with contextlib.ExitStack() as stack:

        def open_at(path, width):
            context = chromium.new_context(viewport={"width": width, "height": 800})
            stack.callback(context.close)
            page = context.new_page()
            page.on("request", lambda request: note(request.url))
            page.on("response", lambda response: response.ok or strangers.append(f"{response.status} {response.url}"))
            page.goto(f"{address}/{path}", wait_until="load")
            page.wait_for_function("!window.MathJax?.startup?.promise || MathJax.startup.promise.then(() => true)")
            return page

        def note(url):
            if not url.startswith((address, "data:", "blob:")):
                strangers.append(url)

        yield open_at
    assert strangers == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page(open_page, path):
    for width in WIDTHS:
        page = open_page(path, width)
        assert page.evaluate(FAULTS) == [], f"at a width of {width}"


def test_the_search_finds_a_lesson(open_page):
    page = open_page("search.html?q=softmax", 1280)
    page.wait_for_selector("#search-results li a")
    assert any(
        "forward_propagation" in a.get_attribute("href") for a in page.query_selector_all("#search-results li a")
    )
