"""Every slide of every deck in Chromium at 1280×720: nothing overflows, nothing is clipped or small, formulas are
rendered, every picture is there, and no request leaves the folder. And the speaker notes open, and a PDF is printed.

    COURSE_SCREENSHOTS=shots .venv/bin/python -m pytest tests/browser/test_slides.py -k day1/04

also leaves a picture of every slide in shots/. Without Chromium, or without what `make slides-assets` fetches once, the
tests are skipped; COURSE_REQUIRE_BROWSER=1 makes that a failure.
"""

import contextlib
import os
import re
from pathlib import Path

import pytest
import slides

pytestmark = pytest.mark.browser
LESSONS = slides.lessons()

# For each slide, the one that is shown with all its fragments: what is wrong with it.
INSPECT = """async () => {
    const problems = [];
    const shown = element => element.closest('.katex-mathml') === null;
    const size = element => parseFloat(getComputedStyle(element).fontSize);
    for (const [number, slide] of Reveal.getSlides().entries()) {
        const {h, v} = Reveal.getIndices(slide);
        Reveal.slide(h, v, 99);
        const page = slide.querySelector('.page'), frame = page.getBoundingClientRect();
        const wrong = what => problems.push(`slide ${number + 1} (#/${h}/${v}): ${what}`);
        if (!slide.classList.contains('present') || frame.width !== 1280 || frame.height !== 720)
            wrong(`is ${frame.width} × ${frame.height}`);
        const inside = ({left, top, right, bottom}, box, slack) => left >= box.left - slack && top >= box.top - slack
            && right <= box.right + slack && bottom <= box.bottom + slack;
        const body = page.querySelector('.body');
        for (const element of page.querySelectorAll('*')) {
            if (!shown(element)) continue;
            const box = element.getBoundingClientRect(), tag = `${element.tagName}.${element.className}`;
            if (box.width && !inside(box, frame, 1) && !element.closest('.katex')) wrong(`${tag} leaves the slide`);
            if (element.parentElement === body && !inside(box, body.getBoundingClientRect(), 3))
                wrong(`${tag} does not fit below the heading`);
            if (element.matches('pre, p, .formula, table, li') && element.scrollWidth > element.clientWidth + 2)
                wrong(`${tag} is clipped`);
            if (element.matches('.katex-display') && !inside(box, element.closest('.formula').getBoundingClientRect(), 1))
                wrong('a formula is larger than its place');
            const text = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            if (text && !element.closest('.katex') && size(element) < 22) wrong(`${tag} has type of ${size(element)} px`);
            if (element.matches('.katex') && size(element) < 22) wrong(`a formula of ${size(element)} px`);
        }
        for (const image of page.querySelectorAll('img')) {
            await image.decode().catch(() => wrong('a picture that is not there'));
            if (!image.alt) wrong('a picture without alternative text');
        }
        for (const math of slide.querySelectorAll('.math'))
            if (!math.querySelector('math') || math.querySelector('.katex-error, merror, [mathcolor="#cc0000"]'))
                wrong(`a formula that is not rendered: ${math.textContent}`);
        if (!page.querySelector('h1, h2, h3, img')) wrong('no heading and no picture');
        if (page.querySelector('.plain') && !body.innerText.trim()) wrong('nothing on it');
        if (!slide.querySelector('aside.notes').textContent.includes(' min')) wrong('no time in its notes');
    }
    return problems;
}"""


@pytest.fixture(scope="module")  # not longer: while Playwright runs, nbval cannot run in the same process
def decks(tmp_path_factory):
    """A page in Chromium, the folder with all decks, and the list of what the page has asked for."""
    required = os.environ.get("COURSE_REQUIRE_BROWSER") == "1"
    if not required:
        pytest.importorskip("playwright", reason="the slides' tests need Playwright: pip install -e .[test]")
    from chromium import NoChromium, browser

    with contextlib.ExitStack() as stack:
        try:
            if not slides.fetched():
                raise NoChromium("no reveal.js: `make slides-assets` fetches once what the slides need")
            chromium = stack.enter_context(browser())
        except NoChromium as missing:
            lack = str(missing)
        else:
            folder = tmp_path_factory.mktemp("slides")
            slides.build(LESSONS, folder)
            context, asked = chromium.new_context(viewport={"width": 1280, "height": 720}), []
            context.on("request", lambda request: asked.append(request.url))
            context.on("requestfailed", lambda request: asked.append(f"failed: {request.url}"))
            yield context.new_page(), folder, asked
            return
    pytest.fail(lack, pytrace=False) if required else pytest.skip(lack)


