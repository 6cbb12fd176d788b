"""tools/slides.py and tools/prose.py: what becomes of a notebook's cells. How it looks is for tests/browser/test_slides.py."""

import base64
import io
import os
import re

import nbformat
import npm
import pytest
import slides
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

import notebooks
from notebooks import folded


def markdown(source):
    return new_markdown_cell(source)


def ran(source, out="", png=None, alt="a rising line", tags=()):
    outputs = [new_output("stream", name="stdout", text=out)] if out else []
    if png:
        outputs.append(new_output("display_data", data={"image/png": png}, metadata={"image/png": {"alt": alt}}))
    return new_code_cell(source, outputs=outputs, metadata={"tags": list(tags)})


def png(width, height):
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode()


def deck(*cells, minutes=30):
    """A deck of a lesson with a title, a picture and these cells."""
    opening = [markdown("# Why?\n\nLook at this."), ran("import numpy\nshow()", png=png(720, 360))]
    cells = [markdown(cell) if isinstance(cell, str) else cell for cell in cells]
    return slides.Deck(new_notebook(cells=[*opening, *cells]), "day1/04_back_propagation", minutes)


def shown(slide):
    return "\n".join(item.html for item in slide.items)


def pages(made):
    """What the audience sees, slide by slide, without the opening one."""
    return [f"{slide.title}\n{shown(slide)}" for slide in made.slides[1:]]


# --- text ---


@pytest.mark.parametrize(
    "paragraph, parts",
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("It is 0.5. Or $a. B$. So.", ["It is 0.5.", "Or $a. B$.", "So."]),
        (
            "**Claim. Indeed.** It falls (slowly. Very). Done",
            ["**Claim. Indeed.**", "It falls (slowly. Very).", "Done"],
        ),
        (
            'He says "no." We go on, see [the. Lesson](a.ipynb).',
            ['He says "no."', "We go on, see [the. Lesson](a.ipynb)."],
        ),
        (
            "It has $σ$² of them. (None (or few. Or one).) So.",
            ["It has $σ$² of them.", "(None (or few. Or one).)", "So."],
        ),
        ("The slope is:\nthree. Then `a. B`.", ["The slope is: three.", "Then `a. B`."]),
    ],
)
def test_sentences_end_where_they_end(paragraph, parts):
    assert slides.sentences(paragraph) == parts


def test_sentences_are_taken_from_both_ends_and_none_that_only_leads_on():
    prose = slides.Prose(f"It falls. {'And so on and on. ' * 20}Will it rise? Here it is:")
    assert prose.first(40) == "It falls. And so on and on."
    assert prose.last(40, few=0) == "Will it rise? Here it is:"
    assert slides.Prose("Here is the whole range:").first() == ""
    assert slides.Prose("It falls. It rises. Now the other one.").first(leads=True) == "It falls. It rises."
    assert slides.Prose("Now a riddle. What do ten layers buy that two layers do not buy you?").first(leads=True) == ""
    assert slides.Prose(f"It does. {'On and on and on. ' * 9}").first(9, few=20) == "It does. On and on and on."


def test_a_sentence_that_defines_a_term_is_shown_with_what_it_refers_to():
    prose = slides.Prose("One. Each window becomes a row. It is called **im2col**. It is a well known remedy.")
    assert prose.terms() == "Each window becomes a row. It is called **im2col**."


def test_blocks_of_a_cell():
    cell = "## A\n\ntext\nmore\n\n$$x\n= y$$\n\n- a\n- b\n\n```python\nx\n\ny\n```\n\n| a |\n|---|\n| b |"
    assert [slides.kind(block) for block in slides.blocks(cell)] == [
        "heading", "prose", "formula", "list", "code", "table",
    ]  # fmt: skip


def test_links_lead_to_decks_or_nowhere():
    made = slides.to_html("[a](../day1/04_back_propagation.ipynb#x), [b](https://example.org/c), [d](data/e.npz)")
    assert made == '<p><a href="../day1/04_back_propagation.html">a</a>, b, d</p>\n'


