"""Every exercise and quiz of every lesson: the stub, the solution and wrong answers get the verdict they deserve."""

import importlib
import inspect
import linecache
import re
from pathlib import Path

import nbformat
import pytest

import notebooks
from common.checks.feedback import Lesson

ROOT = Path(__file__).resolve().parent.parent

WITH_CHECKS = [n for n in notebooks.lessons() if "common.checks" in notebooks.source_of(n).read_text(encoding="utf-8")]
LESSONS = {name: notebooks.checks_of(name).lesson for name in WITH_CHECKS}
EXERCISES = [(lesson, name) for lesson in LESSONS for name in LESSONS[lesson].exercises]
MISTAKES = [
    (lesson, name, i) for lesson, name in EXERCISES for i in range(len(LESSONS[lesson].exercises[name].mistakes))
]
QUIZZES = [(lesson, name) for lesson in LESSONS for name in LESSONS[lesson].quizzes]


def typed(kind):
    """The answers in tests/exercises, (lesson, exercise, source, words)."""
    for lesson in LESSONS:
        path = ROOT / "tests" / "exercises" / f"{notebooks.checks_of(lesson).__name__.rpartition('.')[2]}.py"
        if path.is_file():
            answers = {}
            exec(path.read_text(encoding="utf-8"), answers)
            yield from ((lesson, *answer) for answer in answers.get(kind, []))


def imports_of(lesson):
    """The namespace a learner has: what the notebook's own cells import."""
    namespace = {}
    for cell in nbformat.read(notebooks.notebook_of(lesson), as_version=4).cells:
        if cell.cell_type == "code":
            for line in re.findall(r"^(?:import|from) .*$", cell.source, re.MULTILINE):
                exec(line, namespace)
    return namespace


def run(lesson, source):
    """The learner's definition from source, through the lesson's decorator; returns what the decorator gave back."""
    namespace = imports_of(lesson)
    namespace["exercise"] = LESSONS[lesson].check
    source = source.strip()
    if not source.startswith("@exercise"):
        start = re.search(r"^(def|class) ", source, re.MULTILINE).start()
        source = f"{source[:start]}@exercise\n{source[start:]}"
    name = f"<answer {hash(source)}>"
    linecache.cache[name] = (
        len(source),
        None,
        source.splitlines(True),
        name,
    )  # so that inspect finds it, as in Jupyter
    exec(compile(source, name, "exec"), namespace)
    return namespace


@pytest.mark.parametrize(("lesson", "name"), EXERCISES)
def test_a_stub_is_not_yet_and_gives_the_reference(lesson, name, capsys):
    entry = LESSONS[lesson].exercises[name]
    namespace = run(lesson, entry.stub())
    assert capsys.readouterr().out.startswith(f"○ {name}: not written yet")
    assert namespace[name] is entry.reference


@pytest.mark.parametrize(("lesson", "name"), EXERCISES)
def test_a_solution_passes(lesson, name, capsys):
    namespace = run(lesson, LESSONS[lesson].exercises[name].solution())
    assert capsys.readouterr().out == f"✓ {name}\n"
    assert namespace[name] is not LESSONS[lesson].exercises[name].reference


@pytest.mark.parametrize(("lesson", "name", "index"), MISTAKES)
def test_a_registered_mistake_gets_its_own_hint(lesson, name, index, capsys):
    entry = LESSONS[lesson].exercises[name]
    hint, wrong = entry.mistakes[index]
    assert len({other for other, _ in entry.mistakes}) == len(entry.mistakes), "two mistakes share a hint"
    found = entry.diagnose(wrong)
    assert found is not None, "this mistake passes"
    assert found.startswith(hint), f"another hint comes first: {found}"


@pytest.mark.parametrize(("lesson", "name", "source", "words"), list(typed("WRONG")))
def test_a_wrong_answer_gets_its_hint_and_does_not_stop_the_notebook(lesson, name, source, words, capsys):
    namespace = run(lesson, source)
    came = capsys.readouterr()
    assert came.out.startswith(f"✗ {name}: "), came.out
    assert words in " ".join(came.out.split()), came.out
    assert came.err == ""
    # The rest of the notebook gets the reference; the learner's version stays within reach.
    reference = LESSONS[lesson].exercises[name].reference
    assert getattr(namespace[name], "__code__", None) is getattr(reference, "__code__", None)
    assert namespace[name].yours is not reference


@pytest.mark.parametrize(("lesson", "name", "source"), list(typed("RIGHT")))
def test_another_spelling_of_a_right_answer_passes(lesson, name, source, capsys):
    run(lesson, source)
    assert capsys.readouterr().out == f"✓ {name}\n"


