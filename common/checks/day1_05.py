"""Feedback on day1/05, stochastic gradient descent."""

import copy

import numpy as np

from common.checks.compare import show
from common.checks.feedback import Lesson, rng
from common.functions import d_loss, d_relu, relu, squared_error

lesson = Lesson("day1/05")
exercise, quiz = lesson.check, lesson.answer


# --- the update ---------------------------------------------------------------------------------------------


@lesson.exercise()
def update(network, grads, rate):
    """One step downhill: change every array of the dict `network`, each by its own gradient.

    network: {"W1": …, "b1": …, …}; grads: the gradients, by the same names; rate: ε.
    """
    for name in network:
        network[name] -= rate * grads[name]


def _three_layers():
    draw = rng(1).standard_normal
    shapes = {"W1": (2, 4), "b1": 4, "W2": (4, 3), "b2": 3, "W3": (3, 1), "b3": 1}
    return {name: draw(shape) for name, shape in shapes.items()}, {name: draw(shape) for name, shape in shapes.items()}


def _is(network, wanted):
    return network.keys() == wanted.keys() and all(
        np.shape(network[name]) == wanted[name].shape and np.allclose(network[name], wanted[name]) for name in wanted
    )


@update.test
def _moves_every_parameter(learners):
    before, grads = _three_layers()
    network, given = copy.deepcopy(before), copy.deepcopy(grads)
    try:
        result = learners(network, given, 0.1)
    except TypeError as error:
        if "dict" not in str(error):
            raise
        return f"a dict cannot be calculated with, only the arrays in it: go through the names. ({error})"
    except KeyError as error:
        return f"no entry is called {error}. A gradient has the name of its parameter: grads['W1'] belongs to network['W1']"
    wanted = {name: before[name] - 0.1 * grads[name] for name in before}
    if _is(network, wanted):
        if not _is(given, grads):
            return "the network is right, but the gradients were changed on the way; somebody may still need them"
        return None
    still = [name for name in before if np.array_equal(network.get(name), before[name])]
    if len(still) == len(before):
        if isinstance(result, dict) and _is(result, wanted):
            return (
                "the numbers are right, but they are in a new dict; the network that came in has not moved. "
                "Write into it: network[name] = …"
            )
        return (
            "nothing has moved. `w = w - …` gives the name w to a new array and leaves the dict as it was; "
            "write into the dict: network[name] = …"
        )
    moved = {name: network[name] - before[name] for name in before if name not in still}
    name = next(iter(moved))
    came = (
        f"{name} moved by {show(moved[name].ravel()[0])} where its gradient is {show(grads[name].ravel()[0])}, rate 0.1"
    )
    for hint, factor in [
        ("that is a step uphill: the gradient points where E grows, and we go the other way", 0.1),
        ("the whole gradient was taken off; a step is only rate times as long", -1),
        ("the whole gradient was added: go the other way, and only rate times as far", 1),
    ]:
        if all(np.allclose(moved[n], factor * grads[n]) for n in moved):
            return f"{hint}. {came}"
    if all(np.allclose(moved[n], -0.1 * grads[n]) for n in moved):
        if all(n.startswith("b") for n in still):
            return f"the biases {', '.join(still)} have not moved: they are learnt as well"
        if still == ["W3", "b3"]:
            return "W3 and b3 have not moved: with names written by hand, a deeper network is only half trained"
        return f"{', '.join(still)} have not moved: does the loop end early, or leave names out?"
    return f"another step than -rate · gradient. {came}"


# --- the rate -----------------------------------------------------------------------------------------------


@lesson.exercise()
def rate_for_large_inputs():
    """Your ε for the ReLU network with inputs from −5 to 5: a number."""
    return 0.003


def _learn(seed, rate, steps=1000):
    """The losses of the lesson's 2-10-1 ReLU network, inputs in [−5, 5), one sample at a time."""
    draw = rng(seed)
    W1, b1, W2, b2 = (draw.standard_normal(shape) for shape in ((2, 10), 10, (10, 1), 1))
    losses = []
    for _ in range(steps):
        x = draw.uniform(-5, 5, (1, 2))
        d = x @ np.array([[3.0], [2.0]])
        u1 = x @ W1 + b1
        z1 = relu(u1)
        y = z1 @ W2 + b2
        losses.append(squared_error(y, d))
        if losses[-1] > 1e6:
            break
        delta2 = d_loss(y, d)
        delta1 = delta2 @ W2.T * d_relu(u1)
        W1, b1 = W1 - rate * x.T @ delta1, b1 - rate * delta1.sum(axis=0)
        W2, b2 = W2 - rate * z1.T @ delta2, b2 - rate * delta2.sum(axis=0)
    return losses