# --- slides ---


def test_the_first_slide_has_title_figure_and_minutes():
    first = deck().slides[0]
    assert (first.look, first.title) == ("title", "Why?")
    assert 'alt="a rising line"' in shown(first) and "Day 1, lesson 4 · 30 minutes" in shown(first)
    assert "show()" not in shown(first)


def test_a_question_its_code_its_output_under_cover_and_what_it_says():
    section, slide, *rest = deck(
        "## A part\n\nIt begins like this.\n\nWhat will the sum of the two numbers be, four or five?",
        ran("print(2 + 2)", "4\n"),
        "Four, as always. But this is a second thought, which is not shown, because a slide has room for one or two short "
        "sentences, and the notes have all of them, this long one too. And a third one, to be sure that it is too long.",
    ).slides[1:]
    assert (section.look, section.title, rest) == ("section", "A part", [])
    assert "It begins like this." in shown(section)
    question, code, output, reading = [item.html for item in slide.items]
    assert "four or five?" in question and "print" in code and 'class="code"' in code
    assert output.startswith('<div class="fragment"><pre class="output"') and ">4<" in output
    assert "Four, as always." in reading and "second thought" not in reading
    assert any("second thought" in note for note in slide.notes)
    assert slide.asks == ["What will the sum of the two numbers be, four or five?"]


def test_without_a_question_nothing_is_covered():
    made = deck("## A part\n\nOnce.\n\nWe add two numbers, which takes one line of code.", ran("print(2 + 2)", "4\n"))
    assert "fragment" not in shown(made.slides[-1])


def test_a_figure_fills_the_slide_and_its_code_is_in_the_notes():
    slide = deck("## A part\n\nOnce.", ran("x = 1\ny = 2\nshow_it(x, y)", png=png(1080, 560))).slides[-1]
    assert (slide.look, len(slide.items)) == ("figure", 1)
    assert 'alt="a rising line"' in shown(slide) and 'width="1240" height="642"' in shown(slide)
    assert "show_it" in slide.notes[-2] and "a rising line" in slide.notes[-1]


READS = "It rises where the slope is steep, and falls where it is not."


@pytest.mark.parametrize(
    "words, size, height, look",
    [
        (READS, (1080, 360), 413, "figure"),  # room enough
        (READS, (1080, 560), 586, "figure"),  # a line: a tenth less
        (f"{READS} {READS}", (1080, 560), 554, "figure"),  # two lines
        (f"{READS} {READS * 4}.", (1080, 560), 586, "figure"),  # only the first sentence leaves it large
        (READS, (700, 560), 650, "tall figure"),  # beside it
    ],
)
def test_a_figure_has_the_sentence_that_reads_it(words, size, height, look):
    slide = deck("## A part", ran("show_it()", png=png(*size)), f"{words}\n\n## B\n\nWell.").slides[2]
    assert slide.look == look and f'height="{height}"' in shown(slide)
    assert f'<p class="takeaway">{READS}' in shown(slide)


def test_a_sentence_that_would_make_a_figure_small_stands_on_the_next_slide():
    figure, text, *_ = deck(
        "## A part", ran("show_it()", png=png(1080, 560)), f"{'Up and down ' * 30}.\n\n## B"
    ).slides[2:]
    assert 'height="642"' in shown(figure) and "Up and down" in shown(text) and text.look == "plain"


def test_a_figure_that_no_sentence_reads_has_the_one_that_leads_to_it():
    slide = deck("## A part\n\nOnce.\n\nHere is the line, drawn in blue:", ran("show_it()", png=png(1080, 360))).slides[
        -1
    ]
    assert slide.look == "figure" and "Here is the line" in shown(slide)


def test_a_sentence_that_leads_to_a_formula_stays_with_it():
    figure, text = deck("## A part", ran("show_it()", png=png(1080, 360)), f"{READS}\n\n$$u = xW$$").slides[2:]
    assert len(figure.items) == 1 and READS in shown(text) and "u = xW" in shown(text)


