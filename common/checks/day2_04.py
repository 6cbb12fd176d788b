"""Feedback on day2/04, optimizers."""

import numpy as np

from common.checks.feedback import Lesson
from common.optimizers import Optimizer

lesson = Lesson("day2/04")
exercise, quiz = lesson.check, lesson.answer


def steps(version, lr, gradients, options=None):
    """The positions after each update from w = 0, with these gradients one after the other."""
    optimizer = version(lr=lr, **(options or {}))
    w, positions = np.zeros(np.shape(gradients[0])), {}
    for t, g in enumerate(gradients, 1):
        optimizer.update({"w": w}, {"w": np.array(g, float)})
        positions[f"w after step {t}"] = w.copy()
    return positions


def two_parameters(version):
    """Whether W and b, updated by one optimizer, move as if each had its own."""
    W, b, alone = np.zeros(2), np.zeros(1), (np.zeros(2), np.zeros(1))
    both, of_W, of_b = version(lr=0.1), version(lr=0.1), version(lr=0.1)
    for g_W, g_b in (([0.5, -4.0], [3.0]), ([1.0, 2.0], [-1.0]), ([-0.3, 0.2], [0.5])):
        g_W, g_b = np.array(g_W), np.array(g_b)
        both.update({"W1": W, "b1": b}, {"W1": g_W.copy(), "b1": g_b.copy()})
        of_W.update({"W1": alone[0]}, {"W1": g_W.copy()})
        of_b.update({"b1": alone[1]}, {"b1": g_b.copy()})
    return np.allclose(W, alone[0]) and np.allclose(b, alone[1])


ONE_MEMORY = (
    "with one parameter it is right; with W and b in one network they share a memory. Keep it in s, which is another "
    "one for every parameter, not in self."
)


def memory_test(entry):
    @entry.test(of_right=True)
    def _own_memory(learners):
        try:
            fine = two_parameters(learners)
        except ValueError:  # shapes that do not fit together
            fine = False
        return None if fine else ONE_MEMORY

    @entry.test
    def _gradient_untouched(learners):
        g = np.array([0.5, -4.0])
        learners(lr=0.1).update({"w": np.zeros(2)}, {"w": g})
        return None if np.array_equal(g, [0.5, -4.0]) else "the gradient was changed on the way; others may need it."


def wrong_step(step, of):
    """A version of the class `of` with another step."""

    class Wrong(of):
        pass

    Wrong.step = step
    Wrong.__name__ = of.__name__
    return Wrong


def cases(**options):
    """In the fourth a gradient is 0 all the time, as that of a dark pixel's weight; the last has other options."""
    two = [[0.5, -4.0], [0.5, 2.0], [-1.0, 0.1]]
    return [(0.1, two[:1]), (0.1, two), (0.5, [[1.0]] * 4), (0.1, [[0.0, 1.0]] * 2), (0.1, two, options)]


# --- Nesterov ---------------------------------------------------------------------------------------------------------


class NesterovStarter(Optimizer):
    """v ← momentum · v + g, w ← w − lr · (g + momentum · v), with the new v. s.v starts at 0."""

    memory = ("v",)

    def __init__(self, lr=0.01, momentum=0.9):
        super().__init__(lr)
        self.momentum = momentum

    def step(self, w, g, s): ...


@lesson.exercise(cases=cases(momentum=0.5), starter=NesterovStarter, use=steps)
class Nesterov(Optimizer):
    """v ← momentum · v + g, w ← w − lr · (g + momentum · v), with the new v. s.v starts at 0."""

    memory = ("v",)

    def __init__(self, lr=0.01, momentum=0.9):
        super().__init__(lr)
        self.momentum = momentum

    def step(self, w, g, s):
        s.v = self.momentum * s.v + g
        w -= self.lr * (g + self.momentum * s.v)


def _nesterov(hint):
    return lambda step: Nesterov.mistake(hint)(wrong_step(step, Nesterov.reference))


