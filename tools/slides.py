"""Every built notebook as a reveal.js deck that works offline, and as a PDF, in build/slides/.

    python tools/slides.py                 every deck and its PDF (only what changed)
    python tools/slides.py day1/01         the lessons whose name begins so
    python tools/slides.py --no-pdf        without the PDFs, for which Chromium is needed
    python tools/slides.py --assets        only fetch reveal.js, KaTeX and the fonts (once, with network)

Nothing is executed: what a deck shows is what the notebook has stored. A deck is made by rule, so a lecturer gets it for
every lesson and nobody maintains it:

- A heading opens a section. A figure gets a slide of its own, as large as it will be. Code of at most 14 lines is shown
  between the question that leads to it and its output, which a click uncovers, with the sentence that reads it.
- Of the prose the slides keep the first or last sentences of a paragraph, formulas, lists and tables; the speaker notes
  (key S) have all of it, with the time, the questions to ask, and the code that is not shown.
- A quiz is two slides, the question and the answer. Exercises are named; they are done in the notebook.
"""

import argparse
import ast
import base64
import contextlib
import html
import re
import shutil
import struct
import sys
import tarfile
from collections import namedtuple
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from string import Template

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from npm import Stop, archive_of, package
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

import notebooks

BUILD = notebooks.ROOT / "build" / "slides"
DECK = Path(__file__).with_name("deck")  # page, style and script of a deck
# Pinned, with the hash of the package: (name, version, hash, what of it a deck needs).
PACKAGES = [
    ("reveal.js", "5.2.1", "r7//6mIM5p34hFiDMvYfXgyjXqGRta+/psd9YtytsgRlrpRzFv4RbH76TXd2qD+7ZPZEbpBDhdRhJaFgfQ7zNQ==",
     r"LICENSE|dist/reveal\.(js|css)|plugin/notes/notes\.js"),
    ("katex", "0.16.22", "XCHRdUw4lf3SKBaJe4EvgqIuWwkPSo9XoeO8GjQW94Bp7TWv9hNhzZjZ+OH9yf1UmLygb7DIT5GSFQiyt16zYg==",
     r"LICENSE|dist/katex\.min\.(js|css)|dist/fonts/.*\.woff2"),
    ("@fontsource/source-sans-3", "5.3.0", "VrWixSgF93kOVSEkwjs9ImnAbxrBew4PgcnaJYEitG9TyJSwxjFUNJIgzB1XFP/acyAWcTDg7+sWe7JI8LTB9w==",
     r"LICENSE|(400|400-italic|700)\.css|files/.*-(latin|latin-ext|greek)-(400-normal|400-italic|700-normal)\.woff2"),
    ("@fontsource/ubuntu-mono", "5.3.0", "hLwLkeAV9YvLSOWExn0heOXy+EB4wKnt648qS5FaqsiCZDS8X9kR/ueIBzzX/vNSXjFkhLRSTKqlOfFvHdD4Bw==",
     r"LICENSE|(400|700)\.css|files/.*-(latin|latin-ext|greek)-(400|700)-normal\.woff2"),
]  # fmt: skip

# The slide's inside in pixels (theme.css), and how much fits: estimates on the safe side, since no browser is asked.
WIDTH, HEIGHT = 1168, 556
LINE, PER_LINE, GAP = 37, 80, 16  # a line of text, its characters, the space below a block
CODE, CODE_MIN, CODE_MAX = 22.6, 22, 30  # the size of code that is reckoned with, and its limits
CODE_LINES, CODE_LONG = 14, 18  # lines on a slide, and where no blank line divides them
SHORT, LEAD = 170, 240  # characters of a condensed paragraph, and of the question that leads to an experiment
FEW = 60  # fewer do not stand alone


