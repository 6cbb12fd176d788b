"""Feedback on day1/06, the digit classifier."""

import numpy as np

from common.checks.feedback import Lesson, rng

lesson = Lesson("day1/06")
exercise, quiz = lesson.check, lesson.answer


# --- the confusion matrix ---------------------------------------------------------------------------------------------


@lesson.exercise(
    cases=[
        (np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0, 1]), 4),
        (np.array([2, 2, 2, 2, 0]), np.array([2, 1, 1, 2, 0]), 3),
    ]
)
def confusion_matrix(d, guess, K):
    """How often class i was read as class j: an array of counts (K, K).

    Row i is what it is, column j what it was read as.

    d, guess: integer labels and answers 0 … K−1, shape (N,).
    """
    matrix = np.zeros((K, K), dtype=int)
    for i, j in zip(d, guess, strict=True):
        matrix[i, j] += 1
    return matrix


@confusion_matrix.mistake(
    "a pair that occurs twice is counted once. In a loop write += 1, not = 1. Without a loop, `matrix[d, guess] += 1` "
    "writes each entry only once: use np.add.at(matrix, (d, guess), 1), which adds one after the other."
)
def _(d, guess, K):
    matrix = np.zeros((K, K), dtype=int)
    matrix[d, guess] += 1
    return matrix


@confusion_matrix.mistake("rows and columns are swapped: the row says what it *is*, the column what it was read as.")
def _(d, guess, K):
    return confusion_matrix.reference(guess, d, K)


@confusion_matrix.mistake("the diagonal is missing. What was read right is counted as well.")
def _(d, guess, K):
    return confusion_matrix.reference(d, guess, K) * (1 - np.eye(K, dtype=int))


@confusion_matrix.mistake(
    "those are shares of all images. Counts were asked for: nothing tells .001 of 500 from .001 of 5,000."
)
def _(d, guess, K):
    return confusion_matrix.reference(d, guess, K) / len(d)


@confusion_matrix.mistake("a class that happens not to occur needs a row and a column too: the size is K, not max + 1.")
def _(d, guess, K):
    return confusion_matrix.reference(d, guess, max(d.max(), guess.max()) + 1)


# --- a baseline -------------------------------------------------------------------------------------------------------


def _blobs(seed, n_train, n_test):
    """Three overlapping clouds, in two piles."""
    draw = rng(seed)
    piles = []
    for n in (n_train, n_test):
        d = draw.integers(0, 3, n)
        piles.append((draw.standard_normal((n, 6)) + np.eye(3, 6)[d], d))
    return tuple(piles)


