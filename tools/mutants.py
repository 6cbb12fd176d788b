"""Do the tests bite? Put famous bugs into the library, one by one, and see which test or lesson notices.

    python tools/mutants.py               all of them: a table, and exit 1 if one survives
    python tools/mutants.py WORD ...      those whose description or file contains one of the words
    python tools/mutants.py --jobs 2      so many at a time (default: half the cores)

Every bug is an exact replacement in one file of common/, made in a copy of the project. First the tests of that file
run (TESTS), then, if they all pass, what rests on it (THEN), then, through nbval, the lessons that import it. The list
was fixed before the tests were looked at: a bug that survives gets a test of the behaviour that it breaks.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fingerprint import imported_modules

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "my", "build", "*.egg-info", "browser")

Mutant = namedtuple("Mutant", "bug file old new")

# The tests of each file, and what runs if they all pass: the comparison with PyTorch and the exercises.
TESTS = {
    "functions.py": ["functions", "losses"],
    "initializers.py": ["initializers"],
    "layers.py": ["layers", "network"],
    "normalization.py": ["normalization", "network"],
    "losses.py": ["losses", "network"],
    "network.py": ["network", "normalization"],
    "optimizers.py": ["optimizers"],
    "regularizers.py": ["regularizers"],
    "trainer.py": ["trainer", "regularizers"],
    "gradient_check.py": ["gradient_check"],
    "convolution.py": ["convolution", "summary"],
    "models.py": ["models"],
    "datasets.py": ["datasets"],
    "experiments.py": ["comparisons"],
}
THEN = ["tests/test_reference.py", "tests/test_exercises.py"]

BUGS = {
    "functions.py": [
        (
            "sigmoid's derivative applied to z instead of u",
            "    z = sigmoid(u)\n    return z * (1 - z)",
            "    z = sigmoid(sigmoid(u))\n    return z * (1 - z)",
        ),
        (
            "sigmoid that overflows",
            "np.exp(np.minimum(u, 0)) / (1 + np.exp(-np.abs(u)))",
            "1 / (1 + np.exp(-u))",
        ),
        ("step that is 0 at 0", "np.heaviside(u, 1)", "np.heaviside(u, 0)"),
        ("ReLU's derivative 1 at 0", "np.heaviside(u, 0)", "np.heaviside(u, 1)"),
        (
            "softmax summed over the wrong axis",
            "return e / e.sum(axis=-1, keepdims=True)",
            "return e / e.sum(axis=0, keepdims=True)",
        ),
        ("softmax that overflows", "np.exp(u - np.max(u, axis=-1, keepdims=True))", "np.exp(u)"),
        (
            "one column taken by a multi-class loss, whose value then ignores the label",
            "if y.ndim != 2 or y.shape[1] < 2:",
            "if y.ndim != 2:",
        ),
        (
            "output (N, 1) broadcast against target (N,)",
            "    if y.shape != d.shape:\n        remedy",
            "    if len(y) != len(d):\n        remedy",
        ),
        ("one-hot that lets the label −1 count from the end", "labels.min() < 0 or ", ""),
    ],
    "initializers.py": [
        ("He with the often printed 2/√n", "    return sqrt(2 / fan_in)", "    return 2 / sqrt(fan_in)"),
        ("Xavier from the number of outputs", "    return sqrt(1 / fan_in)", "    return sqrt(1 / fan_out)"),
    ],
    "layers.py": [
        ("W not transposed on the way back", "return dout @ self.W.T", "return dout @ self.W.reshape(self.W.T.shape)"),
        ("bias gradient averaged over the batch", "self.db = dout.sum(axis=0)", "self.db = dout.mean(axis=0)"),
        ("bias not added", "return x @ self.W + self.b", "return x @ self.W"),
        (
            "ReLU's backward overwrites dout",
            "return dout * self.positive",
            "dout *= self.positive\n        return dout",
        ),
        ("ReLU's backward lets everything through", "return dout * self.positive", "return dout"),
        (
            "sigmoid's derivative without (1 − z)",
            "return dout * self.z * (1 - self.z)",
            "return dout * self.z",
        ),
        ("tanh's derivative 1 − z", "return dout * (1 - self.z**2)", "return dout * (1 - self.z)"),
        ("dropout not rescaled in training", "return x * self.kept / (1 - self.rate)", "return x * self.kept"),
        (
            "dropout's gradient not rescaled",
            "return dout * self.kept / (1 - self.rate) if",
            "return dout * self.kept if",
        ),
        ("dropout that keeps the share it should drop", "self.rng.random(x.shape) >=", "self.rng.random(x.shape) <"),
        ("dropout at work in inference", "        if not self.training:\n            return x\n", ""),
        (
            "one dropout mask for all samples",
            "self.kept[...] = self.rng.random(x.shape) >=",
            "self.kept[...] = self.rng.random(x.shape[1:]) >=",
        ),
    ],
    "normalization.py": [
        (
            "β added to x instead of x̂",
            "np.moveaxis(self.gamma * self.x_hat + self.beta, -1, 1)",
            "np.moveaxis(self.gamma * x + self.beta, -1, 1)",
        ),
        (
            "running variance from 0",
            "np.zeros(n_features, dtype), np.ones(n_features, dtype)\n\n",
            "np.zeros(n_features, dtype), np.zeros(n_features, dtype)\n\n",
        ),
        ("biased variance in the running one", "(1 - self.momentum) * var * n / (n - 1)", "(1 - self.momentum) * var"),
        ("unbiased variance normalises", "x.var(axis=batch)", "x.var(axis=batch, ddof=1)"),
        ("ε outside the root", "np.sqrt(var + self.eps)", "np.sqrt(var) + self.eps"),
        ("ε forgotten", "np.sqrt(var + self.eps)", "np.sqrt(var)"),
        ("ε written 10e-7", "eps=1e-5", "eps=10e-7"),
        (
            "running mean with momentum the wrong way round",
            "self.momentum * self.running_mean + (1 - self.momentum) * mean",
            "(1 - self.momentum) * self.running_mean + self.momentum * mean",
        ),
        (
            "inference with the batch's statistics",
            "        if not self.training:\n            return",
            "        if False:\n            return",
        ),
        ("γ and β not trained", 'parameters = ("gamma", "beta")', "parameters = ()"),
        (
            "statistics per pixel instead of per channel",
            "len(self.gamma), tuple(range(x.ndim - 1))",
            "len(self.gamma), (0,)",
        ),
        ("no gradient through the mean", " - self.dbeta / n", ""),
        ("no gradient through the variance", " - self.x_hat * self.dgamma / n", ""),
        ("γ left out of dx", "dx * self.gamma / self.std", "dx / self.std"),
        ("dγ from y's gradient alone", "(dout * self.x_hat).sum(axis=batch)", "dout.sum(axis=batch)"),
    ],
    "losses.py": [
        ("missing 1/N in the gradient", "return (self.y - self.d) / len(self.y)", "return self.y - self.d"),
        ("gradient with the wrong sign", "return (self.y - self.d) /", "return (self.d - self.y) /"),
        (
            "squared error averaged over the outputs too, its gradient not",
            "/ (2 * len(self.y))",
            "/ (2 * self.y.size)",
        ),
        ("squared error without the ½ of its gradient", "/ (2 * len(self.y))", "/ len(self.y)"),
        (
            "cross-entropy that saturates: log(y + 1e-7)",
            "log_y = log_softmax(u)",
            "log_y = np.log(softmax(u) + 1e-7)",
        ),
        (
            "cross-entropy summed over the batch",
            "return -np.sum(self.d * log_y) / len(u)",
            "return -np.sum(self.d * log_y)",
        ),
        (
            "accuracy from the sign of u lost: y > 0",
            "np.mean((u > 0) == (d > 0.5))",
            "np.mean((sigmoid(u) > 0) == (d > 0.5))",
        ),
    ],
    "network.py": [
        (
            "the last layer left out of the update",
            "enumerate(with_parameters, 1)",
            "enumerate(with_parameters[:-1], 1)",
        ),
        ("backward through the layers in forward order", "in reversed(self.layers):", "in self.layers:"),
        ("dout not passed on", "            dout = layer.backward(dout)", "            layer.backward(dout)"),
        ("training mode for ever", "layer.training = training", "layer.training = True"),
        (
            "prediction in training mode",
            "[self.forward(x[i : i + batch_size])",
            "[self.forward(x[i : i + batch_size], training=True)",
        ),
        ("running statistics not saved", "np.savez(path, **self.state)", "np.savez(path, **self.params)"),
    ],
    "optimizers.py": [
        (
            "uphill",
            '(1951)."""\n\n    def step(self, w, g, s):\n        w -= self.lr * g',
            '(1951)."""\n\n    def step(self, w, g, s):\n        w += self.lr * g',
        ),
        (
            "the update kept to itself",
            '(1951)."""\n\n    def step(self, w, g, s):\n        w -= self.lr * g',
            '(1951)."""\n\n    def step(self, w, g, s):\n        w = w - self.lr * g',
        ),
        (
            "momentum's state lost",
            "s.v = self.momentum * s.v + g\n        w -= self.lr * s.v",
            "v = self.momentum * s.v + g\n        w -= self.lr * v",
        ),
        ("Nesterov without the look-ahead", "w -= self.lr * (g + self.momentum * s.v)", "w -= self.lr * s.v"),
        ("AdaGrad that forgets", "s.h = s.h + g**2", "s.h = g**2"),
        (
            "AdaGrad's h missing from its first step",
            "        s.h = s.h + g**2\n        w -= self.lr * g / (np.sqrt(s.h) + self.eps)",
            "        w -= self.lr * g / (np.sqrt(s.h) + self.eps)\n        s.h = s.h + g**2",
        ),
        (
            "AdaGrad that divides by h, not √h",
            "+ g**2\n        w -= self.lr * g / (np.sqrt(s.h) + self.eps)",
            "+ g**2\n        w -= self.lr * g / (s.h + self.eps)",
        ),
        (
            "RMSprop's ε inside the root",
            "(1 - self.rho) * g**2\n        w -= self.lr * g / (np.sqrt(s.h) + self.eps)",
            "(1 - self.rho) * g**2\n        w -= self.lr * g / np.sqrt(s.h + self.eps)",
        ),
        ("RMSprop without 1 − ρ", "(1 - self.rho) * g**2\n        w -=", "g**2\n        w -="),
        ("AdaDelta's r from g instead of Δ", "(1 - self.rho) * delta**2", "(1 - self.rho) * g**2"),
        ("AdaDelta without ε: it never starts", "np.sqrt(s.r + self.eps)", "np.sqrt(s.r)"),
        ("Adam's bias correction dropped", "        v_hat = s.v / (1 - self.beta2**self.t)", "        v_hat = s.v"),
        (
            "Adam's two β exchanged in the correction",
            "m_hat = s.m / (1 - self.beta1**self.t)",
            "m_hat = s.m / (1 - self.beta2**self.t)",
        ),
        ("Adam's ε inside the root", "(np.sqrt(v_hat) + self.eps)", "np.sqrt(v_hat + self.eps)"),
        ("the updates not counted", "        self.t += 1\n", "        self.t = 1\n"),
        (
            "one memory for all parameters",
            "self.state[name] = SimpleNamespace(",
            "self.state[name] = next(iter(self.state.values())) if self.state else SimpleNamespace(",
        ),
    ],
    "regularizers.py": [
        ("√ in L2", "self.strength / 2 * np.sum(W**2)", "self.strength / 2 * np.sqrt(np.sum(W**2))"),
        ("L2 whose loss lacks the ½ of its gradient", "self.strength / 2 * np.sum", "self.strength * np.sum"),
        ("L1 with the gradient of L2", "self.strength * np.sign(W)", "self.strength * W"),
        ("L1 that forgets |…|", "np.sum(np.abs(W))", "np.sum(W)"),
        (
            "the last layer left out of the regularizer",
            "        for name, W in params.items():",
            "        for name, W in list(params.items())[:-2]:",
        ),
        (
            "biases that cost something",
            'self.penalty(W) for name, W in params.items() if name.startswith("W")',
            "self.penalty(W) for name, W in params.items()",
        ),
        ("the gradient with the wrong sign", "grads[name] += self.gradient(W)", "grads[name] -= self.gradient(W)"),
    ],
    "trainer.py": [
        (
            "the shuffled order not used",
            "chosen = order[start : start + batch_size]",
            "chosen = slice(start, start + batch_size)",
        ),
        (
            "inputs shuffled, targets not",
            "yield x[chosen], d[chosen]",
            "yield x[chosen], d[start : start + batch_size]",
        ),
        (
            "the last, smaller batch dropped",
            "for start in range(0, len(x), batch_size):",
            "for start in range(0, len(x) - batch_size + 1, batch_size):",
        ),
        ("training in inference mode", "self.network.forward(x, training=True)", "self.network.forward(x)"),
        ("the regularizer's gradient forgotten", "            self.regularizer.add_gradients(params, grads)\n", ""),
        ("early stopping that keeps no copy", "{name: array.copy() for", "{name: array for"),
        (
            "early stopping that keeps the last state",
            "        if early_stopping:\n            early_stopping.restore(self.network)\n",
            "",
        ),
        ("validation with the training data", '"validation", *validation', '"validation", x, d'),
    ],
    "gradient_check.py": [
        (
            "a check that sums the outputs",
            "rng.standard_normal(deepcopy(layer).forward(x.copy()).shape)",
            "np.ones(deepcopy(layer).forward(x.copy()).shape)",
        ),
        (
            "forward instead of central differences",
            "gradient[i] = (above - below) / (2 * h)",
            "gradient[i] = 2 * (above - f(x)) / (2 * h)",
        ),
    ],
    "convolution.py": [
        (
            "an output size that rounds up",
            "(size + 2 * padding - window) // stride + 1",
            "-((window - size - 2 * padding) // stride) + 1",
        ),
        (
            "an output size that forgets the padding",
            "(size + 2 * padding - window) // stride",
            "(size - window) // stride",
        ),
        (
            "col2im that overwrites where windows overlap",
            "SW * OW : SW] += cols",
            "SW * OW : SW] = cols",
        ),
        (
            "im2col's columns with rows and columns of the filter exchanged",
            "cols[:, :, :, :, i, j] = pixels",
            "cols.reshape(N, OH, OW, C, FW, FH)[:, :, :, :, j, i] = pixels",
        ),
        ("the gradient of W of the last block only", "            dW += (cols", "            dW = (cols"),
        ("no bias", "            cols[:, -1] = 1", "            cols[:, -1] = 0"),
        (
            "the gradient of x overwritten where windows overlap",
            "                    pixels += dpixels",
            "                    pixels[...] = dpixels",
        ),
        ("a margin that stays in the gradient", "x[:, PH : H - PH, PW : W - PW]", "x[:, : H - 2 * PH, : W - 2 * PW]"),
        (
            "vertical and horizontal stride exchanged",
            "(FH, FW), (SH, SW) = self.window, self.stride\n",
            "(FH, FW), (SW, SH) = self.window, self.stride\n",
        ),
        (
            "groups that all see the first group's channels",
            "yield pixels.reshape(G, C, *shape), cols",
            "yield pixels.reshape(G, C, *shape)[:1], cols",
        ),
        ("max pooling padded with zeros", "self.pad(x, -np.inf)", "self.pad(x)"),
        ("max pooling's gradient to the last of equal numbers", "(pixels > z)", "(pixels >= z)"),
        (
            "max pooling's gradient to every pixel of the window",
            "dpixels += dout * (self.winner == k)",
            "dpixels += dout",
        ),
        (
            "average pooling that passes the whole gradient to each pixel",
            "dout = batch_innermost(dout) / math.prod(self.window)",
            "dout = batch_innermost(dout)",
        ),
        ("average pooling that is a sum", "return batch_first(z / math.prod(self.window))", "return batch_first(z)"),
        ("global average with the gradient undivided", "(dout / math.prod(size))", "dout"),
        ("a weight counted once, not at every position", "return self.W.size * OH * OW", "return self.W.size"),
    ],
    "models.py": [
        ("DeepConvNet without the padding of 2", "(32, 2, True)", "(32, 1, True)"),
        (
            "AlexNet without overlapping pools",
            "*(LocalResponseNorm(), MaxPooling(3, stride=2)),\n            *(Convolution(96",
            "*(LocalResponseNorm(), MaxPooling(2, stride=2)),\n            *(Convolution(96",
        ),
        (
            "AlexNet's groups forgotten",
            "Convolution(96, 256, 5, padding=2, groups=groups",
            "Convolution(96, 256, 5, padding=2, groups=1",
        ),
        (
            "LeNet-5 with max pooling",
            "*(Convolution(6, 16, 5, **options), Tanh(), AveragePooling(2))",
            "*(Convolution(6, 16, 5, **options), Tanh(), MaxPooling(2))",
        ),
    ],
    "datasets.py": [
        (
            "a digit that never reaches the last place of its canvas",
            "rng.integers(0, size - H + 1, N)",
            "rng.integers(0, size - H, N)",
        ),
        ("waves that all begin at the same phase", "rng.uniform(0, 1, (n, 1))", "0 * rng.uniform(0, 1, (n, 1))"),
        ("shapes that stand on their heads", "cos * y - sin * x", "sin * x - cos * y"),
        ("flips upside down", "x[..., ::-1], x)", "x[..., ::-1, :], x)"),
        ("wrong labels that may be right", "rng.integers(1, K, len(chosen))", "rng.integers(0, K, len(chosen))"),
        ("the same label made wrong twice", "replace=False", "replace=True"),
        (
            "crops that never reach the last position",
            "rng.integers(0, H - h + 1, len(x))",
            "rng.integers(0, H - h, len(x))",
        ),
        (
            "one crop position for all images",
            "rng.integers(0, W - w + 1, len(x))",
            "np.full(len(x), rng.integers(0, W - w + 1))",
        ),
        ("images and labels shuffled apart", "x[order] / 16, d[order]", "x[order] / 16, d"),
    ],
    "experiments.py": [
        (
            "the same random numbers for every seed",
            "run(generators(seed), **settings)",
            "run(generators(0), **settings)",
        ),
        (
            "one generator for everything: dropout changes the order of the data",
            "Generators(*(np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4)))",
            "Generators(*[np.random.default_rng(seed)] * 4)",
        ),
        ("the candidate with the largest loss chosen", 'return -1 if score.endswith("loss") else 1', "return 1"),
        ("standard deviation with divisor S", "difference.std(ddof=1)", "difference.std()"),
        ("seeds not paired", "difference = b - a", "difference = np.sort(b)[::-1] - np.sort(a)"),
        ("spread of one run instead of the mean's", " / np.sqrt(len(a))", ""),
    ],
}
MUTANTS = [Mutant(bug, file, old, new) for file, bugs in BUGS.items() for bug, old, new in bugs]