# --- text -------------------------------------------------------------------------------------------------------------

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").use(dollarmath_plugin, allow_space=False)
BLOCKS = re.compile(
    r"^```.*?^```|^\$\$.*?\$\$ *$|^<details>.*?</details>|(?:(?!^\$\$|^```)[^\n]+\n?)+", re.DOTALL | re.MULTILINE
)
WHOLE = re.compile(
    r"\*\*.+?\*\*|\$[^$]+\$|`[^`]+`|\[[^\]]*\]\([^)]*\)|\((?:[^()]|\([^()]*\))*\)", re.DOTALL
)  # never cut in there
END = re.compile(r"(?<=[.!?])(?=\s)|(?<=[.!?][\"”*)])(?=\s+[A-Z])")
PREDICT = re.compile(r"\?(?=\W|$)|\b(guess|predict|expect|decide|bet|before you (run|look))\b", re.IGNORECASE)


def to_html(markdown, inline=False):
    """HTML, with links to other lessons as links to their decks, and other links as text: no address leads outside."""
    text = re.sub(r"\]\(([^)#]+)\.ipynb(#[^)]*)?\)", r"](\1.html)", markdown)
    text = re.sub(r"\[([^\]]*)\]\((?!\S+\.html\))[^)]*\)", r"\1", text)
    rendered = MARKDOWN.renderInline(text) if inline else MARKDOWN.render(text)
    return re.sub(r'(<span class="math inline">[^<]{,25}</span>[,.:;?!)]+)', r'<span class="keep">\1</span>', rendered)


def blocks(markdown):
    """The paragraphs, lists, tables, formulas and so on of a Markdown cell."""
    return [match[0].strip() for match in BLOCKS.finditer(markdown) if match[0].strip()]


def kind(block):
    starts = {"#": "heading", "$$": "formula", "|": "table", "- ": "list", "1. ": "list", "```": "code", "<": "html"}
    return next((name for start, name in starts.items() if block.startswith(start)), "prose")


def sentences(paragraph):
    """Its sentences; formulas, code, links, brackets and bold text are never cut."""
    kept = []

    def keep(match):
        kept.append(match[0])
        return f"\0{len(kept) - 1}\0{end_within(match[0])}"

    text = WHOLE.sub(keep, " ".join(paragraph.split()))
    parts = [part.strip() for part in END.split(text) if part.strip()]
    return [re.sub(r"\0(\d+)\0[.!?]?", lambda m: restored(m, kept), part) for part in parts]


def end_within(whole):
    """The full stop that ends a sentence within bold text or brackets, or nothing."""
    closing = 2 if whole.startswith("**") else 1 if whole.startswith("(") else len(whole)
    return whole[-closing - 1 : -closing] if whole[-closing - 1 : -closing] in (".", "!", "?") else ""


def restored(match, kept):
    whole = kept[int(match[1])]
    return whole + ("" if end_within(whole) else match[0].rpartition("\0")[2])


def seen(text):
    """How many characters a reader sees of Markdown, roughly: a formula's commands are shorter than they are written."""
    text = re.sub(r"\]\([^)]*\)|\*\*|`", "", text)
    return len(re.sub(r"\$[^$]+\$", lambda m: "x" * ceil(len(re.sub(r"\\[a-zA-Z]+|[{}$_^\\]", "x", m[0])) * 0.8), text))


class Prose:
    """A paragraph whose sentences are taken from either end; what nobody takes stays in the notes."""

    def __init__(self, text):
        self.text, self.all = text, sentences(text)
        self.start, self.end = 0, len(self.all)  # what is left

    @property
    def left(self):
        return self.all[self.start : self.end]

    def first(self, limit=SHORT, ask=True):
        """The first sentences, but none that only leads on ("Here is the whole range:"), nor (ask=False) a question."""
        end = self.start
        while end < self.end and self.all[end][-1] in '.!?)"”*':
            words = " ".join(self.all[self.start : end + 1])
            if (end > self.start and seen(words) > limit) or (PREDICT.search(self.all[end]) and not ask):
                break
            end += 1
        words = " ".join(self.all[self.start : end])
        if not ask and seen(words) < FEW < seen(self.text):  # "Now the riddle."
            return ""
        self.start = end
        return words

    def last(self, limit=LEAD, few=FEW):
        """The last sentences; where few words are left, with the one before, though it was shown already."""
        start = self.end
        while start > self.start and (start == self.end or seen(" ".join(self.all[start - 1 : self.end])) <= limit):
            start -= 1
        while start and self.start < self.end and seen(" ".join(self.all[start : self.end])) < few:
            start -= 1
        words, self.end = " ".join(self.all[start : self.end]), min(start, self.end)
        return words