@pytest.mark.parametrize("lesson", list(LESSONS))
def test_every_exercise_has_wrong_answers_and_a_place_in_the_notebook(lesson):
    tried = {name for where, name, *_ in typed("WRONG") if where == lesson}
    assert tried == set(LESSONS[lesson].exercises)
    source = notebooks.source_of(lesson).read_text(encoding="utf-8")
    shown = {name for _, kind, name, _ in notebooks.FENCE.findall(source) if kind == "exercise"}
    assert shown == set(LESSONS[lesson].exercises)
    asked = {name for _, kind, name, _ in notebooks.FENCE.findall(source) if kind == "quiz"}
    assert asked == set(LESSONS[lesson].quizzes)


@pytest.mark.parametrize(("lesson", "name"), QUIZZES)
def test_a_quiz_answers_each_option_with_its_own_words(lesson, name, capsys):
    quiz = LESSONS[lesson].quizzes[name]
    LESSONS[lesson].answer(name)
    assert capsys.readouterr().out.startswith("○ ")
    for letter, (_, feedback) in quiz.options.items():
        LESSONS[lesson].answer(name, letter)
        mark = "✓" if letter == quiz.right else "✗"
        came = capsys.readouterr().out
        assert " ".join(came.split()) == " ".join(f"{mark} {name}: {feedback}".split())
        assert max(map(len, came.splitlines())) <= 100
    assert len({feedback for _, feedback in quiz.options.values()}) == len(quiz.options) >= 2
    LESSONS[lesson].answer(name, f" ({quiz.right.upper()}) ")
    assert capsys.readouterr().out.startswith("✓ ")
    LESSONS[lesson].answer(name, "z")
    assert "answer with one of the letters" in capsys.readouterr().out


# --- the machinery itself, on a lesson made here ---


def _lesson():
    lesson = Lesson("here")

    @lesson.exercise(cases=[([3.0, 1.0],), ([5.0],)])
    def total(values):
        """The sum."""
        return sum(values)

    @total.mistake("that is the mean.")
    def _(values):
        return sum(values) / len(values)

    return lesson


def verdict(function, capsys):
    lesson = _lesson()
    function.__name__ = "total"
    lesson.check(function)
    return capsys.readouterr().out


def test_a_function_that_changes_its_argument_is_told_so(capsys):
    def sorts_in_place(values):
        values.sort()
        return sum(values)

    assert "changes its argument in place" in verdict(sorts_in_place, capsys)


def test_a_print_inside_does_not_bury_the_verdict(capsys):
    def prints(values):
        print("here")
        return sum(values)

    assert verdict(prints, capsys) == "✓ total\n"


@pytest.mark.parametrize(
    "count, quoted", [(2, "  it printed:\n  0 of 3.0\n  1 of 3.0\n"), (12, "  9 of 3.0\n  … and 2 more lines\n")]
)
def test_what_a_wrong_version_printed_belongs_to_the_verdict(capsys, count, quoted):
    def prints(values):
        for k in range(count):
            print(k, "of", values[0])
        return max(values)

    says = verdict(prints, capsys)
    assert says.startswith("✗ total: given values = [3, 1]:\n") and f"{quoted}  The notebook goes on" in says


def test_a_function_that_takes_other_arguments_is_told_so(capsys):
    assert "it raised TypeError" in verdict(lambda: 1, capsys)


def test_a_renamed_stub_is_told_which_names_there_are(capsys):
    def totale(values):
        return 1

    assert _lesson().check(totale) is totale
    assert "this lesson has: total" in capsys.readouterr().out


def test_a_mistake_is_recognised_by_what_it_computes(capsys):
    import numpy as np

    assert "that is the mean" in verdict(lambda values: np.mean(values), capsys)
    assert "that is the mean" not in verdict(lambda values: max(values), capsys)


def test_a_hint_that_supposes_a_right_answer_is_kept_from_a_wrong_one():
    entry = _lesson().exercises["total"]
    entry.test(of_right=True)(lambda version: "right, but slow")
    assert entry.diagnose(sum) == "right, but slow"
    assert "right, but slow" not in entry.diagnose(max)
    entry.test(lambda version: "look at the second value")
    assert entry.diagnose(max).startswith("look at the second value")


def test_stub_and_solution_come_from_the_reference():
    entry = _lesson().exercises["total"]
    assert entry.stub() == '@exercise\ndef total(values):\n    """The sum."""\n    ...'
    assert "return sum(values)" in entry.solution()
    assert '"""' not in entry.solution()
    assert inspect.isfunction(entry.reference)


def test_checks_modules_all_belong_to_a_lesson():
    modules = {p.stem for p in (ROOT / "common" / "checks").glob("day?_??.py")}
    assert modules <= {notebooks.checks_of(lesson).__name__.rpartition(".")[2] for lesson in LESSONS}
    assert all(importlib.import_module(f"common.checks.{name}").exercise for name in modules)