def present(page, path):
    page.goto(path.as_uri())
    page.wait_for_function("() => window.Reveal?.isReady()")


def check_requests(asked, folder):
    """Only files of the folder, and they are all there."""
    inside = (folder.as_uri(), "data:", "blob:", "about:")
    assert [url[:200] for url in asked if not url.startswith(inside)] == []
    asked.clear()


@pytest.mark.parametrize("lesson", LESSONS)
def test_deck(decks, lesson):
    page, folder, asked = decks
    errors = []
    page.once("pageerror", lambda error: errors.append(str(error)))
    present(page, folder / f"{lesson}.html")
    problems = page.evaluate(INSPECT)
    if shots := os.environ.get("COURSE_SCREENSHOTS"):
        take_pictures(page, Path(shots).resolve() / "slides" / lesson)
    assert problems == []
    assert errors == []
    assert page.evaluate("() => Reveal.getTotalSlides()") >= 10
    check_requests(asked, folder)


def take_pictures(page, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(page.evaluate("() => Reveal.getTotalSlides()")):
        page.evaluate(
            "n => { const {h, v} = Reveal.getIndices(Reveal.getSlides()[n]); Reveal.slide(h, v, 99); }", number
        )
        page.screenshot(path=folder / f"{number + 1:03}.png")


def test_an_output_is_covered_until_it_is_asked_for(decks):
    page, folder, _ = decks
    present(page, folder / "day1" / "04_back_propagation.html")
    covered = page.evaluate("""() => Reveal.getSlides().filter(slide => slide.querySelector('.fragment .output')).map(slide => {
        const {h, v} = Reveal.getIndices(slide), output = slide.querySelector('.output');
        const visible = () => output.checkVisibility({opacityProperty: true, visibilityProperty: true});
        Reveal.slide(h, v, -1);
        const before = visible();
        Reveal.next();
        return [before, visible()];
    })""")
    assert len(covered) >= 3
    assert all(pair == [False, True] for pair in covered)


def test_links_between_decks_lead_somewhere(decks):
    _, folder, _ = decks
    for path in [folder / "index.html", *folder.glob("day?/*.html"), folder / "00_start_here.html"]:
        for target in re.findall(r'href="(?!data:)([^"]+)"', path.read_text(encoding="utf-8")):
            if not target.endswith(".pdf"):
                assert (path.parent / target).exists() or not built(target), f"{path}: {target}"


def built(target):
    """Lessons that are announced may have no notebook yet."""
    return target.rpartition("/")[2].removesuffix(".html") in {name.rpartition("/")[2] for name in LESSONS}


def test_the_speaker_notes_open_and_follow(decks):
    page, folder, asked = decks
    present(page, folder / "day1" / "04_back_propagation.html")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    notes.wait_for_function(
        "() => document.querySelector('.speaker-controls-notes .value')?.textContent.includes(' min')"
    )
    page.evaluate("() => Reveal.slide(3)")
    title = "() => document.querySelector('.speaker-controls-notes .value').textContent.includes('Ask:')"
    page.evaluate("() => { const s = Reveal.getSlides().find(s => s.querySelector('aside').innerText.includes('Ask:'));"
                  " const {h, v} = Reveal.getIndices(s); Reveal.slide(h, v); }")  # fmt: skip
    notes.wait_for_function(title)
    notes.close()
    check_requests(asked, folder)


def test_a_pdf_has_a_page_for_each_slide(decks):
    page, folder, asked = decks
    lesson = LESSONS[0]
    slides.print_deck(page, folder / f"{lesson}.html", folder / f"{lesson}.pdf")
    pages = len(re.findall(rb"/Type\s*/Page\b", (folder / f"{lesson}.pdf").read_bytes()))
    present(page, folder / f"{lesson}.html")
    assert pages == page.evaluate("() => Reveal.getTotalSlides()")
    check_requests(asked, folder)
