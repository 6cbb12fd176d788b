"""experiments.py: fair, paired, the same numbers however many workers there are, and honest about noise."""

import os

import joblib
import numpy as np
import pytest

from common.experiments import compare, generators, grid, interval, mean_sd, verdict
from common.layers import Affine, Dropout, ReLU
from common.losses import SoftmaxCrossEntropy
from common.network import Sequential
from common.optimizers import SGD, Adam
from common.trainer import Trainer


def make_run():
    """A small training. Defined here, so that it travels to other processes by value, as a notebook's does."""

    def run(rngs, optimizer, lr, rate=0.0):
        x = rngs.data.normal(size=(60, 4))
        d = (x @ np.arange(12.0).reshape(4, 3)).argmax(axis=1)
        layers = Affine(4, 8, rng=rngs.weights), ReLU(), Dropout(rate, rng=rngs.noise), Affine(8, 3, rng=rngs.weights)
        trainer = Trainer(Sequential(*layers), SoftmaxCrossEntropy(), optimizer(lr), rng=rngs.order)
        losses = trainer.fit(x[:40], d[:40], epochs=2, batch_size=8)["loss"]
        loss, share = trainer.evaluate(x[40:], d[40:])
        return {"validation": share, "loss": loss, "start": losses[0], "curve": losses}

    return run


CONFIGURATIONS = {
    "SGD": grid(optimizer=[SGD], lr=[1e-6, 0.1, 1e200]),
    "Adam": grid(optimizer=[Adam], lr=[0.1, 1e-6]),
    "with dropout": {"optimizer": SGD, "lr": 0.1, "rate": 0.5},
}


@pytest.fixture(scope="module")
def comparison():
    return compare(make_run(), CONFIGURATIONS, seeds=range(3), jobs=1)


def equal(a, b):
    a, b = a.arrays(), b.arrays()
    return a.keys() == b.keys() and all(np.array_equal(a[key], b[key], equal_nan=True) for key in a)


def test_every_configuration_starts_from_the_same_weights_and_data(comparison):
    np.testing.assert_array_equal(comparison["SGD"].scores["start"], comparison["Adam"].scores["start"])
    assert len(set(comparison["SGD"].scores["start"])) == 3  # another start for every seed


def test_generators_do_not_disturb_each_other():
    a, b = generators(4), generators(4)
    a.noise.random(1000)
    a.weights.random(7)
    np.testing.assert_array_equal(a.order.permutation(50), b.order.permutation(50))
    np.testing.assert_array_equal(a.data.random(5), b.data.random(5))
    fresh = generators(4)
    assert len({g.random() for g in (*fresh, *generators(5))}) == 8


def test_the_candidate_with_the_best_validation_score_is_chosen(comparison):
    assert comparison["SGD"].settings == {"optimizer": SGD, "lr": 0.1}  # 1e200 diverges
    assert comparison["Adam"].settings == {"optimizer": Adam, "lr": 0.1}
    assert comparison["SGD"].scores["validation"].shape == (3,)
    assert comparison["SGD"].scores["curve"].shape == (3, 10)
    by_loss = compare(make_run(), {"SGD": CONFIGURATIONS["SGD"]}, seeds=range(2), choose_by="loss", jobs=1)
    assert by_loss["SGD"].settings["lr"] == 0.1  # the smallest one, that is
    with pytest.raises(
        ValueError, match="the candidates are chosen by 'test', but run returns validation, loss, start"
    ):
        compare(make_run(), {"SGD": CONFIGURATIONS["SGD"]}, seeds=[0], choose_by="test", jobs=1)


def test_one_configuration_alone_gives_the_same_numbers(comparison):
    alone = compare(make_run(), {"Adam": comparison["Adam"].settings}, seeds=[2], jobs=1)
    np.testing.assert_array_equal(alone["Adam"].scores["curve"][0], comparison["Adam"].scores["curve"][2])


def test_divergence_is_a_result():
    runs = {"good": {"optimizer": SGD, "lr": 0.1}, "bad": {"optimizer": SGD, "lr": 1e200}}
    both = compare(make_run(), runs, seeds=range(2), jobs=1)
    assert np.isnan(both["bad"].scores["curve"]).all() and both["bad"].scores["curve"].shape == (2, 10)
    assert both.verdicts("loss") == {"bad": "diverged"}
    assert repr(both).splitlines()[2].split()[:2] == ["bad", "diverged"]
    with pytest.raises(ValueError, match="the baseline diverged for 2 of 2 seeds"):
        both.verdicts("loss", against="bad")
    with pytest.raises(FloatingPointError, match="every run diverged"):
        compare(make_run(), {"bad": runs["bad"]}, seeds=range(2), jobs=1)


def test_curves_of_different_lengths_stay_apart_when_some_diverge():
    def run(rngs, n, edge=2.0):
        if rngs.data.random() > edge:
            raise FloatingPointError
        return {"test": 1.0, "curve": np.zeros(n)}

    both = compare(run, {"a": {"n": 3}, "b": {"n": 5, "edge": 0.8}}, seeds=range(6), jobs=1)
    assert both["a"].scores["curve"].shape == (6, 3) and both["b"].scores["curve"].shape == (6, 5)
    diverged = [generators(seed).data.random() > 0.8 for seed in range(6)]
    assert 0 < sum(diverged) < 6
    np.testing.assert_array_equal(np.isnan(both["b"].scores["curve"]).any(axis=1), diverged)


