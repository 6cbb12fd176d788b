"""A notebook's Markdown as blocks, paragraphs and sentences, for tools/slides.py: what of it a slide can show."""

import re
from math import ceil

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

SHORT, LEAD = 170, 240  # characters of a condensed paragraph, and of what leads to an experiment
FEW = 60  # fewer do not stand alone
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").use(dollarmath_plugin, allow_space=False)
BLOCKS = re.compile(
    r"^```.*?^```|^\$\$.*?\$\$ *$|^<details>.*?</details>|(?:(?!^\$\$|^```)[^\n]+\n?)+", re.DOTALL | re.MULTILINE
)
WHOLE = re.compile(
    r"\*\*.+?\*\*|\$[^$]+\$|`[^`]+`|\[[^\]]*\]\([^)]*\)|\((?:[^()]|\([^()]*\))*\)", re.DOTALL
)  # never cut in there
END = re.compile(r"(?<=[.!?])(?= )|(?<=[.!?]\*\*)(?= )|(?<=[.!?][\"”*)])(?= +[^a-z ])")
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
    text = WHOLE.sub(lambda match: match[0].replace(" ", "\0"), " ".join(paragraph.split()))
    return [part.strip().replace("\0", " ") for part in END.split(text) if part.strip()]


def seen(text):
    """How many characters a reader sees of Markdown, roughly: a formula's commands are shorter than they are written."""
    text = re.sub(r"\]\([^)]*\)|\*\*|`", "", text)
    return len(re.sub(r"\$[^$]+\$", lambda m: "x" * ceil(len(re.sub(r"\\[a-zA-Z]+|[{}$_^\\]", "x", m[0])) * 0.8), text))


class Prose:
    """A paragraph whose sentences are taken from either end; what nobody takes stays in the notes."""

    def __init__(self, text):
        self.text, self.all = text, sentences(text)
        self.start, self.end = 0, len(self.all)  # what is left

    def first(self, limit=SHORT, few=0, leads=False):
        """The first sentences, but none that only leads on ("Here is the whole range:"), at least a few characters.

        leads: the end of the paragraph leads to an experiment, so a question and the last sentence are left for that.
        """
        end = self.start
        while end < self.end - leads and self.all[end][-1] in '.!?)"”*':
            before, words = (" ".join(self.all[self.start : k]) for k in (end, end + 1))
            if (leads and PREDICT.search(self.all[end])) or (seen(words) > limit and seen(before) > few):
                break
            end += 1
        words = " ".join(self.all[self.start : end])
        if leads and seen(words) < FEW < seen(self.text):  # "Now the riddle."
            return ""
        self.start = end
        return words

    def terms(self):
        """Take the sentences that define a term (it is in bold), a short one with the sentence before."""
        found = [k for k in range(self.start, self.end) if "**" in self.all[k]]
        self.start = max([self.start, *(k + 1 for k in found)])
        found += [k - 1 for k in found if k and seen(self.all[k]) < FEW]
        return " ".join(self.all[k] for k in sorted(set(found)))

    def last(self, limit=LEAD, few=FEW):
        """The last sentences; where few words are left, with the one before, though it was shown already."""
        start = self.end
        while start > self.start and (start == self.end or seen(" ".join(self.all[start - 1 : self.end])) <= limit):
            start -= 1
        while start and self.start < self.end and seen(" ".join(self.all[start : self.end])) < few:
            start -= 1
        words, self.end = " ".join(self.all[start : self.end]), min(start, self.end)
        return words