def test_every_paragraph_leaves_something_except_asides():
    made = deck("## A part\n\nOnce.\n\nA second thought about it.\n\n(An aside.)\n\nA third thought.\n\n## B\n\nWell.")
    _, slide, _ = made.slides[1:]
    assert shown(slide).count("<p") == 2 and "second thought" in shown(slide) and "third thought" in shown(slide)
    assert "(An aside.)" in slide.notes


def test_an_exercise_without_a_heading_has_the_sentence_that_asks_for_it():
    stub = '@exercise\ndef twice(x):\n    """Two times x,\n    for any x. Shape (N,)."""\n    ...'
    made = deck(
        "## A part\n\nText of the part.", ran("a = 1", "1"), "What is twice as much?", ran(stub, "○", tags=["exercise"])
    )
    slide = next(slide for slide in made.slides if slide.look == "exercise")
    assert "What is twice as much?" in shown(slide)
    assert "Two times x, for any x." in shown(slide) and "Shape" not in shown(slide)


def test_references_are_for_the_notes():
    made = deck("## Summary\n\n- One.\n\n**References.** A. Turing, 1936.")
    assert not any("Turing" in shown(slide) for slide in made.slides)
    assert any("Turing" in note for slide in made.slides for note in slide.notes)


def test_code_stands_with_its_output_wherever_both_fit():
    """18 lines, and a question that does not fit as well: it has a slide of its own."""
    source = "\n".join(f"a{k} = {k}" for k in range(13))
    question, slide = deck(
        "## A part\n\nOnce.\n\nWhat will it print, and why so many of them?", ran(source, "1\n2\n3\n4\n5")
    ).slides[2:]
    assert question.look == "question" and "What will it print" in shown(question)
    assert "a11" in shown(slide) and '<div class="fragment"><pre class="output"' in shown(slide)


def test_where_there_is_no_room_for_two_sentences_that_read_an_output_there_is_one():
    made = deck("## A part", ran("\n".join(f"a{k} = {k}" for k in range(16)), "1\n"), f"{READS} {READS}\n\n## B")
    assert shown(made.slides[2]).count(READS) == 1


def test_a_definition_stands_with_the_output_or_else_has_a_slide():
    reads = f"{READS} {READS} {READS} Learning by heart what the labels say is called **overfitting**. More."
    output, section = deck("## A part", ran("print(1)", "1\n"), f"{reads}\n\n## B").slides[2:]
    assert "<strong>overfitting</strong>" in shown(output) and "More" not in shown(output) and section.look == "section"
    source = "\n".join(f"a{k} = {k}" for k in range(16))
    output, text, _ = deck("## A part", ran(source, "1\n"), f"{reads}\n\n## B").slides[2:]
    assert READS in shown(output) and "overfitting" not in shown(output)
    assert text.look == "plain" and "<strong>overfitting</strong>" in shown(text) and "More" not in shown(text)


def test_what_leads_to_code_that_fills_the_slide_stands_before_it_unless_it_is_short():
    source = "\n".join(f"a{k} = {k}" for k in range(18))
    before, slide = deck(f"## A part\n\nOnce.\n\n{READS} {READS}", ran(source, "1\n")).slides[2:]
    assert READS in shown(before) and "a17" in shown(slide) and READS not in shown(slide)
    (slide,) = deck("## A part\n\nOnce.\n\nNow all of them:", ran(source, "1\n")).slides[2:]
    assert "Now all" not in shown(slide) and "Now all of them:" in slide.notes


def test_a_definition_that_leads_to_code_stays_with_it():
    words = f"{READS} Each gets four numbers, and we write them as a **column**:"
    first, second = deck("## A part", ran("print(1)", "1\n"), words, ran("print(2)", "2\n")).slides[2:]
    assert READS in shown(first) and "column" not in shown(first) and "<strong>column</strong>" in shown(second)