class DoesNotMatch(Exception):
    pass


def mutated(mutant, text):
    """The text of the mutant's file with the bug in it."""
    if (found := text.count(mutant.old)) != 1:
        raise DoesNotMatch(
            f"{mutant.file}, {mutant.bug!r}: its text occurs {found} times, and should once:\n{mutant.old}"
        )
    return text.replace(mutant.old, mutant.new)


def source(mutant):
    return (ROOT / "common" / mutant.file).read_text(encoding="utf-8")


def copy(folder):
    """The project in a folder of its own: pytest started there imports `common` from there."""

    def left_out(source, names):
        downloads = [name for name in names if Path(source) == ROOT / "data" and name != "results"]
        return {*LEFT_OUT(source, names), *downloads}

    return Path(shutil.copytree(ROOT, folder, ignore=left_out))


def tests_of(file):
    return [f"tests/test_{name}.py" for name in TESTS[file]]


def lessons_of(file):
    """The notebooks of the lessons whose code imports this file of common."""
    import notebooks

    target, found = ROOT / "common" / file, []
    for lesson in notebooks.lessons():
        code = "\n".join(cell.source for cell in notebooks.cells_from_source(lesson).cells if cell.cell_type == "code")
        if target in imported_modules(code) and notebooks.notebook_of(lesson).is_file():
            found.append(str(notebooks.notebook_of(lesson).relative_to(ROOT)))
    return found


