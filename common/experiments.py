"""Fair experiments: several configurations, several seeds, and an honest verdict; and the stored results of long ones.

A run is a function `run(rngs, **settings)` → {"test": 0.93, …} that trains one network and returns its scores.
"""

from collections import namedtuple
from itertools import product
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).resolve().parent.parent / "data" / "results"

Generators = namedtuple("Generators", "data weights order noise")
Outcome = namedtuple("Outcome", "settings scores")


def generators(seed):
    """Four independent generators: for the data, the initial weights, the order of the batches, and noise (dropout).

    They are the same for every configuration, and what draws from one (more dropout, say) does not shift another:
    configurations with the same seed see the same data in the same order and start from the same weights.
    """
    return Generators(*(np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(4)))


def grid(**values):
    """All combinations as a list of settings: grid(lr=[0.1, 1], rate=[0.2]) → [{"lr": 0.1, "rate": 0.2}, …]."""
    return [dict(zip(values, combination)) for combination in product(*values.values())]


def compare(run, configurations, *, seeds, choose_by="validation", jobs=-1):
    """Run every configuration with every seed: {name: Outcome}, in a Comparison.

    run: function (rngs, **settings) → {score: number or array}. A score that is better when smaller has a name that
    ends in "loss". rngs: the seed's `generators`. configurations: {name: settings}, or {name: [settings, …]}: then
    those with the best mean `choose_by` score are chosen, and only they are reported. Let it be measured on
    validation data, and report another one, measured on test data. Every configuration should get equally many
    candidates.

    Outcome.settings are the chosen ones, Outcome.scores {score: array (seeds, …)}. A run that diverges
    (FloatingPointError) has nan in all its scores and is never chosen if there is another.

    jobs: processes, −1 for all cores. The numbers do not depend on it: every run has its own generators and one
    BLAS thread. joblib deals them out, so that `with joblib.parallel_config(backend="dask")` sends them to a cluster.
    """
    from joblib import Parallel, delayed  # here, because importing it takes time

    candidates = {name: s if isinstance(s, list) else [s] for name, s in configurations.items()}
    seeds = list(seeds)
    settings = [s for name in candidates for s in candidates[name]]
    runs = Parallel(n_jobs=jobs, max_nbytes=None)(delayed(_one)(run, s, seed) for s in settings for seed in seeds)
    if not any(runs):
        raise FloatingPointError("every run diverged: try smaller learning rates")
    scores = iter([_stack(runs[i : i + len(seeds)], runs) for i in range(0, len(runs), len(seeds))])
    comparison = Comparison()
    for name, tried in candidates.items():
        outcomes = [Outcome(s, next(scores)) for s in tried]
        comparison[name] = max(outcomes, key=lambda o: _merit(o, choose_by)) if len(tried) > 1 else outcomes[0]
    return comparison


def _one(run, settings, seed):
    """One run, in whatever process: its scores, or None if it diverged."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), np.errstate(all="ignore"):  # sums depend in the last digit on the number of threads
        try:
            return run(generators(seed), **settings)
        except FloatingPointError:
            return None


def _stack(runs, others):
    """[{score: number}, …] of the seeds → {score: array (seeds, …)}; nan where a run diverged, shaped as any that did not."""
    like = next(filter(None, [*runs, *others]))
    diverged = {name: np.full(np.shape(value), np.nan) for name, value in like.items()}
    return {name: np.array([(scores or diverged)[name] for scores in runs], float) for name in like}


def _merit(outcome, score):
    """The mean score, turned so that more is better; −inf where a run diverged."""
    if score not in outcome.scores:
        raise ValueError(f"the candidates are chosen by {score!r}, but run returns {', '.join(outcome.scores)}")
    mean = outcome.scores[score].mean() * _sign(score)
    return -np.inf if np.isnan(mean) else mean


def _sign(score):
    return -1 if score.endswith("loss") else 1


def interval(a, b, confidence=0.95):
    """The t-interval for the mean of b − a, paired by seed: (low, high). a and b: scores (seeds,), at least two.

    mean ± t · sd/√S with the sample's standard deviation and Student's t for S − 1 degrees of freedom: over
    repetitions of the whole experiment, 95 % of such intervals contain the true difference.
    """
    from scipy.special import stdtrit  # the inverse of Student's distribution function

    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape or a.ndim != 1 or len(a) < 2:
        raise ValueError(
            f"a paired comparison needs the scores of the same two or more seeds, got {a.shape}, {b.shape}"
        )
    difference = b - a
    half = stdtrit(len(a) - 1, (1 + confidence) / 2) * difference.std(ddof=1) / np.sqrt(len(a))
    return float(difference.mean() - half), float(difference.mean() + half)


def verdict(a, b, smaller_is_better=False):
    """Is b better than a? "better", "worse" or "within the noise", from scores (seeds,) of the same seeds.

    "better" and "worse" where 0 lies outside the 95 % interval of the paired differences, see `interval`; "diverged"
    where b has a nan or is infinite. Where there is no difference, one verdict in twenty still finds one: of many comparisons, some
    will look real.
    """
    if not np.isfinite(b).all():
        return "diverged"
    if not np.isfinite(a).all():
        diverged = np.sum(~np.isfinite(a))
        raise ValueError(f"nothing to compare with: the baseline diverged for {diverged} of {len(a)} seeds")
    low, high = interval(b, a) if smaller_is_better else interval(a, b)
    return "better" if low > 0 else "worse" if high < 0 else "within the noise"


def mean_sd(scores, digits=3):
    """'0.912 ± 0.013': mean and standard deviation (of the sample, divisor S − 1) over the seeds."""
    scores = np.asarray(scores, float)
    return f"{scores.mean():.{digits}f} ± {scores.std(ddof=1):.{digits}f}"


class Comparison(dict):
    """{name: Outcome} of `compare`; prints as a table."""

    def verdicts(self, score, against=None):
        """{name: verdict on this score} for all but the configuration `against` (by default the first)."""
        against = next(iter(self)) if against is None else against
        baseline = self[against].scores[score]
        return {
            name: verdict(baseline, outcome.scores[score], smaller_is_better=_sign(score) < 0)
            for name, outcome in self.items()
            if name != against
        }

    def arrays(self):
        """The scores for an .npz file: {"name/score": array (seeds, …)}."""
        return {f"{name}/{score}": a for name, outcome in self.items() for score, a in outcome.scores.items()}

    def __repr__(self):
        """Mean ± sd of every score that is one number, and the settings that were chosen."""
        scores = {s: None for outcome in self.values() for s, a in outcome.scores.items() if a.ndim == 1}
        table = [("", *scores, "settings")]
        for name, outcome in self.items():
            means = ["diverged" if np.isnan(outcome.scores[s]).any() else mean_sd(outcome.scores[s]) for s in scores]
            settings = ", ".join(f"{k}={getattr(v, '__name__', v)}" for k, v in outcome.settings.items())
            table.append((name, *means, settings))
        widths = [max(map(len, column)) for column in zip(*table)]
        return "\n".join("  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths)).rstrip() for row in table)


def stored(name):
    """The results of notebooks/experiments/NAME.py as a dict of arrays, as `make experiments` last computed them."""
    path = RESULTS / f"{name}.npz"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in RESULTS.glob("*.npz"))) or "none"
        raise FileNotFoundError(f"no stored experiment {name!r}; there are: {there}. `make experiments` computes them")
    with np.load(path, allow_pickle=False) as archive:
        return {key: archive[key] for key in archive if key != "made_from"}