def test_where_they_do_not_fit_the_end_of_the_code_stands_with_the_output():
    source = "def f():\n    print(17)\n" + "\n".join(f"    a{k} = {k}" for k in range(10)) + "\n\n\nf()"
    out = "".join(f"line {k}\n" for k in range(12))
    definition, use = deck("## A part\n\nOnce.", ran(source, out)).slides[2:]
    assert "a9" in shown(definition) and "line 11" in shown(use)
    assert 'class="code"' in shown(use) and "17" not in shown(use)


def test_imports_that_would_have_a_slide_of_their_own_are_not_shown():
    source = "import numpy as np\n\n" + "\n".join(f"a{k} = {k}" for k in range(16))
    (slide,) = deck("## A part\n\nOnce.", ran(source, "1\n2\n3\n")).slides[2:]
    assert "numpy" not in shown(slide) and "a0" in shown(slide) and "a15" in shown(slide)


def test_code_that_prints_before_its_end_is_not_cut_for_the_output():
    source = "for k in range(3):\n    print(k)\n" + "\n".join(f"    a{k} = {k}" for k in range(10)) + "\n\nprint(17)"
    out = "".join(f"line {k}\n" for k in range(12))
    code, output = deck("## A part\n\nOnce.\n\nHow many?", ran(source, out)).slides[-2:]
    assert "a9" in shown(code) and "17" in shown(code)
    assert 'class="code"' not in shown(output) and "fragment" not in shown(output) and "line 11" in shown(output)


CLASS = """class A:
    first = 1

    def b(self):
        x = 1

        return x

    # the other way
    @property
    def c(self):
        for k in range(3):
            print(k)
        return 2"""


def test_code_is_cut_at_a_definition_or_a_blank_line_and_never_below_a_header():
    awkward = slides.cuts(CLASS)
    assert awkward == {3: 2, 6: 4, 8: 2, 13: 5}  # before b, in b, before c's comment, in c: none right below a header
    assert slides.cuts("a = 1\n\nfor k in a:\n    k\nb = 2") == {2: 0, 4: 1}


def test_long_code_is_divided_or_left_to_the_notes():
    longer = CLASS.replace("x = 1", "\n        ".join(f"x = {k}" for k in range(9)))
    assert [part.splitlines()[-1].strip() for part in slides.pieces(longer)] == ["return x", "return 2"]
    assert slides.pieces("f(\n" + "    1,\n" * 30 + ")") == []
    kept = deck("## A part\n\nOnce.", ran("f(\n" + "    17,\n" * 20 + ")", "done\n")).slides[2:]
    assert len(kept) == 1 and "17" not in shown(kept[0]) and "done" in shown(kept[0])
    assert any("    17," in note for note in kept[0].notes)


def test_a_long_output_goes_on_on_the_next_slide():
    made = deck("## A part\n\nOnce.", ran("go()", "".join(f"line {k}\n" for k in range(20)))).slides[2:]
    assert ["line 17" in shown(slide) for slide in made] == [False, True, False]
    assert ["line 18" in shown(slide) for slide in made] == [False, False, True]


def test_imports_and_timings_are_not_shown():
    made = deck(
        "## A part\n\nOnce.",
        ran("import numpy as np\nfrom a import b\n\nnp.set_printoptions(precision=3)"),
        ran("start = clock()", "about 10^3 times\n", tags=["timing"]),
    )
    assert "import" not in "".join(pages(made)) and "clock" not in "".join(pages(made))
    assert "10^3" in shown(made.slides[-1])


def test_what_comes_after_the_last_slide_is_in_its_notes():
    last = deck("## A part\n\nOnce.", ran("import numpy as np")).slides[-1]
    assert any("import numpy as np" in note for note in last.notes)


def test_a_formula_stands_between_what_leads_to_it_and_what_explains_it():
    slide = deck("## A part\n\nOnce.\n\nWrite it down, and you get\n\n$$u = xW$$\n\nHere $u$ is a row.").slides[-1]
    lead, formula, words = [item.html for item in slide.items]
    assert "you get" in lead and '<div class="math block">\nu = xW' in formula and "is a row." in words