@rate_for_large_inputs.test
def _learns_from_twenty_starts(learners):
    rate = learners()
    if rate is None:
        return "it gives back None: is a `return` missing?"
    try:
        rate = float(rate)
    except (TypeError, ValueError):
        return f"a rate is one number; {show(rate)} came"
    if not rate > 0:
        return "a rate is positive; the minus sign is in the update already, and with rate 0 nothing moves"
    runs = [_learn(seed, rate) for seed in range(100, 120)]
    gone = sum(run[-1] > 1e6 for run in runs)
    if gone == len(runs):
        return f"with {rate:g} all of 20 networks diverge. How much larger is the curvature than for inputs below 1?"
    if gone:
        return f"with {rate:g} {gone} of 20 networks diverge. Five good curves were luck: keep a distance from the edge"
    loss = np.mean([run[-100:] for run in runs])
    if loss > 0.25:
        return (
            f"with {rate:g} none of 20 networks diverges, but after 1000 updates the loss is still {loss:.2g}. "
            "There is room: a larger rate brings it below 0.25"
        )
    return None


# --- mini-batches -------------------------------------------------------------------------------------------


@lesson.exercise()
def minibatches(x, d, batch_size, rng):
    """Yield pairs (x, d) of batch_size samples, in random order, until all were dealt once.

    x: (N, n_in), d: (N, K). The last batch holds what is left. Draw from rng.
    """
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        chosen = order[start : start + batch_size]
        yield x[chosen], d[chosen]


def _samples(n):
    """n samples that are easy to recognise: sample i is x = (i, −i) with d = 100 + i."""
    i = np.arange(n, dtype=float)[:, None]
    return np.hstack([i, -i]), 100 + i


def _deal(learners, n, batch_size, generator):
    """The learner's batches as a list of pairs, or a hint in words."""
    x, d = _samples(n)
    kept = x.copy(), d.copy()
    result = learners(x, d, batch_size, generator)
    if result is None:
        return "it gives back None: deal the batches with `yield`"
    batches = list(result)
    if not (np.array_equal(x, kept[0]) and np.array_equal(d, kept[1])):
        return "the learner's own x or d has changed its order: shuffle an index, not the data"
    if isinstance(result, tuple) and len(batches) == 2 and np.ndim(batches[0]) == 2:
        return "that is one batch: `return` ends the function at the first. `yield` goes on after each"
    if not all(isinstance(b, tuple | list) and len(b) == 2 for b in batches):
        return "each batch is a pair, x and d: `yield x[…], d[…]`"
    return batches


@minibatches.test
def _the_sizes(learners):
    for n, batch_size in ((10, 4), (12, 4), (3, 5)):
        batches = _deal(learners, n, batch_size, rng(3))
        if isinstance(batches, str):
            return batches
        sizes = [len(np.atleast_1d(bx)) for bx, _ in batches]
        wanted = [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)
        if sorted(sizes) == sorted(wanted):
            continue
        came = f"{n} samples in batches of {batch_size} came as {sizes}, {wanted} was expected"
        if sizes == wanted[:-1]:
            return f"the last batch is missing because it is not full; its samples would wait for ever. {came}"
        if 0 in sizes and sum(sizes) < n:
            return f"a slice ends before it begins: order[a:b] ends at b, so b is start + batch_size. {came}"
        if 0 in sizes:
            return f"there is an empty batch: its mean loss would be 0 divided by 0. {came}"
        if sum(sizes) > n:
            return f"more samples were dealt than there are. {came}"
        return f"each batch has batch_size samples, the last one what is left. {came}"
    return None


@minibatches.test
def _the_pairs(learners):
    for bx, bd in _deal(learners, 50, 8, rng(4)):
        if np.shape(bx)[1:] != (2,) or np.shape(bd) != (len(bx), 1):
            return f"x of a batch has shape {np.shape(bx)} and d {np.shape(bd)}; {(len(bx), 2)} and {(len(bx), 1)} was expected"
        if not np.array_equal(100 + bx[:, :1], bd):
            return (
                f"x and d no longer belong together: {show(bx[0])} came with the answer of another sample. "
                "Draw one order and use it for both"
            )
    return None


@minibatches.test
def _everyone_once(learners):
    dealt = np.concatenate([bx[:, 0] for bx, _ in _deal(learners, 50, 8, rng(5))]).astype(int)
    missing = sorted(set(range(50)) - set(dealt))
    if missing:
        return (
            f"{len(missing)} of 50 samples never came and others came twice: a batch is drawn without regard to the "
            "one before. Deal from one shuffled order"
        )
    return None