@_nesterov(
    "nothing moves. `w = w - …` makes a new array and gives it the name w; the network keeps the old one. Write into it: w -= …"
)
def _(self, w, g, s):
    s.v = self.momentum * s.v + g


@_nesterov(
    "that is plain Momentum. With the *old* v, g + momentum · v is the new v: look ahead with the v that is new."
)
def _(self, w, g, s):
    s.v = self.momentum * s.v + g
    w -= self.lr * s.v


@_nesterov(
    "the first step is right, the others forget. The new v has to be kept for the next call: s.v = …, not v = …."
)
def _(self, w, g, s):
    v = self.momentum * s.v + g
    w -= self.lr * (g + self.momentum * v)


@_nesterov("g and v have changed places: one share of the fresh gradient, and momentum times v.")
def _(self, w, g, s):
    s.v = self.momentum * s.v + g
    w -= self.lr * (s.v + self.momentum * g)


@_nesterov("lr reaches g only. Both parts are a gradient's size, and lr belongs to both: a bracket is missing.")
def _(self, w, g, s):
    s.v = self.momentum * s.v + g
    w -= self.lr * g + self.momentum * s.v


@_nesterov("that is uphill: the minus is missing in the last line.")
def _(self, w, g, s):
    s.v = self.momentum * s.v + g
    w += self.lr * (g + self.momentum * s.v)


@_nesterov("g is missing in the last line: look ahead along v, and take the fresh gradient with you.")
def _(self, w, g, s):
    s.v = self.momentum * s.v + g
    w -= self.lr * self.momentum * s.v


@_nesterov("v is decayed, and g never gets in: v ← momentum · v + g.")
def _(self, w, g, s):
    s.v = self.momentum * s.v
    w -= self.lr * (g + self.momentum * s.v)


@_nesterov("there is no v in self: what a parameter remembers is in s, as s.v.")
def _(self, w, g, s):
    self.v = self.momentum * self.v + g
    w -= self.lr * (g + self.momentum * self.v)


@_nesterov("lr is in v already, and the last line multiplies it a second time. One of the two has to go.")
def _(self, w, g, s):
    s.v = self.momentum * s.v + self.lr * g
    w -= self.lr * (g + self.momentum * s.v)


@_nesterov("it uses 0.9, whatever the argument `momentum` says: take self.momentum.")
def _(self, w, g, s):
    s.v = 0.9 * s.v + g
    w -= self.lr * (g + 0.9 * s.v)


@_nesterov("v adds up the gradients, it is no average: no factor in front of g.")
def _(self, w, g, s):
    s.v = self.momentum * s.v + (1 - self.momentum) * g
    w -= self.lr * (g + self.momentum * s.v)


memory_test(Nesterov)


# --- AdaGrad ----------------------------------------------------------------------------------------------------------


class AdaGradStarter(Optimizer):
    """h ← h + g², w ← w − lr · g / (√h + eps). s.h starts at 0; everything goes entry by entry."""

    memory = ("h",)

    def __init__(self, lr=0.01, eps=1e-10):
        super().__init__(lr)
        self.eps = eps

    def step(self, w, g, s): ...


@lesson.exercise(cases=cases(eps=1.0), starter=AdaGradStarter, use=steps)
class AdaGrad(Optimizer):
    """h ← h + g², w ← w − lr · g / (√h + eps). s.h starts at 0; everything goes entry by entry."""

    memory = ("h",)

    def __init__(self, lr=0.01, eps=1e-10):
        super().__init__(lr)
        self.eps = eps

    def step(self, w, g, s):
        s.h = s.h + g**2
        w -= self.lr * g / (np.sqrt(s.h) + self.eps)


def _adagrad(hint):
    return lambda step: AdaGrad.mistake(hint)(wrong_step(step, AdaGrad.reference))


@_adagrad(
    "nothing moves. `w = w - …` makes a new array and gives it the name w; the network keeps the old one. Write into it: w -= …"
)
def _(self, w, g, s):
    s.h = s.h + g**2


