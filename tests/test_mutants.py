"""tools/mutants.py: every famous bug still has its place in the library. Running them takes minutes: `make mutants`."""

import ast

import mutants
import pytest


@pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda m: f"{m.file}: {m.bug}")
def test_the_bug_can_be_put_in(mutant):
    text = mutants.source(mutant)
    changed = ast.parse(mutants.mutated(mutant, text))
    assert ast.dump(changed) != ast.dump(ast.parse(text))


def test_there_are_many_and_each_is_named_once():
    assert len(mutants.MUTANTS) >= 25
    names = [(m.file, m.bug) for m in mutants.MUTANTS]
    assert len(set(names)) == len(names)
    assert mutants.BUGS.keys() == mutants.TESTS.keys()


def test_a_text_that_is_not_there_or_there_twice_is_refused():
    bug = mutants.Mutant("typo", "layers.py", "a + b", "a - b")
    assert mutants.mutated(bug, "x = a + b") == "x = a - b"
    for text, times in [("x = a * b", 0), ("a + b, a + b", 2)]:
        with pytest.raises(mutants.DoesNotMatch, match=f"'typo': its text occurs {times} times, and should once"):
            mutants.mutated(bug, text)


def test_every_test_file_that_is_to_run_is_there():
    for path in {path for file in mutants.TESTS for path in mutants.tests_of(file)} | set(mutants.THEN):
        assert (mutants.ROOT / path).is_file(), path


def test_lessons_that_use_a_file_are_found():
    assert "notebooks/day1/03_loss_functions.ipynb" in mutants.lessons_of("functions.py")
    assert "notebooks/day1/03_loss_functions.ipynb" not in mutants.lessons_of("trainer.py")