@minibatches.test
def _the_order(learners):
    batches = [bx[:, 0].astype(int) for bx, _ in _deal(learners, 50, 5, rng(6))]
    dealt = np.concatenate(batches)
    if np.array_equal(dealt, np.arange(50)):
        return (
            "the samples come in their old order. If you made a shuffled index: the batch has to be taken with it, "
            "x[order[…]], not x[…]"
        )
    if all(np.array_equal(np.sort(b), np.arange(b.min(), b.min() + len(b))) for b in batches):
        return (
            "the batches come in random order, but neighbours always sit in the same batch. In data sorted by class each "
            "batch would hold one class: shuffle the samples"
        )
    generator = rng(7)
    first, second = (np.concatenate([bx[:, 0] for bx, _ in _deal(learners, 50, 5, generator)]) for _ in range(2))
    if np.array_equal(first, second):
        return "two epochs come in the same order, because the generator is made anew inside; draw from the rng that is handed in"
    again = np.concatenate([bx[:, 0] for bx, _ in _deal(learners, 50, 5, rng(7))])
    if not np.array_equal(first, again):
        return (
            "the same rng gives another order each time: something else is drawn from, so that no run can be repeated"
        )
    return None


# --- counting -----------------------------------------------------------------------------------------------


@lesson.exercise(cases=[(1000, 100, 5), (1000, 300, 5), (1797, 100, 30), (1000, 1, 1), (50, 64, 10)])
def count_updates(samples, batch_size, epochs):
    """How often are the parameters updated in so many epochs? The last batch may be smaller."""
    return epochs * -(-samples // batch_size)


@count_updates.mistake("the batch that is not full is dealt as well: round the batches of an epoch up.")
def _(samples, batch_size, epochs):
    return epochs * (samples // batch_size)


@count_updates.mistake(
    "an update is a whole thing: the last, smaller batch is one too. Round the batches of an epoch up."
)
def _(samples, batch_size, epochs):
    return epochs * samples / batch_size


@count_updates.mistake("each epoch deals its own last batch: round up first, then multiply by the epochs.")
def _(samples, batch_size, epochs):
    return -(-samples * epochs // batch_size)


@count_updates.mistake("rounding to the nearest drops a last batch that is less than half full: round up.")
def _(samples, batch_size, epochs):
    return epochs * round(samples / batch_size)


@count_updates.mistake("there is one update per batch, not one per epoch.")
def _(samples, batch_size, epochs):
    return epochs


@count_updates.mistake("that counts samples seen. A batch of samples shares one update.")
def _(samples, batch_size, epochs):
    return epochs * samples


@count_updates.mistake("those are the updates of one epoch.")
def _(samples, batch_size, epochs):
    return -(-samples // batch_size)


@count_updates.mistake(
    "adding 1 is right only where something is left over; 1000 samples make exactly 10 batches of 100."
)
def _(samples, batch_size, epochs):
    return epochs * (samples // batch_size + 1)


# --- quizzes ------------------------------------------------------------------------------------------------

lesson.quiz(
    "online_learning",
    "What is online learning?",
    right="b",
    a=(
        "Training on data that is loaded from the internet",
        "The word is older than that meaning. Think of a machine that learns while the samples come in on its line.",
    ),
    b=(
        "Updating the parameters after every single sample",
        "One sample, one update: N_t = 1. Nothing has to be stored, and learning can go on for as long as samples come.",
    ),
    c=(
        "Updating the parameters once all samples have been seen",
        "That is batch learning, N_t = N: the walker who asks everybody before each step.",
    ),
    d=(
        "Updating the parameters after a random handful of samples",
        "That is mini-batch learning. Online is its extreme case: how large is the handful?",
    ),
)

lesson.quiz(
    "when_updated",
    "In mini-batch training, when do the parameters change?",
    right="c",
    a=(
        "once per epoch, with the mean of all its gradients",
        "That would be batch learning. In mini-batch training the next batch already meets a changed network.",
    ),
    b=(
        "once per sample",
        "The samples of one batch share an update: their gradients are averaged. Once per sample is online learning.",
    ),
    c=(
        "once per iteration, that is, after every batch",
        "Forward, backward, update, next batch. An epoch of 1,000 samples in batches of 50 changes the parameters 20 times.",
    ),
    d=(
        "whenever the loss has fallen",
        "Nobody asks. A step is taken even if it turns out to lead uphill, as single samples often do.",
    ),
)

lesson.quiz(
    "jumping_loss",
    "You train with mini-batches. The loss jumps up and down from update to update, but its running mean falls. What do you do?",
    right="d",
    a=(
        "look for the wrong sign in the update",
        "With the wrong sign the running mean would rise. It falls: the direction is right on average.",
    ),
    b=(
        "make the learning rate ten times larger to get over the jumps",
        "The jumps grow with the rate; that is the way to divergence.",
    ),
    c=(
        "switch to the full batch: only a falling loss is learning",
        "The full batch is smooth, but pays with N samples for every step, and what counts is the trend.",
    ),
    d=(
        "nothing: each batch is another question, and some are harder",
        "Two things jump: the network and the question it is asked. Look at the running mean, or at the loss on fixed data.",
    ),
)
