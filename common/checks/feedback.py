"""What happens when a learner runs an exercise: ✓, or ✗ with what came, what was expected and a hint, or ○ not yet.

A lesson's module defines each exercise once, as its reference solution:

    lesson = Lesson("day1/01")

    @lesson.exercise(cases=[(x, W, b)])
    def affine(x, W, b):
        \"\"\"The task, as the learner reads it.\"\"\"
        return x @ W + b

    @affine.mistake("b is missing: u = xW + b.")
    def no_bias(x, W, b):
        return x @ W

The notebook's stub and its folded solution are made from this one source. A mistake is recognised by what it computes, so
any spelling of it gets its hint.
"""

import contextlib
import copy
import dis
import functools
import inspect
import io
import re
import textwrap
import warnings

import numpy as np

from common.checks.compare import difference, outcome, same, show


class Lesson:
    """The exercises and quizzes of one lesson."""

    def __init__(self, name):
        self.name = name
        self.exercises = {}
        self.quizzes = {}

    def exercise(self, *, cases=(), starter=None, rtol=1e-6, use=None):
        """Decorate the reference solution, a function or a class. cases: tuples of arguments to compare on. starter: a
        function whose body the learner begins with (default: an empty body), or a class (a class needs one). rtol: how
        close a result must be, relative to its largest entry. use: function (version, *case) → what is compared, if that is
        not simply version(*case): of a class, what its methods give, as {"forward(x)": …, "backward(dout)": …}."""

        def register(reference):
            entry = Exercise(reference, cases, starter, rtol, use)
            self.exercises[entry.name] = entry
            return entry

        return register

    def quiz(self, name, question, *, right, **options):
        """options: letter=(text, what to say to someone who chose it)."""
        self.quizzes[name] = Quiz(name, question, right, options)

    def check(self, learners):
        """The decorator of the notebook, `@exercise`: prints the verdict, never raises, and gives the learner's version
        back if it passes, otherwise the reference, so that the rest of the notebook works."""
        entry = self.exercises.get(learners.__name__)
        if entry is None:
            names = ", ".join(self.exercises)
            print(
                f"✗ {learners.__name__}: no exercise has this name. Keep the name of the stub; this lesson has: {names}"
            )
            return learners
        with known_by_name(learners):
            return entry.check(learners)

    def answer(self, name, answer=...):
        """The function of the notebook, `quiz(name, answer="a")`: prints the verdict."""
        if name not in self.quizzes:
            say(f"✗ no quiz is called {name!r}; this lesson has: {', '.join(self.quizzes)}")
        else:
            say(self.quizzes[name].verdict(answer))


class Exercise:
    def __init__(self, reference, cases, starter, rtol, use=None):
        self.reference, self.starter, self.rtol, self.use = reference, starter, rtol, use
        self.name = reference.__name__
        self.cases = [case if isinstance(case, tuple) else (case,) for case in cases]
        self.mistakes = []  # (hint, function)
        self.tests = []  # (function of the learner's version that returns a hint or None, of_right)

    def __call__(self, *args, **kwargs):
        return self.reference(*args, **kwargs)

    def mistake(self, hint):
        """Decorate a wrong version: whoever computes the same is told the hint."""

        def register(wrong):
            if isinstance(wrong, type):  # so that its errors read as those of the learner's class
                wrong.__name__ = self.name
                for name, method in vars(wrong).items():
                    if inspect.isfunction(method):
                        method.__qualname__ = f"{self.name}.{name}"
            self.mistakes.append((hint, wrong))
            return wrong

        return register

    def test(self, function=None, *, of_right=False):
        """Decorate `function(learners)` → a hint, or None if all is well: for what comparing outputs cannot see.
        of_right: asked only of a version that is right on all cases, because its hint says or supposes so."""
        if function is None:
            return functools.partial(self.test, of_right=of_right)
        self.tests.append((function, of_right))
        return function

    def check(self, learners):
        if is_unchanged(learners, self.starter):
            print(f"○ {self.name}: not written yet; the notebook goes on with the reference version")
            return self.reference
        try:
            hint = self.diagnose(learners)
        except KeyboardInterrupt:
            hint = "interrupted. Does a loop in it never end?"
        if hint is None:
            print(f"✓ {self.name}")
            return learners
        say(f"✗ {self.name}: {hint}\n  The notebook goes on with the reference version; yours is {self.name}.yours")
        if not isinstance(self.reference, type):
            reference = copy_function(self.reference)
            reference.yours = learners
            return reference
        self.reference.yours = learners
        return self.reference

    def diagnose(self, learners):
        """What is wrong with the learner's version, or None."""
        with contextlib.redirect_stdout(io.StringIO()):  # of all that it prints, _compare reports what helps
            wrong = next((found for case in self.cases if (found := self._compare(learners, case))), None)
            if wrong is None:
                return next((hint for test, _ in self.tests if (hint := self._run_test(test, learners))), None)
            for hint, mistake in self.mistakes:
                if all(same(self._outcome(learners, c), self._outcome(mistake, c), self.rtol) for c in self.cases):
                    return f"{hint}\n  {wrong}"
            # A test that raised would only repeat, for another input, that something is wrong.
            hints = (self._run_test(test, learners) for test, of_right in self.tests if not of_right)
            specific = next((hint for hint in hints if hint and not hint.startswith("it raised")), None)
        return f"{specific}\n  {wrong}" if specific else wrong

    def _compare(self, learners, case):
        given = copy.deepcopy(case)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            came = self._outcome(learners, given, copied=False)
        if problem := difference(came, self._outcome(self.reference, case), self.rtol):
            return f"given {self._given(case)}:\n  {problem}{quoted(printed.getvalue())}"
        if not same(given, case, 0):
            return f"given {self._given(case)}:\n  the result is right, but it changes its argument in place; work on a copy"
        return None

    def _outcome(self, version, case, copied=True):
        return outcome(functools.partial(self.use, version) if self.use else version, case, copied)

    def _given(self, case):
        names = list(inspect.signature(self.use or self.reference).parameters)[1 if self.use else 0 :]
        return ", ".join(f"{name} = {show(value, 8)}" for name, value in zip(names, case)) or "no arguments"

    def _run_test(self, test, learners):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # as in `outcome`: the notebook must stay without stderr
                return test(learners)
        except Exception as error:
            return f"it raised {type(error).__name__}: {error}"

    # --- what the notebook shows, made from the reference's source ---

    def stub(self):
        """The cell that the learner fills in."""
        if self.starter:
            body = re.sub(r"^(def|class) \w+", rf"\1 {self.name}", source(self.starter), count=1)
            return f"@exercise\n{body}"
        lines = source(self.reference).splitlines()
        if isinstance(self.reference, type):
            raise TypeError(f"{self.name} is a class: give it a starter")
        end = next(i for i, line in enumerate(lines) if line.rstrip().endswith(":") and not line.startswith("@"))
        signature = "\n".join(lines[: end + 1])
        doc = inspect.cleandoc(self.reference.__doc__)
        doc = textwrap.indent(f'"""{doc}\n"""' if "\n" in doc else f'"""{doc}"""', "    ")
        return f"@exercise\n{signature}\n{doc}\n    ..."

    def solution(self):
        """The reference without its docstring."""
        text = source(self.reference)
        head, quotes, rest = text.partition('"""')
        if not quotes:
            return text
        return head.rstrip() + "\n" + rest.partition('"""')[2].strip("\n")


