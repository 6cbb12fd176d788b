"""Every built notebook as a reveal.js deck that works offline, and as a PDF, in build/slides/.

    python tools/slides.py                 every deck and its PDF (only what changed)
    python tools/slides.py day1/01         the lessons whose name begins so
    python tools/slides.py --no-pdf        without the PDFs, for which Chromium is needed
    python tools/slides.py --assets        only fetch reveal.js, KaTeX and the fonts (once, with network)

Nothing is executed: what a deck shows is what the notebook has stored. A deck is made by rule, so a lecturer gets it for
every lesson and nobody maintains it:

- A heading opens a section. A figure gets a slide of its own, with the sentence that reads it. Code stands above its
  output wherever both fit; if a question leads to them, a click uncovers the output.
- Of every paragraph the slides keep the first or last sentences, and those that define a term (in bold); asides in
  brackets are for the speaker notes (key S), which have all of it, with the time, and the questions to ask.
- A quiz is two slides, the question and the answer. Exercises are named, with the code that is to be repaired.
- The clock in the notes counts half of the lesson's minutes, for talking. The other half is for the exercises.
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
from itertools import combinations, pairwise
from math import ceil
from pathlib import Path
from string import Template

import nbformat
from npm import Stop, archive_of, package
from prose import FEW, LEAD, PREDICT, SHORT, Prose, blocks, kind, seen, sentences, to_html
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
WIDTH, HEIGHT = 1168, 606  # with the space below the last block, where none is
FIGURE, SHRUNK = 650, 0.85  # a figure's height, and how much of its size a sentence below it must leave
TALL = 1.45  # width to height of a figure that leaves room beside it
LINE, PER_LINE, GAP = 37, 80, 16  # a line of text, its characters, the space below a block
SMALL_LINE, SMALL_PER_LINE = 32, 94  # the same in the smallest type, beside code and figures
CODE, CODE_MAX, CODE_LINE = 22.1, 30, 1.25  # the size of code that is reckoned with, its limit, the height of a line
CODE_LINES = 18  # on a slide
READING = 2 * SMALL_LINE + GAP  # room for the sentence that reads an output


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
    figure: tuple = None
    lead: str = ""  # what leads to the figure, if nothing reads it

    def add_note(self, markdown):
        self.notes.append(markdown)
        if kind(markdown) == "prose":
            self.asks += [s for s in sentences(markdown) if PREDICT.search(s)]
        self.seconds += len(markdown.split()) / 2.5  # as one speaks

    def fits(self, items):
        """Is there room for these as well? A figure has room for one, beside it if it is tall, or if it shrinks a little."""
        if self.figure:
            return len(self.items) == 1 and self.shrunk(items).height >= SHRUNK * self.items[0].height
        return height([*self.items, *items]) <= HEIGHT

    def shrunk(self, items):
        return image(self.figure, FIGURE if "tall" in self.look else FIGURE - GAP - height(items))

    def read(self, item):
        """Put the sentence that reads it below an output or a figure."""
        self.items = [*([self.shrunk([item])] if self.figure else self.items), item]


def text(markdown, look=""):
    """A paragraph. One with a look stands beside code or a figure, in smaller type."""
    line, per_line = (SMALL_LINE, SMALL_PER_LINE) if look else (LINE, PER_LINE)
    lines = ceil(seen(markdown) / per_line)
    return Item(f'<p class="{look}">{to_html(markdown, inline=True)}</p>', lines * line + GAP)


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
    largest = min(CODE_MAX, max(CODE, (WIDTH - 52) * 2 // max(longest, 1)))
    lines = sum(max(1, ceil(len(line) * CODE / 2 / (WIDTH - 52))) for line in source.splitlines())
    style = f"font-size: min({largest}px, .92em)"
    return Item(f'<pre class="{look}" style="{style}"><code>{inside}</code></pre>', lines * CODE * CODE_LINE + 24 + GAP)


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


def cuts(source):
    """{line: how awkward a cut above it is}: a definition or a blank line is best, and never right below a header."""
    lines, found = source.splitlines(), {}

    def walk(body, depth):
        for number, statement in enumerate(body):
            line = min(part.lineno for part in [statement, *getattr(statement, "decorator_list", [])]) - 1
            while lines[line - 1].lstrip().startswith("#"):
                line -= 1
            if number:
                begins = isinstance(statement, ast.FunctionDef | ast.ClassDef) or not lines[line - 1].strip()
                found[line] = 2 * depth + (not begins)
            for block in ("body", "orelse"):
                walk(getattr(statement, block, []), depth + 1)

    walk(ast.parse(source).body, 0)
    return found


def pieces(source, last=CODE_LINES, awkward=9):
    """Code in as few pieces as fit a slide each, the last one of at most `last` lines, or nothing: see `cuts`."""
    lines = source.splitlines()
    allowed = {line: cost for line, cost in cuts(source).items() if cost <= awkward}
    for number in range(min(3, len(lines))):
        possible = []
        for cut in combinations(allowed, number):
            parts = ["\n".join(lines[a:b]).strip("\n") for a, b in pairwise([0, *cut, len(lines)])]
            sizes = [part.count("\n") + 1 for part in parts]
            if max(sizes) <= CODE_LINES and sizes[-1] <= last:
                possible.append((sum(allowed[line] for line in cut), max(sizes), parts))
        if possible:
            return min(possible)[-1]
    return []


def rows_of(source, out, covered):
    """For each slide its items: the code, in pieces if need be, and the output, with the last piece if both fit."""
    lines, source = out.splitlines(), re.sub(r"\n{3,}", "\n\n", source.strip("\n"))
    outputs = [[output("\n".join(lines[k : k + CODE_LINES]))] for k in range(0, len(lines), CODE_LINES)]
    free = HEIGHT - height(outputs[0]) if len(outputs) == 1 else HEIGHT
    beside = pieces(source, int((free - 24 - GAP) / (CODE * CODE_LINE)), awkward=1)
    if any(map(prints, beside[:-1])):  # what it prints would stand with other code
        beside = []
    parts = beside or pieces(source)
    rows = [[code(part)] for part in parts[len(parts) > 1 and is_setup(parts[0]) :]]
    if rows and len(outputs) == 1 and height(rows[-1]) <= free:
        rows[-1] += [fragment(item) if covered else item for item in outputs.pop()]
    return rows + outputs


def prints(source):
    """True for code that prints something when it runs, not only when it is called."""
    definitions = (ast.FunctionDef, ast.ClassDef)
    return any("print(" in ast.unparse(s) for s in ast.parse(source).body if not isinstance(s, definitions))


def is_setup(source):
    """True for code that only imports, or sets how NumPy prints."""
    body = ast.parse(source).body
    return all(isinstance(s, ast.Import | ast.ImportFrom) or "set_printoptions" in ast.unparse(s) for s in body)


# --- from a notebook's cells to slides --------------------------------------------------------------------------------


class Deck:
    """`stacks` is a list of sections, each a list of slides."""

    def __init__(self, nb, label, minutes):
        self.label, self.minutes = label, minutes
        self.stacks, self.title = [], ""
        self.last = self.reads = None  # the slide that text goes on, the one whose output the next sentence reads
        self.waiting, self.opens = [], False  # notes for the slide to come; whether it opens a section
        run = []
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                run += blocks(cell.source)
            else:
                self.code_cell(cell, run)
                run = []
        self.words(self.folded(run))
        self.tell(self.slides[-1])
        for slide in self.slides:
            if slide.lead and slide.fits([text(slide.lead, "takeaway")]):
                slide.read(text(slide.lead, "takeaway"))
        self.distribute()

    @property
    def slides(self):
        return [slide for stack in self.stacks for slide in stack]

    def new(self, title=None, items=(), look="plain", section=False, seconds=15.0):
        slide = Slide(self.title if title is None else title, list(items), look, seconds=seconds)
        self.tell(slide)
        if section or self.opens or not self.stacks:
            self.stacks.append([])
            self.opens = False
        self.stacks[-1].append(slide)
        self.last, self.reads = slide, None
        return slide

    def add(self, items, look="plain", spare=0):
        """The items on the text slide that is being filled, if it has room for them all, or else on new ones."""
        if not self.has_room([*items, Item("", spare)]):
            self.new(look=look)
        for item in items:
            if self.last.items and not self.last.fits([item]):
                self.new(look=look)
            self.last.items.append(item)
        self.tell(self.last)
        return self.last

    def has_room(self, items):
        """Is a text slide being filled that has room for these?"""
        return self.last and self.last.look == "plain" and self.last.fits(items)

    def tell(self, slide):
        """The notes that waited for it."""
        for note in self.waiting:
            slide.add_note(note)
        self.waiting = []

    # A run of text between two code cells.

    def words(self, run, then=None):
        """Slides from the blocks `run`; returns the sentences that lead to what comes `then` ("code" or None)."""
        paragraphs = [Prose(block) if kind(block) == "prose" else None for block in run]
        reads, lead = run and self.takeaway(run, paragraphs[0], then), ""
        for k, (block, prose) in enumerate(zip(run, paragraphs)):
            before = paragraphs[k - 1] if k else None
            after = paragraphs[k + 1] if k + 1 < len(run) else None
            leads = then and k + 1 == len(run)
            if kind(block) == "heading":
                self.heading(block, after)
            elif not prose:
                intro = [before.last(SHORT, few=0), before.terms()] if before else []
                self.add([*map(text, filter(None, reversed(intro))), *self.shown(block)])
            elif block.startswith("**References"):
                self.waiting.append(block)
            elif (bold := re.match(r"\*\*(.+?)\*\*\s*", block)) and not (reads and k == 0):
                self.bold(block, bold, prose, leads)
                lead = prose.last() if leads else ""
            else:
                lead, words = prose.last() if leads else "", ""
                if after or leads or k + 1 == len(run) or kind(run[k + 1]) == "heading":  # else it introduces a formula
                    words = self.point(prose, taken=leads or prose.start)
                if words:
                    self.add([text(words)])
                if not (reads and k == 0):
                    (self.last.add_note if self.last and (words or not leads) else self.waiting.append)(block)
        return lead

    def point(self, prose, taken):
        """What of a paragraph a text slide shows: the first sentences unless some are `taken`, and those that define."""
        if prose.text.startswith("(") or self.opens:
            return ""
        return " ".join(filter(None, ["" if taken else prose.first(LEAD, FEW), prose.terms()]))

    def takeaway(self, run, prose, then):
        """Put the sentence that reads an output below it; False if there is none, or no room, or it leads on."""
        if not (self.reads and prose) or prose.text.startswith("**"):
            return False
        leads = bool(then) if len(run) == 1 else kind(run[1]) not in ("prose", "heading")
        for limit, terms in ((SHORT, True), (SHORT, False), (0, False)):
            trial = Prose(prose.text)
            words = trial.first(limit, leads=leads)
            if terms and words and not leads:
                words = f"{words} {trial.terms()}".strip()
            item = fragment(text(words, "takeaway"))
            if words and self.reads.fits([item]):
                prose.start = trial.start
                self.reads.read(item)
                self.reads.add_note(prose.text)
                return True
        return False

    def heading(self, block, after):
        level, _, self.title = block.partition(" ")
        if level == "#":
            self.new(look="title", section=True, seconds=60)
        elif level == "##" and self.title not in ("Try it", "Summary"):
            words = after.first() if after and not after.text.startswith("**") else ""
            self.new(items=[text(words)] if words else [], look="section", section=True, seconds=15)
        else:  # a slide to come will show the title
            self.opens, self.last = self.opens or level == "##", None

    def bold(self, block, bold, prose, leads):
        """A paragraph that begins in bold, which is its title: a claim, a term, "You will"."""
        rest = block[bold.end() :]
        prose.__init__(block if leads and rest[:1].islower() else rest)  # "**The derivative** says …"
        if leads or not prose.all:  # an experiment or a list follows
            self.title, self.last = bold[1].rstrip(".:"), None
            self.waiting.append(block)
        else:
            self.add([text(f"**{bold[1]}** {prose.first()}")]).add_note(block)

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
        lead = text(Prose(self.words(run, then="code")).last(SHORT, few=0), "lead")
        slide = self.slides[0]
        where = re.match(r"day(\d+)/0*(\d+)", self.label)
        place = f"Day {where[1]}, lesson {where[2]} · " if where else ""
        slide.items = [
            lead,
            image(next(figures(cell)), 520 - 70 * (seen(slide.title) > 38) - lead.height, WIDTH),
            Item(f"<p class='place'>{place}{self.minutes} minutes</p>", 40),
        ]
        self.tell(slide)
        slide.notes += [f"```python\n{cell.source}\n```", *([f"```\n{out}\n```"] if (out := printed(cell)) else [])]

    def experiment(self, cell, lead, hide):
        self.reads = None
        out, shown, asks = printed(cell), list(figures(cell)), bool(PREDICT.search(lead))
        hide = hide or is_setup(cell.source) or (shown and not out)
        rows = rows_of("" if hide else cell.source, out, covered=asks)
        if not any(item.html.startswith('<pre class="code"') for row in rows for item in row):
            self.waiting.append(f"```python\n{cell.source}\n```")
        reading = READING if out else 0
        if lead:
            item, free = text(lead, "lead"), HEIGHT - height(rows[0]) if rows else 0
            if rows and (item.height <= free - reading or free - reading < 0 <= free - item.height):
                rows[0], lead = [item, *rows[0]], ""
            elif asks or self.has_room([item]) or (rows and seen(lead) >= FEW):
                self.add([item], "question")
                lead = ""
        for row in rows:
            slide = self.add(row, spare=reading)
            slide.seconds += 10
            self.last, self.reads = None, slide if out else None
        for number, figure in enumerate(shown):
            self.figure(figure, "" if rows or number else lead)

    def figure(self, figure, lead):
        tall = figure.width / figure.height < TALL
        slide = self.new("", [image(figure, FIGURE)], "tall figure" if tall else "figure", seconds=45)
        slide.figure = figure
        if lead:
            slide.add_note(lead)
            slide.lead = lead
        slide.notes.append(f"The figure: {figure.alt}")
        self.reads = slide

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
        """Exercises are done in the notebook; the slide names them, and shows the code that is to be repaired."""
        name = re.search(r"^(?:def|class) (\w+)", cell.source, re.MULTILINE)[1]
        begins = [k for k, block in enumerate(run) if block.startswith(("### ", "**"))]
        start = begins[-1] if begins else len(run)
        if begins and kind(run[start]) == "heading":
            start += 1
        words = self.words(run[:start], then=None if begins else "code")
        task = run[start] if start < len(run) and kind(run[start]) == "prose" else ""
        bold = re.match(r"\*\*(.+?)\*\*\s*", task)
        if begins:
            words = f"{bold[0] if bold else ''}{Prose(task[bold.end() :] if bold else task).first(120)}".strip()
        says = re.search(r'"""(.+?)"""', cell.source, re.DOTALL)
        says = re.sub(r"`(.+?)`", r"<code>\1</code>", html.escape(sentences(says[1])[0])) if says else ""
        stub = Item(f"<p class='stub'><code>{name}</code> {says}</p>", ceil(len(name + says) / PER_LINE) * LINE + GAP)
        items = [*([text(words)] if words else []), stub]
        if not ((here := self.last) and here.look == "exercise" and here.fits(items)):
            title = self.title if self.title.startswith(("Try it", "Your turn")) else "Your turn"
            here = self.new(title, look="exercise", seconds=0)
        here.items += items
        here.seconds += 180
        self.waiting += run[start:]
        self.tell(here)
        if not any(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(ast.parse(cell.source))):
            for part in map(code, pieces(cell.source.removeprefix("@exercise\n"))):
                here = here if here.fits([part]) else self.new(here.title, look="exercise")
                here.items.append(part)

    # The time.

    def distribute(self):
        """Half of the lesson's minutes for talking, by what there is to say and to look at, half for the exercises."""
        for exercises in (False, True):
            slides = [slide for slide in self.slides if (slide.look == "exercise") == exercises]
            total = sum(slide.seconds for slide in slides)
            for slide in slides:
                slide.seconds *= 30 * self.minutes / total

    def page(self):
        """The deck as a page of HTML."""
        clock, sections = 0.0, []
        talk = sum(slide.seconds for slide in self.slides if slide.look != "exercise")
        for stack in self.stacks:
            slides = []
            for slide in stack:
                slides.append(section(slide, clock, talk))
                clock += 0 if slide.look == "exercise" else slide.seconds
            sections.append("<section>\n" + "\n".join(slides) + "\n</section>")
        title = html.escape(self.slides[0].title)
        depth = "../" * self.label.count("/")
        return Template((DECK / "deck.html").read_text(encoding="utf-8")).substitute(
            title=title, assets=f"{depth}assets", slides="\n".join(sections), minutes=self.minutes
        )


def section(slide, clock, talk):
    head = {"title": "h1", "section": "h2"}.get(slide.look, "h3")
    title = f"<{head}>{to_html(slide.title, inline=True)}</{head}>" if slide.title else ""
    body = "\n".join(item.html for item in slide.items)
    asks = "".join(f"<li>{to_html(ask, inline=True)}</li>" for ask in dict.fromkeys(slide.asks))
    begin, end = (f"{int(s // 60)}:{int(s % 60):02}" for s in (clock, clock + slide.seconds))
    minutes = f"Talk: {begin} to {end} of {round(talk / 60)} min"
    if slide.look == "exercise":
        minutes = f"Exercise: {ceil(slide.seconds / 60)} min. The talk stands at {begin} min."
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
    for beginning in beginnings:
        if not any(name.startswith(beginning) for name in built):
            raise Stop(f"No lesson begins with {beginning!r}. There are: {', '.join(built)}")
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