@_adagrad(
    "every step has the length lr: h holds only the last g². Add to what is there and keep it for the next call: s.h = s.h + …"
)
def _(self, w, g, s):
    w -= self.lr * g / (np.sqrt(g**2) + self.eps)


@_adagrad("g² never gets into h, so each step divides by eps alone. First h ← h + g², then the step.")
def _(self, w, g, s):
    w -= self.lr * g / (np.sqrt(s.h) + self.eps)


@_adagrad(
    "the first step divides by eps alone: g² comes into h after it. First h ← h + g², then the step, of length lr."
)
def _(self, w, g, s):
    w -= self.lr * g / (np.sqrt(s.h) + self.eps)
    s.h = s.h + g**2


@_adagrad(
    "the root is missing. h has the unit of g²; only √h makes the first step lr · sign(g), whatever the unit of E."
)
def _(self, w, g, s):
    s.h = s.h + g**2
    w -= self.lr * g / (s.h + self.eps)


@_adagrad("lr is divided by √h, and g is gone: the direction is lost.")
def _(self, w, g, s):
    s.h = s.h + g**2
    w -= self.lr / (np.sqrt(s.h) + self.eps)


@_adagrad("that is uphill: the minus is missing in the last line.")
def _(self, w, g, s):
    s.h = s.h + g**2
    w += self.lr * g / (np.sqrt(s.h) + self.eps)


@_adagrad("that multiplies by √h: the steep direction gets even longer steps. Divide.")
def _(self, w, g, s):
    s.h = s.h + g**2
    w -= self.lr * g * (np.sqrt(s.h) + self.eps)


@_adagrad("h forgets: that is RMSprop, which comes next. AdaGrad keeps every g² for ever.")
def _(self, w, g, s):
    s.h = 0.9 * s.h + 0.1 * g**2
    w -= self.lr * g / (np.sqrt(s.h) + self.eps)


@_adagrad("one h for all entries together is one rate for all again. No sum: h has the shape of w.")
def _(self, w, g, s):
    s.h = s.h + np.sum(g**2)
    w -= self.lr * g / (np.sqrt(s.h) + self.eps)


@_adagrad(
    "h adds up g, and gradients of both signs cancel there (a root of a negative number is nan). Square first: g**2."
)
def _(self, w, g, s):
    s.h = s.h + g
    w -= self.lr * g / (np.sqrt(s.h) + self.eps)


@_adagrad("lr is missing: the first step is to be lr · sign(g).")
def _(self, w, g, s):
    s.h = s.h + g**2
    w -= g / (np.sqrt(s.h) + self.eps)


@_adagrad("there is no h in self: what a parameter remembers is in s, as s.h.")
def _(self, w, g, s):
    self.h = self.h + g**2
    w -= self.lr * g / (np.sqrt(self.h) + self.eps)


@_adagrad("a gradient of 0, as that of a pixel which is always dark, gives 0/0: where is eps?")
def _(self, w, g, s):
    s.h = s.h + g**2
    w -= self.lr * g / np.sqrt(s.h)


@_adagrad("eps is added after the division. It belongs to the root: divide by (√h + eps), in brackets.")
def _(self, w, g, s):
    s.h = s.h + g**2
    w -= self.lr * g / np.sqrt(s.h) + self.eps


@_adagrad("eps stands under the root. The formula adds it to the root: √h + eps.")
def _(self, w, g, s):
    s.h = s.h + g**2
    w -= self.lr * g / np.sqrt(s.h + self.eps)


@_adagrad("self.lr belongs to all parameters and to all steps to come; don't write into it. Only this step is divided.")
def _(self, w, g, s):
    s.h = s.h + g**2
    self.lr = self.lr / (np.sqrt(s.h) + self.eps)
    w -= self.lr * g


memory_test(AdaGrad)


# --- Adam without its correction --------------------------------------------------------------------------------------