class Quiz:
    def __init__(self, name, question, right, options):
        if right not in options:
            raise ValueError(f"quiz {name}: the right answer {right!r} is not among {list(options)}")
        self.name, self.question, self.right, self.options = name, question, right, options

    def verdict(self, answer):
        if answer is ...:
            return (
                f'○ {self.name}: put your letter, in quotes, in place of the dots: answer="{next(iter(self.options))}"'
            )
        letter = answer.strip().lower().strip("()") if isinstance(answer, str) else answer
        if not isinstance(letter, str):
            return f'✗ {self.name}: a letter in quotes is wanted, as in answer="{next(iter(self.options))}"'
        if letter not in self.options:
            return (
                f"✗ {self.name}: answer with one of the letters {', '.join(map(repr, self.options))}; {answer!r} came"
            )
        mark = "✓" if letter == self.right else "✗"
        return f"{mark} {self.name}: {self.options[letter][1]}"


def say(text):
    """Print with lines that fit a notebook's page, which would otherwise break them within words."""
    for line in text.splitlines():
        print(textwrap.fill(line, 100, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


def quoted(printed, most=10):
    """What the learner's version printed, as lines of the verdict."""
    lines = printed.rstrip().splitlines()
    if len(lines) > most:
        lines[most:] = [f"… and {len(lines) - most} more lines"]
    return "".join(f"\n  {line}" for line in ["it printed:", *lines]) if lines else ""


def is_unchanged(function, starter=None):
    """Whether the learner has not touched the stub: an empty body, or the starter's."""
    return _code(function) == _code(starter or _empty)


def _empty(): ...


def _code(function):
    """The instructions of a function, or of a class's methods, as text without line numbers and docstrings."""
    if isinstance(function, type):
        methods = {name: f for name, f in vars(function).items() if inspect.isfunction(f)}
        return [(name, _code(methods[name])) for name in sorted(methods)]
    # A call np.sqrt(…) is compiled in another way where `import numpy` stands in the same file: make both alike.
    kept = [i for i in dis.get_instructions(inspect.unwrap(function)) if i.opname not in ("NOP", "PUSH_NULL")]
    jumps = {*dis.hasjrel, *dis.hasjabs}
    return [
        ("jump", sum(other.offset < i.argval for other in kept))
        if i.opcode in jumps
        else (
            i.opname.replace("LOAD_METHOD", "LOAD_ATTR"),
            re.sub(r"NULL(\|self)? \+ | \+ NULL(\|self)?", "", i.argrepr),
        )
        for i in kept
    ]


@contextlib.contextmanager
def known_by_name(function):
    """Bind the function's name during the check: its cell has not done so yet, and a recursive one calls itself."""
    names, name, none = getattr(function, "__globals__", {}), function.__name__, object()
    before = names.get(name, none)
    if isinstance(before, Exercise):  # a reference, checked in its own module
        yield
        return
    names[name] = function
    try:
        yield
    finally:
        names.pop(name) if before is none else names.update({name: before})


def copy_function(function):
    """A function of the same code, so that an attribute set on it stays off the original."""
    twin = type(function)(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    twin.__doc__, twin.__kwdefaults__ = function.__doc__, function.__kwdefaults__
    return twin


def source(thing):
    """The source of a function or class without decorators, dedented."""
    lines = textwrap.dedent(inspect.getsource(thing)).rstrip().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(("def ", "class ")))
    return "\n".join(lines[start:])


def rng(seed=0):
    """A generator for the cases of exercises."""
    return np.random.default_rng(seed)