@lesson.exercise(cases=[_blobs(1, 60, 40), (*_blobs(2, 40, 50), 0.01)])
def baseline(training, test, C=1.0):
    """The share of test that a logistic regression, fitted to training, gets right (0 to 1).

    training and test are pairs (x, d).

    Import LogisticRegression from sklearn.linear_model; make it with C=C, tol=1e-6,
    max_iter=1000. It has .fit and .score.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=C, tol=1e-6, max_iter=1000)
    model.fit(*training)
    return model.score(*test)


def _fit_and_score(fitted, scored, C=1.0):
    return baseline.reference(fitted, scored, C)


@baseline.mistake(
    "it was fitted to the very images it is then tested on: that measures memory. Fit training, score test."
)
def _(training, test, C=1.0):
    return _fit_and_score(test, test, C)


@baseline.mistake(
    "that is its score on the pile that it has learnt from. What can it do with images it has never seen?"
)
def _(training, test, C=1.0):
    return _fit_and_score(training, training, C)


@baseline.mistake("the piles are swapped: it learns from training and is scored on test.")
def _(training, test, C=1.0):
    return _fit_and_score(test, training, C)


@baseline.mistake("it has learnt from both piles, so no pile is left to test it on. Fit training alone.")
def _(training, test, C=1.0):
    both = tuple(np.concatenate(pair) for pair in zip(training, test, strict=True))
    return _fit_and_score(both, test, C)


@baseline.mistake("C does not arrive: whatever it is, the model is made with 1. Write LogisticRegression(C=C, …).")
def _(training, test, C=1.0):
    return _fit_and_score(training, test)


@baseline.mistake("that is the share that it gets wrong.")
def _(training, test, C=1.0):
    return 1 - _fit_and_score(training, test, C)


@baseline.mistake("that is in per cent; a share between 0 and 1 was asked for.")
def _(training, test, C=1.0):
    return 100 * _fit_and_score(training, test, C)


@baseline.mistake("that is how many it gets right; divide by their number.")
def _(training, test, C=1.0):
    return len(test[1]) * _fit_and_score(training, test, C)


# --- one-hot ----------------------------------------------------------------------------------------------------------


@lesson.exercise(cases=[(np.array([2, 0, 3]), 10), (np.array([1, 1]), 4), (np.array([0, 2, 1]), 3)])
def one_hot_rows(labels, K):
    """One row for each label, all 0 but for a 1 in the label's column.

    labels: (N,) integers 0 … K−1. Returns (N, K).

    Write it yourself, without `one_hot`.
    """
    return np.eye(K)[labels]


@one_hot_rows.test(of_right=True)
def _its_own(learners):
    borrowed = "one_hot" in getattr(learners, "__code__", _its_own.__code__).co_names
    return "the numbers are right, but that is the package's one_hot. Write it yourself." if borrowed else None


@one_hot_rows.mistake(
    "K comes from the batch: its largest label decides the width. A batch without a 9 would get nine columns; use K."
)
def _(labels, K):
    return np.eye(labels.max() + 1)[labels]


@one_hot_rows.mistake("that is (K, N), one column for each sample. A sample is a row.")
def _(labels, K):
    return np.eye(K)[labels].T


@one_hot_rows.mistake(
    "classes are counted from 0: label 0 belongs in column 0, and [labels - 1] puts it in the last one."
)
def _(labels, K):
    return np.eye(K)[labels - 1]


@one_hot_rows.mistake("the 1 must stand in the label's column; here the label itself stands there.")
def _(labels, K):
    return np.eye(K)[labels] * labels[:, None]


@one_hot_rows.mistake(
    "d[:, labels] = 1 fills these columns in *every* row. Each row n has its own: d[np.arange(N), labels]."
)
def _(labels, K):
    d = np.zeros((len(labels), K))
    d[:, labels] = 1
    return d


@one_hot_rows.mistake("d[labels] = 1 takes the labels for rows. A label is a column: d[np.arange(N), labels] = 1.")
def _(labels, K):
    d = np.zeros((len(labels), K))
    d[labels] = 1
    return d


@one_hot_rows.test
def _column_against_row(learners):
    try:
        learners(np.array([2, 0, 3]), 10)
    except ValueError as error:
        if "broadcast" in str(error):
            return (
                "NumPy lines up labels (N,) and np.arange(K) entry by entry, and they have different lengths. "
                "Turn the labels into a column: labels[:, None] has shape (N, 1)."
            )
    return None


# --- accuracy in batches ----------------------------------------------------------------------------------------------


def always_right(x):
    """A perfect network: the digit is written in the first column of x."""
    return np.eye(10)[x[:, 0].astype(int)]


def sometimes_right(x):
    """Right where the second column is 0, elsewhere one too high."""
    return np.eye(10)[(x[:, 0] + x[:, 1]).astype(int) % 10]


def _batch_cases():
    draw = rng(3)
    cases = []
    for predict, n, size in ((always_right, 150, 100), (sometimes_right, 23, 5), (sometimes_right, 20, 5)):
        d = draw.integers(0, 10, n)
        wrong = np.arange(n) % 6 == 0
        wrong[-2:] = predict is sometimes_right
        cases.append((predict, np.stack([d, wrong], axis=1), d, size))
    return [*cases, (always_right, np.array([[3, 0], [4, 0]]), np.array([3, 5]), 10)]


@lesson.exercise(cases=_batch_cases())
def accuracy_in_batches(predict, x, d, batch_size):
    """The share of all N images that `predict` gets right.

    `predict` takes at most batch_size images at a time.

    predict: (n, …) images → (n, K) outputs, the largest is the answer. x: (N, …), d: (N,) labels.
    """
    right = 0
    for start in range(0, len(x), batch_size):
        y = predict(x[start : start + batch_size])
        right += np.sum(y.argmax(axis=1) == d[start : start + batch_size])
    return right / len(x)


def _right(predict, x, d, batch_size, starts=None):
    """(how many are right, how many were looked at) for each batch."""
    starts = range(0, len(x), batch_size) if starts is None else starts
    batches = [(x[i : i + batch_size], d[i : i + batch_size]) for i in starts]
    return [(np.sum(predict(a).argmax(axis=1) == b), len(b)) for a, b in batches]


@accuracy_in_batches.mistake(
    "the last, smaller batch is never looked at, but its images are counted when you divide. A perfect network gets .667 "
    "on 150 images in batches of 100."
)
def _(predict, x, d, batch_size):
    starts = [k * batch_size for k in range(len(x) // batch_size)]
    return sum(r for r, _ in _right(predict, x, d, batch_size, starts)) / len(x)


@accuracy_in_batches.mistake(
    "the last, smaller batch is never looked at. A perfect network does not notice; the mistakes in that batch do not count."
)
def _(predict, x, d, batch_size):
    done = _right(predict, x, d, batch_size, [k * batch_size for k in range(len(x) // batch_size)])
    return sum(r for r, _ in done) / max(sum(n for _, n in done), 1)


@accuracy_in_batches.mistake(
    "range stops before its end: with len(x) - batch_size the last batch is never looked at, not even a full one."
)
def _(predict, x, d, batch_size):
    return sum(r for r, _ in _right(predict, x, d, batch_size, range(0, len(x) - batch_size, batch_size))) / len(x)


@accuracy_in_batches.mistake(
    "the mean over batches lets an image in the small last batch weigh more than one in a full batch. Count, then divide once."
)
def _(predict, x, d, batch_size):
    return np.mean([r / n for r, n in _right(predict, x, d, batch_size)])


@accuracy_in_batches.mistake(
    "you divide by batches × batch_size, but the last batch is not full. There are len(x) images."
)
def _(predict, x, d, batch_size):
    done = _right(predict, x, d, batch_size)
    return sum(r for r, _ in done) / (len(done) * batch_size)


@accuracy_in_batches.mistake("that is how many are right. Divide by the number of images.")
def _(predict, x, d, batch_size):
    return sum(r for r, _ in _right(predict, x, d, batch_size))


@accuracy_in_batches.mistake("each batch overwrites the count of the one before: right += …, not right = ….")
def _(predict, x, d, batch_size):
    return _right(predict, x, d, batch_size)[-1][0] / len(x)


@accuracy_in_batches.mistake("the `return` stands inside the loop, so it stops after the first batch.")
def _(predict, x, d, batch_size):
    return _right(predict, x, d, batch_size)[0][0] / len(x)


@accuracy_in_batches.mistake(
    "argmax(axis=0) finds the best *image* for each class. The best class of each image is axis=1."
)
def _(predict, x, d, batch_size):
    right = 0
    for i in range(0, len(x), batch_size):
        right += np.sum(predict(x[i : i + batch_size]).argmax(axis=0) == d[i : i + batch_size])
    return right / len(x)


@accuracy_in_batches.test(of_right=True)
def _batches_are_small(learners):
    seen = []

    def predict(x):
        seen.append(len(x))
        return always_right(x)

    x = np.zeros((23, 2), dtype=int)
    learners(predict, x, x[:, 0], 5)
    if max(seen, default=0) > 5:
        return (
            f"the number is right, but predict was given {max(seen)} images at once, and 5 were allowed. "
            "A pile of photographs would not fit into memory."
        )
    if sum(seen) > 23:
        return f"the number is right, but predict has been run on {sum(seen)} images, and there are only 23."
    return None


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "which_pile",
    "You try hidden layers of 10, 20, 40, 80 and 160 units and want to say how well the best of them reads. Which pile "
    "decides which is best, and which gives the number that you tell others?",
    right="c",
    a=(
        "training decides, test gives the number",
        "the largest network remembers the training pile best, whether it reads better or not. Which pile has it not learnt from?",
    ),
    b=(
        "test decides, and gives the number",
        "the winner won partly by luck on that pile, as the best of the thousand dice did. Its score there is too good.",
    ),
    c=(
        "validation decides, test gives the number",
        "what has chosen cannot judge. The winner's validation score is a little too good; the test pile has not met any of the five.",
    ),
    d=(
        "validation decides, and gives the number",
        "validation decides, yes. But its score has been the best of five, so it is a little too good to be told.",
    ),
)

lesson.quiz(
    "first_loss_of_100_classes",
    "You build a network for 100 kinds of flowers. Before any training its cross-entropy is 23. What does that tell you?",
    right="b",
    a=(
        "nothing: it knows nothing yet, so any number will do",
        "who knows nothing and says so gives each class 1/100, and pays log 100 = 4.6. Why does this one pay five times as much?",
    ),
    b=(
        "its random weights start too large",
        "log 100 = 4.6 is the price of knowing nothing. 23 is the price of knowing nothing and being sure of it: the outputs u are too large.",
    ),
    c=(
        "the labels are in the wrong order",
        "a fresh network has no opinion about any label, so their order cannot matter yet. What can make it *sure* of its random answers?",
    ),
    d=(
        "the learning rate is too large",
        "no step has been taken yet, so the learning rate has had no say.",
    ),
)

lesson.quiz(
    "seventeen_or_fourteen",
    "Your network makes 17 mistakes on a test pile of 500 images. A friend's, trained and tested on another split of the same "
    "data, makes 14. Whose is better?",
    right="d",
    a=(
        "the friend's: 97.2 % against 96.6 %",
        "both numbers are right. But a count of about 15 rare events comes out differently on every pile: by how much?",
    ),
    b=(
        "yours, because your pile was harder",
        "it may have been, but nothing here shows that. How much do such counts differ when nothing differs but the pile?",
    ),
    c=(
        "they are equally good",
        "nothing shows that either. Not being able to see a difference is not the same as there being none.",
    ),
    d=(
        "one cannot tell from this",
        "counts of about 15 go up and down by 4 from pile to pile, and 3 is less than that. Test both on the same images, and on several splits.",
    ),
)