class AdamStarter(Optimizer):
    """Repair: the first step has to be lr · sign(g). self.t is 1 in the first update, then 2, …"""

    memory = ("m", "v")

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
        w -= self.lr * s.m / (np.sqrt(s.v) + self.eps)


@lesson.exercise(cases=cases(beta1=0.5, beta2=0.8), starter=AdamStarter, use=steps)
class Adam(Optimizer):
    """Repair: the first step has to be lr · sign(g). self.t is 1 in the first update, then 2, …"""

    memory = ("m", "v")

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
        m_hat = s.m / (1 - self.beta1**self.t)
        v_hat = s.v / (1 - self.beta2**self.t)
        w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def _adam(hint, m=None, v=None):
    """Adam that corrects m and v by other factors, functions of (beta1 or beta2, t)."""

    def step(self, w, g, s):
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
        m_hat = s.m / (m(self.beta1, self.t) if m else 1)
        v_hat = s.v / (v(self.beta2, self.t) if v else 1)
        w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)

    Adam.mistake(hint)(wrong_step(step, Adam.reference))


def right(beta, t):
    return 1 - beta**t


_adam(
    "other words, the same numbers: the first step is still 3.16 · lr. How large are m and v after one step, for a constant g?"
)
_adam("m is corrected, v is not: now the first step is 1/√0.001 = 31.6 · lr. Both means start at 0.", m=right)
_adam("v is corrected, m is not: now the first step is 0.1 · lr. Both means start at 0.", v=right)
_adam(
    "right in the first step only. What is missing from a mean that started at 0 is βᵗ, and it fades: the power t is missing.",
    m=lambda beta, t: 1 - beta,
    v=lambda beta, t: 1 - beta,
)
_adam(
    "β · t in place of βᵗ: the power is written `**`.", m=lambda beta, t: 1 - beta * t, v=lambda beta, t: 1 - beta * t
)
_adam(
    "the power is one too high: t is 1 in the first update already.",
    m=lambda beta, t: 1 - beta ** (t + 1),
    v=lambda beta, t: 1 - beta ** (t + 1),
)
_adam(
    "v̂ is corrected with β₁. Each mean forgets at its own pace, so v needs 1 − β₂ᵗ.",
    m=right,
    v=lambda beta, t: 1 - (0.5 if beta == 0.8 else 0.9) ** t,  # β₁ of the last case, and of the others
)


def _no_eps(self, w, g, s):
    s.m = self.beta1 * s.m + (1 - self.beta1) * g
    s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
    m_hat, v_hat = s.m / right(self.beta1, self.t), s.v / right(self.beta2, self.t)
    w -= self.lr * m_hat / np.sqrt(v_hat)


Adam.mistake(
    "a gradient of 0, as that of a pixel which is always dark, gives 0/0: where is eps? Divide by (√v̂ + eps), in brackets."
)(wrong_step(_no_eps, Adam.reference))


def _no_brackets(self, w, g, s):
    s.m = self.beta1 * s.m + (1 - self.beta1) * g
    s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
    m_hat, v_hat = s.m / 1 - self.beta1**self.t, s.v / 1 - self.beta2**self.t
    w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


Adam.mistake("`m / 1 - b` is (m / 1) − b: 1 − βᵗ needs brackets.")(wrong_step(_no_brackets, Adam.reference))


def _counted_twice(self, w, g, s):
    self.t += 1
    s.m = self.beta1 * s.m + (1 - self.beta1) * g
    s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
    m_hat, v_hat = s.m / right(self.beta1, self.t), s.v / right(self.beta2, self.t)
    w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


Adam.mistake("t is counted twice: `update` has done it before it calls `step`. Leave self.t alone.")(
    wrong_step(_counted_twice, Adam.reference)
)


def _own_betas(self, w, g, s):
    s.m = 0.9 * s.m + (1 - 0.9) * g
    s.v = 0.999 * s.v + (1 - 0.999) * g**2
    m_hat, v_hat = s.m / right(0.9, self.t), s.v / right(0.999, self.t)
    w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