def test_other_errors_are_not_swallowed():
    with pytest.raises(TypeError, match="learning_rate"):
        compare(make_run(), {"a": {"learning_rate": 1}}, seeds=[0], jobs=1)


def test_the_numbers_do_not_depend_on_the_number_of_workers(comparison):
    assert equal(compare(make_run(), CONFIGURATIONS, seeds=range(3), jobs=2), comparison)


def test_the_numbers_are_the_same_on_a_dask_cluster(comparison):
    from distributed import Client, LocalCluster

    def where(rngs):
        return {"process": os.getpid()}

    here = LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None)
    with here as cluster, Client(cluster) as client, joblib.parallel_config(backend="dask"):
        assert equal(compare(make_run(), CONFIGURATIONS, seeds=range(3)), comparison)
        processes = compare(where, {"a": {}}, seeds=range(4))["a"].scores["process"]
        assert set(processes) <= set(client.run(os.getpid).values())


def test_a_run_has_one_blas_thread():
    def run(rngs):
        from threadpoolctl import threadpool_info

        return {"threads": max(lib["num_threads"] for lib in threadpool_info())}

    for jobs in (1, 2):
        assert set(compare(run, {"a": {}}, seeds=range(2), jobs=jobs)["a"].scores["threads"]) == {1}


# --- statistics ---------------------------------------------------------------------------------------------------


def test_the_interval_is_students_for_paired_differences():
    from scipy.stats import ttest_rel

    r = np.random.default_rng(0)
    a, b = r.normal(size=6), r.normal(1, 2, size=6)
    expected = ttest_rel(b, a).confidence_interval(0.9)
    np.testing.assert_allclose(interval(a, b, confidence=0.9), expected)
    # by hand: differences 1, 2, 3; mean 2, sd 1, t = 4.3027 for two degrees of freedom
    np.testing.assert_allclose(
        interval([0, 0, 0], [1, 2, 3]), [2 - 4.3027 / np.sqrt(3), 2 + 4.3027 / np.sqrt(3)], atol=1e-4
    )


def test_verdicts():
    a = np.array([0.5, 0.7, 0.9, 0.6])
    assert verdict(a, a + [0.02, 0.03, 0.02, 0.03]) == "better"  # small, but for every seed
    assert verdict(a, a - [0.02, 0.03, 0.02, 0.03]) == "worse"
    assert verdict(a, a + [0.02, 0.03, 0.02, 0.03], smaller_is_better=True) == "worse"
    assert verdict(a, a + [0.05, -0.05, 0.06, -0.04]) == "within the noise"
    assert verdict(a, a) == "within the noise"
    assert verdict(a, [0.5, np.nan, 0.9, 0.6]) == "diverged"
    assert verdict(a, [0.5, np.inf, 0.9, 0.6], smaller_is_better=True) == "diverged"
    with pytest.raises(ValueError, match="the baseline diverged for 1 of 4 seeds"):
        verdict([0.5, np.inf, 0.9, 0.6], a)


def test_pure_noise_gets_a_verdict_in_one_case_of_twenty():
    r = np.random.default_rng(0)
    found = [verdict(*r.normal(size=(2, 5))) != "within the noise" for _ in range(2000)]
    assert np.mean(found) == pytest.approx(0.05, abs=0.02)  # its standard deviation is .005


@pytest.mark.parametrize(
    ("a", "b"), [([1.0], [2.0]), ([1.0, 2.0], [1.0, 2.0, 3.0]), (np.ones((2, 2)), np.ones((2, 2)))]
)
def test_what_cannot_be_compared(a, b):
    with pytest.raises(ValueError, match="a paired comparison needs the scores of the same two or more seeds, got "):
        verdict(a, b)


def test_the_comparison_prints_as_a_table(comparison):
    lines = repr(comparison).splitlines()
    assert lines[0].split() == ["validation", "loss", "start", "settings"]  # curves are no column
    assert lines[2].startswith("Adam") and lines[2].endswith("optimizer=Adam, lr=0.1")
    assert mean_sd(comparison["Adam"].scores["loss"]) in lines[2]
    assert comparison.verdicts("start")["Adam"] == "within the noise"
    assert set(comparison.verdicts("loss", against="Adam")) == {"SGD", "with dropout"}
    assert comparison.arrays()["SGD/curve"].shape == (3, 10)


def test_mean_sd():
    assert mean_sd([1, 2, 3]) == "2.000 ± 1.000" and mean_sd([0.5, 0.7], digits=2) == "0.60 ± 0.14"


def test_grid():
    assert grid(lr=[0.1, 1], rate=[0.2, 0.5])[1:3] == [{"lr": 0.1, "rate": 0.5}, {"lr": 1, "rate": 0.2}]
    assert grid() == [{}]