def test_formulas_that_are_too_wide_go_below_each_other():
    part = "u_1 = x_0 w_{01} + x_1 w_{11} + x_2 w_{21} + b_1 + c"
    assert "gathered" in slides.formula(f"$${part}, \\qquad {part}, \\qquad {part}$$").html
    assert "gathered" not in slides.formula(f"$${part}, \\qquad z = u$$").html


def test_a_long_table_and_a_long_list_go_on_on_the_next_slide():
    table = "| a | b |\n|---|---|\n" + "\n".join(f"| row {k} | x |" for k in range(15))
    made = deck(f"## A part\n\nOnce.\n\nThe table:\n\n{table}").slides[2:]
    assert len(made) == 2 and all("<th>a</th>" in shown(slide) for slide in made)
    points = "\n".join(f"- point {k} " + "and so on " * 20 for k in range(8))
    made = deck(f"## A part\n\nOnce.\n\n{points}").slides[2:]
    assert len(made) > 1 and sum(shown(slide).count("<li>") for slide in made) == 8


QUIZ = [
    "**Quiz.** Which is *even*?\n\n- **a** three\n- **b** four",
    ran('quiz("even", answer=...)', tags=["quiz"]),
    folded("Answer", "**b**. two times two.\n\nBecause.").split("\n\n", 1)[1].removesuffix("\n\n+++"),
]


def test_a_quiz_is_a_question_and_then_its_answer():
    question, answer = deck("## Try it", *QUIZ).slides[1:]
    assert (question.title, answer.title) == ("Quiz", "Quiz: the answer")
    assert "right" not in shown(question) and "two times" not in shown(question) and "quiz(" not in shown(question)
    assert re.findall(r'class="choice (\w+)"><b>(\w)', shown(answer)) == [("wrong", "a"), ("right", "b")]
    assert "two times two" in shown(answer) and "Because." in answer.notes


def test_an_exercise_is_named_and_its_solution_is_nowhere():
    stub = '@exercise\ndef twice(x):\n    """Two times x.\n\n    x: a number.\n    """\n    ...'
    solution = folded("Solution", "```python\nreturn x + x\n```").split("\n\n", 1)[1].removesuffix("\n\n+++")
    made = deck("## Try it\n\n**Doubling.** Can you? Go.", ran(stub, "○ twice", tags=["exercise"]), solution)
    (slide,) = made.slides[1:]
    assert (slide.look, slide.title) == ("exercise", "Try it")
    assert "<strong>Doubling.</strong> Can you? Go." in shown(slide) and "<code>twice</code> Two times x." in shown(
        slide
    )
    assert "○" not in shown(slide) and "x + x" not in made.page()


def test_an_exercise_that_begins_with_code_shows_it():
    """Find the bug."""
    stub = '@exercise\ndef twice(x):\n    """Repair."""\n    return x + 2'
    made = deck("## Try it\n\n**Find the bug.** Go.", ran(stub, "✗", tags=["exercise"]))
    (slide,) = made.slides[1:]
    assert "<code>twice</code> Repair." in shown(slide) and slides.code(stub.removeprefix("@exercise\n")) in slide.items
    assert slides.code(stub.replace("return x + 2", "...")) not in slide.items


def test_a_claim_is_the_title_of_its_experiment():
    slide = deck(
        '## Common mistakes\n\n**Claim: "it is odd."** Count it.', ran("print(4)", "4\n"), "Verdict: wrong."
    ).slides[-1]
    assert slide.title == 'Claim: "it is odd."'
    assert "Count it." in shown(slide) and "Verdict: wrong." in shown(slide)