def first_failure(folder, *arguments):
    """The first test that fails in this copy of the project, or None."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = os.environ | threads | {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", *arguments]
    process = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if process.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", process.stdout, re.MULTILINE)
    if not found:
        raise RuntimeError(f"{' '.join(command)} stopped without a failing test:\n{process.stdout}\n{process.stderr}")
    return found[1]


def who_notices(mutant):
    """The first test or lesson that fails with this bug, or None."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as place:
        folder = copy(Path(place) / "course")
        (folder / "common" / mutant.file).write_text(mutated(mutant, source(mutant)), encoding="utf-8")
        for tests in (tests_of(mutant.file), THEN):
            if failure := first_failure(folder, "-p", "no:nbval", *tests):  # whose import takes longer than most tests
                return failure
        lessons = lessons_of(mutant.file)
        return first_failure(folder, "--nbval", "--nbval-current-env", *lessons) if lessons else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    options = parser.parse_args()
    chosen = [m for m in MUTANTS if not options.words or any(w in m.bug or w in m.file for w in options.words)]
    for mutant in chosen:
        mutated(mutant, source(mutant))
    with tempfile.TemporaryDirectory(prefix="mutant-") as place:
        folder = copy(Path(place) / "course")
        files = sorted({test for mutant in chosen for test in tests_of(mutant.file)} | set(THEN))
        if failure := first_failure(folder, "-p", "no:nbval", *files):
            raise SystemExit(f"without any bug, {failure} fails: mend that first")
    survivors = 0
    print("| file | bug | noticed by |\n|---|---|---|")
    with ThreadPoolExecutor(options.jobs) as pool:
        for mutant, failure in zip(chosen, pool.map(who_notices, chosen)):
            survivors += failure is None
            print(f"| {mutant.file} | {mutant.bug} | {failure or '**nobody**'} |", flush=True)
    print(f"\n{len(chosen)} bugs, {survivors} survived")
    return min(survivors, 1)


if __name__ == "__main__":
    sys.exit(main())