Adam.mistake("it uses 0.9 and 0.999, whatever the arguments say: take self.beta1 and self.beta2.")(
    wrong_step(_own_betas, Adam.reference)
)


def _multiplied(self, w, g, s):
    s.m = self.beta1 * s.m + (1 - self.beta1) * g
    s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
    m_hat, v_hat = s.m * (1 - self.beta1**self.t), s.v * (1 - self.beta2**self.t)
    w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


def _kept(self, w, g, s):
    s.m = self.beta1 * s.m + (1 - self.beta1) * g
    s.v = self.beta2 * s.v + (1 - self.beta2) * g**2
    s.m = s.m / (1 - self.beta1**self.t)
    s.v = s.v / (1 - self.beta2**self.t)
    w -= self.lr * s.m / (np.sqrt(s.v) + self.eps)


Adam.mistake("multiplied instead of divided: the means are too small at first, and now they are smaller still.")(
    wrong_step(_multiplied, Adam.reference)
)
Adam.mistake(
    "the corrected value is kept in s, and the next step corrects it again. Let m and v be, and use m_hat and v_hat in the "
    "last line only."
)(wrong_step(_kept, Adam.reference))


def _unmoved(self, w, g, s):
    pass


Adam.mistake(
    "nothing moves. `w = w - …` makes a new array and gives it the name w; the network keeps the old one. Write into it: w -= …"
)(wrong_step(_unmoved, Adam.reference))

memory_test(Adam)


# --- quizzes ----------------------------------------------------------------------------------------------------------

lesson.quiz(
    "what_each_adds",
    "What do Momentum, AdaGrad and RMSprop add to SGD, in this order?",
    right="c",
    a=(
        "a scale for each parameter, a memory of directions, forgetting",
        "The first two have changed places: which of them has a v that adds up g itself, sign and all?",
    ),
    b=(
        "a smaller rate, a larger rate, a changing rate",
        "Momentum lengthens steady steps tenfold, but that is its effect. Look at what each *remembers*.",
    ),
    c=(
        "a memory of directions, a scale for each parameter, forgetting in that scale",
        "v remembers g with its sign, h remembers g² of each parameter for ever, and RMSprop's h lets the old ones fade.",
    ),
    d=(
        "noise, a scale for each parameter, a correction of the start",
        "None of them adds noise, and the correction of the start is Adam's.",
    ),
)

lesson.quiz(
    "ten_times_the_loss",
    "Somebody multiplies the loss by 10 and changes nothing else. Whose path stays the same (apart from eps)?",
    right="b",
    a=(
        "everybody's: the lowest point has not moved",
        "The goal has not, but SGD's steps are now ten times as long. Who divides by the size of the gradient?",
    ),
    b=(
        "AdaGrad's, RMSprop's and Adam's",
        "g / √h has no unit: a factor in g cancels. So their lr is a length in w. SGD's is not, and would have to be divided by 10.",
    ),
    c=("Momentum's and Nesterov's", "v adds up g, so it is ten times as large too, and so is every step."),
    d=("nobody's", "Put 10 g into AdaGrad's formula: h gets a factor 100, and its root …"),
)

lesson.quiz(
    "first_steps",
    "Adam's learning rate is 0.001, and the first gradient of a weight is 250. How far does the weight move in this step?",
    right="a",
    a=("0.001", "m̂ = g and v̂ = g², so m̂ / √v̂ = 1: the first step is lr, for every weight whose gradient is not 0."),
    b=("0.25", "That is SGD's step, lr · g. Adam divides by √v̂, which is 250 as well."),
    c=("0.00316", "That is the step without the correction, and also RMSprop's first. Adam divides m and v by 1 − βᵗ."),
    d=("0.0001", "That is m alone without its correction, (1 − 0.9) · lr. Adam corrects it."),
)