# --- slides -----------------------------------------------------------------------------------------------------------

Item = namedtuple("Item", "html height")


@dataclass
class Slide:
    title: str = ""  # Markdown
    items: list = field(default_factory=list)
    look: str = "plain"  # or title, section, figure, question, quiz
    notes: list = field(default_factory=list)  # Markdown
    asks: list = field(default_factory=list)  # Markdown
    seconds: float = 0  # before the lesson's minutes are distributed

    def add_note(self, markdown):
        self.notes.append(markdown)
        if kind(markdown) == "prose":
            self.asks += [s for s in sentences(markdown) if PREDICT.search(s)]
        self.seconds += len(markdown.split()) / 2.5  # as one speaks

    def fits(self, items):
        """Is there room for these as well? A figure's slide has no heading."""
        return height([*self.items, *items]) <= (632 if self.look == "figure" else HEIGHT)


def text(markdown, look=""):
    lines = ceil(seen(markdown) / PER_LINE)
    return Item(f'<p class="{look}">{to_html(markdown, inline=True)}</p>', lines * LINE + GAP)


def formula(block):
    """A formula of its own; what stands side by side goes one below the other where it is too wide."""
    parts = re.split(r"(?:\\qquad\s*)+", re.sub(r"\s+", " ", block.strip("$ \n")))
    if drawn(block) > 54 and len(parts) > 1 and "\\begin" not in block:
        step = 1 if len(parts) == 2 else 2
        rows = [r" \qquad ".join(parts[k : k + step]) for k in range(0, len(parts), step)]
        block = "$$\\begin{gathered} " + r" \\[.3em] ".join(rows) + " \\end{gathered}$$"
    high = 96 if re.search(r"\\[dt]?frac|\\sum|underbrace", block) else 56
    return Item(f'<div class="formula">{to_html(block)}</div>', 24 + high * (block.count("\\\\") + 1))


def drawn(tex):
    """How many signs wide a formula is, roughly."""
    tex = re.sub(r"\\(text|mathrm|operatorname|left|right|[bB]ig[lr]?|lVert|tfrac|,|;|!)|\\q+uad", " ", tex)
    tex = re.sub(r"\\d?frac *{([^{}]*)}{([^{}]*)}", lambda m: max(m[1], m[2], key=len), tex)
    return len(re.sub(r"\\[a-zA-Z]+", "x", re.sub(r"[_^]{[^}]*}|[_^].", ".", tex)).replace(" ", "").strip("$"))


def lists(block):
    """Its items one by one, so that a long list goes on on the next slide."""
    items = re.split(r"\n(?=- |\d+\. )", block)
    tag = "ul" if block.startswith("- ") else "ol"
    for number, item in enumerate(items, 1):
        start = f' start="{number}"' if tag == "ol" else ""
        inside = to_html(re.sub(r"^(- |\d+\. )", "", " ".join(item.split())), inline=True)
        yield Item(f"<{tag}{start}><li>{inside}</li></{tag}>", ceil((seen(item)) / (PER_LINE - 4)) * LINE + 10)


def tables(block):
    """The table, in pieces of as many rows as fit."""
    head, rule, *rows = block.splitlines()
    columns = head.count("|") - 1
    widths = [max(seen(row.split("|")[k + 1]) for row in [head, *rows]) for k in range(columns)]
    room = 100 - 3 * columns
    share = [max(6, min(w, room * w / max(sum(widths), room))) for w in widths]
    heights = [18 + 32 * max(ceil(seen(c.strip()) / s) for c, s in zip(row.split("|")[1:-1], share)) for row in rows]
    piece, used = [], 60
    for row, height in zip(rows, heights):
        if piece and used + height > HEIGHT - 130:
            yield Item(to_html("\n".join([head, rule, *piece])), used)
            piece, used = [], 60
        piece, used = [*piece, row], used + height
    yield Item(to_html("\n".join([head, rule, *piece])), used)


