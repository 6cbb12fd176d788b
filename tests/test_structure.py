"""Imports inside common point one way, as DESIGN.md says, and nothing there seeds a global generator."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import common

ROOT = Path(common.__file__).parent

# What a file may import from common. A file that is not named here may import any other, as long as there is no cycle.
BELOW_LAYERS = {"functions", "initializers"}
BELOW_NETWORK = BELOW_LAYERS | {"layers", "normalization", "convolution"}
NO_LAYER = {"functions", "initializers", "losses", "optimizers", "regularizers", "datasets", "trainer"}
ALLOWED = {
    "__init__": set(),
    "functions": set(),
    "initializers": set(),
    "mnist": set(),
    "datasets": {"functions", "mnist"},
    "layers": BELOW_LAYERS,
    "normalization": BELOW_LAYERS | {"layers"},
    "convolution": BELOW_LAYERS | {"layers"},
    "losses": {"functions"},
    "network": BELOW_NETWORK,
    "models": BELOW_NETWORK | {"network"},
    "optimizers": NO_LAYER,
    "regularizers": NO_LAYER,
    "trainer": NO_LAYER,
    "gradient_check": NO_LAYER,
}
GENERATORS = {"Generator", "BitGenerator", "SeedSequence", "PCG64", "Philox", "default_rng"}


def modules(root):
    """{"functions": tree, "plotting.style": tree, …}; a package is named after its folder."""
    trees = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        trees[name] = ast.parse(path.read_text(encoding="utf-8"))
    return trees


def imported(tree, names, package):
    """The modules of common that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "common." * (node.level > 0) + (package + "." if node.level == 1 and package else "")
            stem = (base + (node.module or "")).rstrip(".")
            targets = [f"{stem}.{alias.name}" for alias in node.names]
        else:
            continue
        for target in targets:
            parts = target.split(".")
            while parts and ".".join(parts[1:]) not in names:
                parts.pop()
            if target.startswith("common") and len(parts) > 1:
                found.add(".".join(parts[1:]))
    return found


def graph(trees):
    packages = {name for name in trees if any(other.startswith(name + ".") for other in trees)}
    return {
        name: imported(tree, set(trees), name if name in packages else name.rpartition(".")[0]) - {name}
        for name, tree in trees.items()
    }


def faults(trees):
    """Everything in these modules that DESIGN.md forbids."""
    found = []
    edges = graph(trees)
    for name, used in edges.items():
        if name in ALLOWED:
            found += [f"{name} imports {other}" for other in sorted(used - ALLOWED[name])]
    try:
        tuple(TopologicalSorter(edges).static_order())
    except CycleError as error:
        found.append(f"cycle {' → '.join(error.args[1])}")
    for name, tree in trees.items():
        found += [f"{name} {fault}" for fault in randomness(tree)]
    return found


def randomness(tree):
    """Uses of a global generator: np.random.seed and its kin, the module random, a generator made at import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("np.random", "numpy.random"):
            if node.attr not in GENERATORS:
                yield f"uses np.random.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in ("random", "numpy.random"):
            yield from (f"imports {alias.name}" for alias in node.names if alias.name not in GENERATORS)
        elif isinstance(node, ast.Import) and any(alias.name == "random" for alias in node.names):
            yield "imports random"
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    inside = {id(n) for f in ast.walk(tree) if isinstance(f, functions) for n in ast.walk(f)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and "default_rng" in ast.unparse(node.func) and id(node) not in inside:
            yield "makes a generator at import"


def test_common_keeps_to_the_design():
    trees = modules(ROOT)
    assert {"functions", "layers", "network", "trainer"} <= set(trees)
    assert faults(trees) == []


def test_network_does_import_layers():
    """The graph sees the imports that are there."""
    edges = graph(modules(ROOT))
    assert {"functions", "initializers"} <= edges["layers"]
    assert "layers" in edges["network"] and "losses" in edges["trainer"]


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"functions": "from common.layers import Affine", "layers": ""}, "functions imports layers"),
        ({"trainer": "def f():\n    from common import network", "network": ""}, "trainer imports network"),
        ({"trainer": "from .layers import ReLU", "layers": ""}, "trainer imports layers"),
        ({"gradient_check": "import common.layers", "layers": ""}, "gradient_check imports layers"),
        ({"layers": "from common import plotting", "plotting": ""}, "layers imports plotting"),
        ({"live": "import common.checks", "checks": "import common.live"}, "cycle"),
        ({"plotting": "from .style import a", "plotting.style": "from . import b; import common.plotting"}, "cycle"),
        ({"datasets": "np.random.seed(0)"}, "datasets uses np.random.seed"),
        ({"datasets": "numpy.random.rand(3)"}, "datasets uses np.random.rand"),
        ({"datasets": "from numpy.random import shuffle"}, "datasets imports shuffle"),
        ({"datasets": "import random"}, "datasets imports random"),
        ({"datasets": "rng = np.random.default_rng(0)"}, "datasets makes a generator at import"),
    ],
)
def test_the_faults_are_seen(files, fault):
    found = faults({name: ast.parse(code) for name, code in files.items()})
    assert any(f.startswith(fault) for f in found), found


def test_what_is_allowed_passes():
    code = "import numpy as np\ndef f(rng: np.random.Generator):\n    return np.random.default_rng(rng)"
    assert faults({"datasets": ast.parse(code), "functions": ast.parse("import numpy")}) == []
