"""Stored results belong to their scripts, and a stale one is found."""

import experiments
import numpy as np
import pytest
from fingerprint import normalized

from common.experiments import stored

BY_HAND = [name for name in experiments.BY_HAND if experiments.load(name)]


@pytest.mark.parametrize("name", [*experiments.names(), *BY_HAND])
def test_a_stored_result_was_made_by_its_script_as_it_is(name):
    assert experiments.stale(name) is None
    assert stored(name)


def test_no_result_is_without_a_script():
    assert experiments.orphans() == []


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    (tmp_path / "scripts").mkdir()
    monkeypatch.setattr(experiments, "SCRIPTS", tmp_path / "scripts")
    monkeypatch.setattr(experiments, "RESULTS", tmp_path / "results")
    monkeypatch.setattr("common.experiments.RESULTS", tmp_path / "results")
    script = tmp_path / "scripts" / "doubled.py"
    script.write_text("from common.functions import relu\n\n\ndef compute():\n    return {'y': relu(2.0)}\n")
    return script


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["experiments.py", *arguments])
    return experiments.main()


def test_compute_store_and_load(workplace, monkeypatch, capsys):
    with pytest.raises(FileNotFoundError, match="no stored experiment 'doubled'; there are: none"):
        stored("doubled")
    assert "never computed" in experiments.stale("doubled")
    assert run(monkeypatch) == 0
    assert stored("doubled") == {"y": 2.0}
    capsys.readouterr()
    assert run(monkeypatch) == 0
    assert "computed" not in capsys.readouterr().out


def test_a_changed_formula_is_stale_and_a_changed_comment_is_not(workplace, monkeypatch):
    run(monkeypatch)
    text = workplace.read_text()
    workplace.write_text('"""What it is."""\n# why\n' + text)
    assert experiments.stale("doubled") is None
    workplace.write_text(text.replace("2.0", "3.0"))
    assert "changed since it was computed" in experiments.stale("doubled")
    assert run(monkeypatch, "--check") == 1


def test_a_changed_library_is_stale(workplace, monkeypatch):
    run(monkeypatch)
    monkeypatch.setattr("fingerprint.imported_modules", lambda code: [])
    assert "library changed" in experiments.stale("doubled")


def test_what_is_computed_by_hand_is_stale_when_its_script_changes_and_noted_when_the_library_does(
    workplace, monkeypatch, capsys
):
    by_hand = workplace.rename(workplace.parent.with_name("doubled.py"))
    monkeypatch.setattr(experiments, "BY_HAND", {"doubled": by_hand})
    assert run(monkeypatch, "--check") == 0  # not everybody has the data
    assert "never computed" in experiments.stale("doubled")
    experiments.store("doubled", {"y": 2.0}, experiments.made_from("doubled"))
    assert run(monkeypatch, "--check") == 0 and run(monkeypatch) == 0
    assert "note" not in capsys.readouterr().out
    with monkeypatch.context() as context:
        context.setattr("fingerprint.imported_modules", lambda code: [])
        assert run(monkeypatch, "--check") == 0
        assert "note: the library changed since doubled was computed" in capsys.readouterr().out
    by_hand.write_text(by_hand.read_text().replace("2.0", "3.0"))
    assert run(monkeypatch, "--check") == 1
    assert "doubled: its script changed" in capsys.readouterr().out


def test_recomputing_finds_another_number(workplace, monkeypatch, capsys):
    run(monkeypatch)
    assert run(monkeypatch, "--recompute", "--check") == 0
    experiments.store("doubled", {"y": np.array(2.001)}, experiments.made_from("doubled"))
    assert run(monkeypatch, "--recompute", "--check") == 1
    assert "doubled: y is not what is stored" in capsys.readouterr().out


def test_an_orphan_and_an_unknown_name(workplace, monkeypatch, capsys):
    run(monkeypatch)
    workplace.rename(workplace.with_name("other.py"))
    assert run(monkeypatch, "--check") == 1
    assert "doubled.npz: no script makes it" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no experiment is called tripled; there are: other"):
        run(monkeypatch, "tripled")


def test_code_reads_the_same_to_every_python():
    """Python 3.12 added a field to functions, 3.13 leaves out empty ones, and 3.12.1 adds an empty piece to formats."""
    code = 'def f(x, *, y=None):\n    """What it does."""\n    return f"{x:{y}}", "", [None]'
    assert normalized(code) == (
        "Module(body=[FunctionDef(name='f', args=arguments(args=[arg(arg='x')], kwonlyargs=[arg(arg='y')], "
        "kw_defaults=[Constant()]), body=[Return(value=Tuple(elts=[JoinedStr(values=[FormattedValue(value=Name(id='x', "
        "ctx=Load()), conversion=-1, format_spec=JoinedStr(values=[FormattedValue(value=Name(id='y', ctx=Load()), "
        "conversion=-1)]))]), Constant(value=''), List(elts=[Constant()], ctx=Load())], ctx=Load()))])])"
    )
    assert normalized("f(None)") != normalized("f(0)") != normalized("f()") != normalized("f('')")