def preformatted(source, look, inside):
    """Code or output: as large as the text if its longest line allows (Ubuntu Mono is half as wide as high)."""
    longest = max(map(len, source.splitlines()), default=0)
    largest = min(CODE_MAX, max(CODE_MIN, (WIDTH - 52) * 2 // max(longest, 1)))
    size = min(CODE, largest)
    lines = sum(max(1, ceil(len(line) * size / 2 / (WIDTH - 52))) for line in source.splitlines())
    style = f"font-size: min({largest}px, .94em)"
    return Item(f'<pre class="{look}" style="{style}"><code>{inside}</code></pre>', lines * size * 1.3 + 24 + GAP)


def code(source):
    return preformatted(source, "code", highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip())


def output(source):
    return preformatted(source, "output", html.escape(source))


def height(items):
    return sum(item.height for item in items)


def fragment(item):
    return Item(f'<div class="fragment">{item.html}</div>', item.height)


Figure = namedtuple("Figure", "png alt width height")


def figures(cell):
    """The figures that a code cell shows."""
    for out in cell.get("outputs", []):
        if "image/png" in out.get("data", {}):
            png = out["data"]["image/png"].replace("\n", "")
            size = struct.unpack(">II", base64.b64decode(png[:48])[16:24])
            yield Figure(png, out.get("metadata", {}).get("image/png", {}).get("alt", ""), *size)


def image(figure, room, width=1240):
    """As large as fits, up to a little more than its pixels."""
    scale = min(width / figure.width, room / figure.height, 1.7)
    size = int(figure.width * scale), int(figure.height * scale)
    source = f"data:image/png;base64,{figure.png}"
    return Item(f'<img src="{source}" alt="{html.escape(figure.alt)}" width="{size[0]}" height="{size[1]}">', size[1])


def printed(cell):
    return "".join(out.get("text", "") for out in cell.outputs if out.get("name") == "stdout").rstrip()


def pieces(source):
    """Code without superfluous blank lines, in pieces of at most CODE_LINES lines that end at a blank line; or None."""
    done = []
    for part in re.split(r"\n\s*\n", source.strip("\n")):
        longer = f"{done[-1]}\n\n{part}" if done else part
        if done and len(longer.splitlines()) <= CODE_LINES:
            done[-1] = longer
        elif len(part.splitlines()) <= CODE_LONG:
            done.append(part)
        else:
            return None
    return done if len(done) <= 3 else None


def is_setup(source):
    """True for code that only imports, or sets how NumPy prints."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return all(isinstance(s, ast.Import | ast.ImportFrom) or "set_printoptions" in ast.unparse(s) for s in body)


# --- from a notebook's cells to slides --------------------------------------------------------------------------------


class Deck:
    """`stacks` is a list of sections, each a list of slides."""

    def __init__(self, nb, label, minutes):
        self.label, self.minutes = label, minutes
        self.stacks, self.title, self.reads = [], "", None  # reads: the slide whose output the next sentence reads
        self.waiting, self.opens = [], False  # notes for the slide to come; whether it opens a section
        run = []
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                run += blocks(cell.source)
            else:
                self.code_cell(cell, run)
                run = []
        self.words(self.folded(run))
        for note in self.waiting:
            self.stacks[-1][-1].add_note(note)
        self.distribute()

    @property
    def slides(self):
        return [slide for stack in self.stacks for slide in stack]

    def new(self, title=None, items=(), look="plain", section=False, seconds=15.0):
        slide = Slide(self.title if title is None else title, list(items), look, seconds=seconds)
        for note in self.waiting:
            slide.add_note(note)
        self.waiting = []
        if section or self.opens or not self.stacks:
            self.stacks.append([])
            self.opens = False
        self.stacks[-1].append(slide)
        self.reads = None
        return slide

    def add(self, items, slide=None, title=None):
        """The items on the slide if they fit, the rest on further ones; returns the last slide."""
        slide = slide or self.new(title)
        for item in items:
            if slide.items and not slide.fits([item]):
                slide = self.new(slide.title)
            slide.items.append(item)
        return slide

    # A run of text between two code cells.

    def words(self, run, then=None):
        """Slides from the blocks `run`; returns the sentences that lead to what comes `then` ("code" or None)."""
        paragraphs = [Prose(block) if kind(block) == "prose" else None for block in run]
        noted = {0} if run and self.takeaway(run, paragraphs[0], then) else set()
        slide = None  # the text slide that is being filled
        for k, (block, prose) in enumerate(zip(run, paragraphs)):
            before = paragraphs[k - 1] if k else None
            after = paragraphs[k + 1] if k + 1 < len(run) else None
            leads = then and k + 1 == len(run)
            if kind(block) == "heading":
                slide = self.heading(block, after)
            elif prose and block.startswith("**References"):
                self.waiting.append(block)
            elif prose and (bold := re.match(r"\*\*(.+?)\*\*\s*", block)) and k not in noted:
                slide = self.bold(block, bold, prose, leads, slide)
            elif prose and k not in noted:
                (slide.add_note if slide and not leads else self.waiting.append)(block)
            elif not prose:
                intro = before.last(SHORT, few=0) if before else ""
                items = [*([text(intro)] if intro else []), *self.shown(block)]
                slide = self.add(items, slide if slide and slide.look == "plain" and slide.fits(items) else None)
                if after and not after.text.startswith("**"):
                    ask = not (then and k + 2 == len(run))  # a question that leads to the code stays with it
                    words = Prose(after.text).first(ask=ask)
                    if words and slide.fits([text(words)]) and (ask or words != " ".join(after.left)):
                        after.first(ask=ask)
                        slide.items.append(text(words))
        return paragraphs[-1].last() if then and run and paragraphs[-1] else ""

    def takeaway(self, run, prose, then):
        """Put the sentence that reads an output below it; False if there is none, or no room, or it leads on."""
        if not (self.reads and prose) or prose.text.startswith("**") or (then and len(run) == len(prose.left) == 1):
            return False
        words = Prose(prose.text).first(ask=not (then and len(run) == 1))
        item = fragment(text(words, "takeaway"))
        if not words or not self.reads.fits([item]):
            return False
        prose.first(ask=not (then and len(run) == 1))
        self.reads.items.append(item)
        self.reads.add_note(prose.text)
        return True

    def heading(self, block, after):
        level, _, self.title = block.partition(" ")
        if level == "#":
            return self.new(look="title", section=True, seconds=60)
        if level == "##":
            if self.title in ("Try it", "Summary"):  # slides of their own say so
                self.opens = True
                return None
            words = after.first() if after and not after.text.startswith("**") else ""
            return self.new(items=[text(words)] if words else [], look="section", section=True, seconds=15)
        return None

    def bold(self, block, bold, prose, leads, slide):
        """A paragraph that begins in bold, which is its title: a claim, a term, "You will"."""
        title = bold[1].rstrip(".:")
        rest = block[bold.end() :]
        prose.__init__(block if leads and rest[:1].islower() else rest)  # "**The derivative** says …"
        if leads:
            self.waiting.append(block)
            self.title = title
            return slide
        if not prose.left:  # a list follows
            self.title = title
            self.waiting.append(block)
            return None
        item = text(f"**{bold[1]}** {prose.first()}")
        slide = slide if slide and slide.look == "plain" and slide.fits([item]) else self.new()
        slide.items.append(item)
        slide.add_note(block)
        return slide

    def shown(self, block):
        match kind(block):
            case "formula":
                yield formula(block)
            case "list":
                yield from lists(block)
            case "table":
                yield from tables(block)
            case "code":
                yield code(re.sub(r"^```.*\n|\n```$", "", block))

    # A code cell and what it shows.

    def code_cell(self, cell, run):
        """Slides for the text before a code cell, and for the cell."""
        tags, run = cell.metadata.get("tags", []), self.folded(run)
        if "quiz" in tags:
            start = next(k for k, block in enumerate(run) if block.startswith("**Quiz.**"))
            self.words(run[:start])
            self.quiz(run[start:])
        elif "exercise" in tags:
            self.exercise(cell, run)
        elif not self.stacks and list(figures(cell)):
            self.hero(cell, run)
        else:
            self.experiment(cell, self.words(run, then="code"), hide="timing" in tags)

    def folded(self, run):
        """Without what is folded in the notebook: answers to a quiz and solutions."""
        for block in run:
            if block.startswith("<details><summary>Answer"):
                self.answer(block)
        return [block for block in run if kind(block) != "html"]

    def hero(self, cell, run):
        self.words(run)
        slide = self.slides[0]
        where = re.match(r"day(\d+)/0*(\d+)", self.label)
        place = f"Day {where[1]}, lesson {where[2]} · " if where else ""
        slide.items = [
            image(next(figures(cell)), 505 - 70 * (seen(slide.title) > 38), WIDTH),
            Item(f"<p class='place'>{place}{self.minutes} minutes</p>", 40),
        ]
        slide.notes += [f"```python\n{cell.source}\n```", *([f"```\n{out}\n```"] if (out := printed(cell)) else [])]

    def experiment(self, cell, lead, hide):
        self.reads = None
        out, shown = printed(cell), list(figures(cell))
        source = None if hide or is_setup(cell.source) or (shown and not out) else pieces(cell.source)
        if not source:
            self.waiting.append(f"```python\n{cell.source}\n```")
        asks = bool(PREDICT.search(lead))
        if source or out:
            *definitions, last = source or [None]
            for piece in definitions:
                self.new(items=[*([text(lead, "lead")] if lead else []), code(piece)], seconds=20)
                lead = ""
            self.code_and_output(lead, last, out, asks)
        elif lead and asks:
            self.new(items=[text(lead, "lead")], look="question", seconds=30)
        for number, figure in enumerate(shown):
            self.figure(figure, lead if not (source or out or asks or number) else "")

    def code_and_output(self, lead, source, out, asks):
        """On one slide if they fit, otherwise on two or more."""
        first = [*([text(lead, "lead")] if lead else []), *([code(source)] if source else [])]
        lines = out.splitlines()
        parts = [output("\n".join(lines[k : k + CODE_LINES])) for k in range(0, len(lines), CODE_LINES)]
        if source and height(first) > HEIGHT + GAP:  # the code alone; the notes have the rest
            if asks:
                self.new(items=first[:1], look="question", seconds=20)
            first = first[1:]
        room = HEIGHT if len(lines) < 3 else HEIGHT - 2 * LINE - GAP  # for the sentence that reads the output
        if len(parts) == 1 and height([*first, *parts]) <= room:
            first, parts = [*first, fragment(parts[0]) if asks and first else parts[0]], []
        slide = self.new(items=first, seconds=40) if first else None
        for part in parts:
            slide = self.new(items=[part], seconds=20)
        self.reads = slide if out else None

    def figure(self, figure, lead):
        room = 650
        wide = 1240 / figure.width * figure.height <= 530  # leaves room for the sentence that reads it
        slide = self.new("", [image(figure, 530 if wide else room)], "figure", seconds=45)
        if lead:
            slide.add_note(lead)
        slide.notes.append(f"The figure: {figure.alt}")
        self.reads = slide if wide else None

    def quiz(self, run):
        question, *rest = run
        options = re.split(r"\n(?=- )", next((b for b in rest if kind(b) == "list"), ""))
        self.options = options
        middle = [item for b in rest if kind(b) not in ("list", "html", "prose") for item in self.shown(b)]
        self.asked = [text(question.removeprefix("**Quiz.** "), "lead"), *middle]
        slide = self.new("Quiz", [*self.asked, *self.choices(None)], "quiz", seconds=60)
        slide.asks.append("Everybody votes before anybody explains.")

    def choices(self, right):
        for option in self.options:
            letter, words = re.match(r"- \*\*(\w)\*\* (.*)", option, re.DOTALL).groups()
            look = "" if right is None else "right" if letter == right else "wrong"
            inside = f"<b>{letter}</b><span>{to_html(' '.join(words.split()), inline=True)}</span>"
            yield Item(f'<div class="choice {look}">{inside}</div>', ceil(seen(words) / (PER_LINE - 8)) * LINE + 22)

    def answer(self, block):
        explanation = re.sub(r"</?details>|<summary>.*?</summary>", "", block).strip()
        right = re.match(r"\*\*(\w)\*\*", explanation)[1]
        slide = self.new("Quiz: the answer", [*self.asked, *self.choices(right)], "quiz", seconds=20)
        for paragraph in blocks(explanation):
            slide.add_note(paragraph)
        why = Prose(re.sub(r"^\*\*\w\*\*\.? *", "", blocks(explanation)[0])).first()
        item = text(f"**{right}:** {why}", "takeaway")
        if why and slide.fits([item]):
            slide.items.append(item)

    def exercise(self, cell, run):
        """Exercises are done in the notebook; the slide names them."""
        name = re.search(r"^(?:def|class) (\w+)", cell.source, re.MULTILINE)[1]
        begins = [k for k, block in enumerate(run) if block.startswith(("### ", "**"))]
        start = begins[-1] if begins else max(0, len(run) - 1)
        if run and kind(run[start]) == "heading":
            start += 1
        self.words(run[:start])
        task = run[start] if start < len(run) and kind(run[start]) == "prose" else ""
        bold = re.match(r"\*\*(.+?)\*\*\s*", task)
        words = Prose(task[bold.end() :] if bold else task).first(120) if begins else Prose(task).last(LEAD, few=0)
        says = re.search(r'"""(.+?)"""', cell.source, re.DOTALL)
        says = re.sub(r"`(.+?)`", r"<code>\1</code>", html.escape(sentences(says[1])[0])) if says else ""
        item = text(f"{f'**{bold[1]}** ' if bold else ''}{words}".strip())
        stub = f"<p class='stub'><code>{name}</code> {says}</p>"
        item = Item(
            (item.html if bold or words else "") + stub, item.height + ceil(len(name + says) / PER_LINE) * LINE + GAP
        )
        here = self.stacks[-1][-1]
        if self.opens or here.look != "exercise" or not here.fits([item]):
            title = self.title if self.title in ("Try it",) or self.title.startswith("Your turn") else "Your turn"
            here = self.new(title, look="exercise", seconds=10)
        here.items.append(item)
        for block in run[start:]:
            here.add_note(block)
        here.seconds += 180

    # The time.

    def distribute(self):
        """The lesson's minutes over its slides, by what there is to say and to look at."""
        total = sum(slide.seconds for slide in self.slides)
        for slide in self.slides:
            slide.seconds *= 60 * self.minutes / total

    def page(self):
        """The deck as a page of HTML."""
        clock, sections = 0.0, []
        for stack in self.stacks:
            slides = []
            for slide in stack:
                slides.append(section(slide, clock, self.label))
                clock += slide.seconds
            sections.append("<section>\n" + "\n".join(slides) + "\n</section>")
        title = html.escape(self.slides[0].title)
        depth = "../" * self.label.count("/")
        return Template((DECK / "deck.html").read_text(encoding="utf-8")).substitute(
            title=title, assets=f"{depth}assets", slides="\n".join(sections), minutes=self.minutes
        )


def section(slide, clock, label):
    head = {"title": "h1", "section": "h2"}.get(slide.look, "h3")
    title = f"<{head}>{to_html(slide.title, inline=True)}</{head}>" if slide.title else ""
    body = "\n".join(item.html for item in slide.items)
    asks = "".join(f"<li>{to_html(ask, inline=True)}</li>" for ask in dict.fromkeys(slide.asks))
    begin, end = (f"{int(s // 60)}:{int(s % 60):02}" for s in (clock, clock + slide.seconds))
    minutes = f"{begin} to {end} min"
    notes = f"<p><b>{minutes}</b></p>" + (f"<p>Ask:</p><ul>{asks}</ul>" if asks else "")
    notes += "\n".join(map(to_html, slide.notes))
    return (
        f'<section data-timing="{max(1, round(slide.seconds))}"><div class="page {slide.look}">{title}\n'
        f'<div class="body">{body}</div></div>\n<aside class="notes">{notes}</aside></section>'
    )


# --- building ---------------------------------------------------------------------------------------------------------


def fetched():
    return all(archive_of(name, version).is_file() for name, version, *_ in PACKAGES)


def fetch():
    return [(name, package(name, version, sha512), wanted) for name, version, sha512, wanted in PACKAGES]


def write_assets(folder):
    """What all decks share: reveal.js, KaTeX, fonts, the course's style and script."""
    for name, archive, wanted in fetch():
        with tarfile.open(archive) as tar:
            for member in tar:
                path = member.name.partition("/")[2]
                if member.isfile() and re.fullmatch(wanted, path):
                    target = folder / name.rpartition("/")[2] / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(tar.extractfile(member).read())
    for name in ("theme.css", "deck.js"):
        shutil.copy2(DECK / name, folder / name)  # with its time: PDFs are printed again only if it has changed


def lessons(beginnings=()):
    """The lessons that are built, in order: '00_start_here', 'day1/01_forward_propagation', …"""
    built = [name for name in notebooks.lessons() if notebooks.notebook_of(name).is_file()]
    return [name for name in built if not beginnings or name.startswith(tuple(beginnings))]


def deck_of(lesson):
    minutes = notebooks.title_and_minutes(lesson)[1]
    return Deck(nbformat.read(notebooks.notebook_of(lesson), as_version=4), lesson, minutes)


def build(names, folder=BUILD):
    """Write the decks; returns {lesson: Deck}."""
    write_assets(folder / "assets")
    decks = {}
    for name in names:
        decks[name] = deck_of(name)
        write(folder / f"{name}.html", decks[name].page())
    if list(names) == lessons():
        write_index(decks, folder)
    return decks


def write_index(decks, folder):
    rows = "\n".join(
        f'<li><a href="{name}.html">{html.escape(deck.slides[0].title)}</a> <span>{deck.minutes} minutes, '
        f'{len(deck.slides)} slides</span> <a class="pdf" href="{name}.pdf">PDF</a></li>'
        for name, deck in decks.items()
    )
    write(folder / "index.html", Template((DECK / "index.html").read_text(encoding="utf-8")).substitute(rows=rows))


def write(path, content):
    """Only what changed: a PDF is printed again if its deck is newer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8", newline="\n")


def print_pdfs(names, folder=BUILD):
    from chromium import NoChromium, browser  # Playwright comes with the tests' packages

    newest = max(path.stat().st_mtime for path in (folder / "assets").glob("*.*"))
    old = [n for n in names if not newer(folder / f"{n}.pdf", max(newest, (folder / f"{n}.html").stat().st_mtime))]
    try:
        with browser() if old else contextlib.nullcontext() as chromium:
            for name in old:
                page = chromium.new_page()
                print_deck(page, folder / f"{name}.html", folder / f"{name}.pdf")
                page.close()
                print(f"printed {name}.pdf", flush=True)
    except NoChromium as missing:
        raise Stop(f"The decks are made; for the PDFs there is {missing}") from None


def newer(path, than):
    return path.is_file() and path.stat().st_mtime > than


def print_deck(page, deck, pdf):
    """A page for each slide, with everything uncovered."""
    page.goto(f"{deck.as_uri()}?print-pdf")
    page.wait_for_function("() => window.printable")
    page.pdf(path=pdf, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", help="only the lessons whose name begins so")
    parser.add_argument("--no-pdf", action="store_true", help="without the PDFs")
    parser.add_argument("--assets", action="store_true", help="only fetch what the decks need from npm")
    options = parser.parse_args()
    try:
        if options.assets:
            fetch()
            return 0
        names = lessons(options.lessons)
        decks = build(names)
        print(f"{len(decks)} decks, {sum(len(d.slides) for d in decks.values())} slides: {BUILD / 'index.html'}")
        if not options.no_pdf:
            print_pdfs(names)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