def test_half_of_the_minutes_are_for_talking_and_the_clock_counts_those():
    stub = ran("@exercise\ndef twice(x):\n    ...", "○", tags=["exercise"])
    made = deck("## A part\n\nOnce.\n\nWrite it.", stub, "## B\n\nTwice.", *QUIZ, minutes=40)
    exercise = [slide.seconds for slide in made.slides if slide.look == "exercise"]
    assert exercise == pytest.approx([20 * 60])
    assert sum(slide.seconds for slide in made.slides) == pytest.approx(40 * 60)
    page = made.page()
    assert sum(map(int, re.findall(r'data-timing="(\d+)"', page))) == pytest.approx(40 * 60, abs=len(made.slides))
    assert "<b>Talk: 0:00 to " in page and " to 20:00 of 20 min</b>" in page and "<b>Exercise: 20 min" in page


# --- the lessons ---


@pytest.fixture(scope="module", params=slides.lessons())
def lesson(request):
    nb = nbformat.read(notebooks.notebook_of(request.param), as_version=4)
    return nb, slides.deck_of(request.param)


def test_nothing_is_lost(lesson):
    """Each paragraph is in the notes, each figure is on a slide, and each line that was printed."""
    nb, made = lesson
    notes = {note for slide in made.slides for note in slide.notes}
    seen = "\n".join(shown(slide) for slide in made.slides)
    text = slides.html.unescape(seen) + "\n".join(notes)
    for number, cell in enumerate(nb.cells):
        if cell.cell_type == "markdown":
            prose = [
                b for b in slides.blocks(cell.source) if slides.kind(b) == "prose" and "**Quiz.**" not in cell.source
            ]
            assert [block for block in prose if block not in notes] == [], f"cell {number}"
        elif not {"exercise", "quiz"} & set(cell.metadata.get("tags", [])):
            assert all(figure.png in seen for figure in slides.figures(cell)), f"cell {number}"
            assert [line for line in slides.printed(cell).splitlines() if line not in text] == []


def test_code_and_its_output_stand_together(lesson):
    """Where their lines are few. Code that is not shown (imports, timings) is in the notes."""
    nb, made = lesson
    for number, cell in enumerate(nb.cells):
        lines = len(re.sub(r"\n{3,}", "\n\n", cell.source).splitlines())
        ours = cell.cell_type == "code" and not {"exercise", "quiz", "timing"} & set(cell.metadata.get("tags", []))
        if ours and (out := slides.printed(cell)) and lines + len(out.splitlines()) < 19:
            end = slides.code(cell.source.splitlines()[-1]).html.partition("<code>")[2]
            first = slides.html.escape(out.splitlines()[0])
            both = [slide for slide in made.slides if end.removesuffix("</code></pre>") in shown(slide)]
            assert not both or any(first in shown(slide) for slide in both), f"cell {number}"


def test_no_address_and_no_solution(lesson):
    _, made = lesson
    page = made.page()
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*//[^"]*"', page) == []
    assert "<details" not in page and "Solution</summary>" not in page


# --- what is fetched ---


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(npm, "CACHE", tmp_path)
    return tmp_path


def test_another_package_than_the_pinned_one_is_refused_and_deleted(cache):
    archive = npm.archive_of("@scope/name", "1.0.0")
    archive.write_bytes(b"something else")
    with pytest.raises(npm.Stop, match="its hash differs"):
        npm.package("@scope/name", "1.0.0", "AAAA")
    assert not archive.exists()


def test_without_npm_one_line_says_what_to_do(cache, monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(npm.sys, "executable", os.devnull)
    with pytest.raises(npm.Stop, match=r"there is no npm: install Node\.js"):
        npm.package("name", "1.0.0", "AAAA")


def test_what_has_not_changed_is_not_written_again(tmp_path):
    path = tmp_path / "a" / "b.html"
    slides.write(path, "x")
    os.utime(path, (1, 1))
    slides.write(path, "x")
    assert path.stat().st_mtime == 1
    slides.write(path, "y")
    assert path.stat().st_mtime > 1


def test_a_name_that_no_lesson_begins_with_is_refused_with_those_that_exist(monkeypatch, capsys):
    monkeypatch.setattr(slides.sys, "argv", ["slides.py", "day1/01", "nix"])
    assert slides.main() == 1
    assert re.match(r"No lesson begins with 'nix'. There are: 00_start_here, day1/01_", capsys.readouterr().err)
