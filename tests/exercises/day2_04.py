"""Answers to the exercises of day2/04 as learners type them."""

NESTEROV = """
class Nesterov(Optimizer):
    memory = ("v",)

    def __init__(self, lr=0.01, momentum=0.9):
        super().__init__(lr)
        self.momentum = momentum

    def step(self, w, g, s):
"""
ADAGRAD = """
class AdaGrad(Optimizer):
    memory = ("h",)

    def __init__(self, lr=0.01, eps=1e-10):
        super().__init__(lr)
        self.eps = eps

    def step(self, w, g, s):
"""
ADAM = """
class Adam(Optimizer):
    memory = ("m", "v")

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
"""


def body(head, text):
    return head + "".join(f"        {line}\n" for line in text.strip().splitlines())


def nesterov(text):
    return body(NESTEROV, text)


def adagrad(text):
    return body(ADAGRAD, text)


def adam(text):
    means = """
s.m = self.beta1 * s.m + (1 - self.beta1) * g
s.v = self.beta2 * s.v + (1 - self.beta2) * g * g
"""
    return body(ADAM, means + text.strip())


WRONG = [
    (
        "Nesterov",
        nesterov("s.v = self.momentum * s.v + g\nw = w - self.lr * (g + self.momentum * s.v)"),
        "nothing moves",
    ),
    ("Nesterov", nesterov("w -= self.lr * (g + self.momentum * s.v)\ns.v = self.momentum * s.v + g"), "plain Momentum"),
    ("Nesterov", nesterov("s.v *= self.momentum\ns.v += g\nw -= s.v * self.lr"), "plain Momentum"),
    ("Nesterov", nesterov("v = self.momentum * s.v + g\nw -= self.lr * (g + self.momentum * v)"), "the others forget"),
    ("Nesterov", nesterov("s.v = g + s.v * self.momentum\nw -= self.lr * (s.v + self.momentum * g)"), "changed places"),
    (
        "Nesterov",
        nesterov("s.v = self.momentum * s.v + g\nw -= self.lr * g + self.momentum * s.v"),
        "a bracket is missing",
    ),
    ("Nesterov", nesterov("s.v = self.momentum * s.v + g\nw += self.lr * g + self.lr * self.momentum * s.v"), "uphill"),
    ("Nesterov", nesterov("s.v = self.momentum * s.v + g\nw -= self.lr * self.momentum * s.v"), "g is missing"),
    (
        "Nesterov",
        nesterov("self.v = self.momentum * self.v + g\nw -= self.lr * (g + self.momentum * self.v)"),
        "no v in self",
    ),
    (
        "Nesterov",
        nesterov("self.v = self.momentum * getattr(self, 'v', 0 * g) + g\nw -= self.lr * (g + self.momentum * self.v)"),
        "they share a memory",
    ),
    ("Nesterov", nesterov("s.v = momentum * s.v + g\nw -= lr * (g + momentum * s.v)"), "NameError"),
    (
        "Nesterov",
        nesterov("g *= self.lr\ns.v = self.momentum * s.v + g\nw -= g + self.momentum * s.v"),
        "the gradient was changed",
    ),
    ("AdaGrad", adagrad("s.h += g**2\nw = w - self.lr * g / (np.sqrt(s.h) + self.eps)"), "nothing moves"),
    ("AdaGrad", adagrad("s.h = g**2\nw -= self.lr * g / (np.sqrt(s.h) + self.eps)"), "every step has the length lr"),
    ("AdaGrad", adagrad("h = s.h + g * g\nw -= self.lr * g / (np.sqrt(h) + self.eps)"), "every step has the length lr"),
    ("AdaGrad", adagrad("h = g**2\nw -= self.lr * g / (np.sqrt(s.h) + self.eps)"), "g² never gets into h"),
    ("AdaGrad", adagrad("w -= self.lr * g / (np.sqrt(s.h) + self.eps)\ns.h += g**2"), "the first step divides by eps"),
    ("AdaGrad", adagrad("s.h += g**2\nw -= self.lr * g / (s.h + self.eps)"), "the root is missing"),
    ("AdaGrad", adagrad("s.h += g**2\nw -= self.lr / (np.sqrt(s.h) + self.eps)"), "the direction is lost"),
    ("AdaGrad", adagrad("s.h += g**2\nw += self.lr * g / (np.sqrt(s.h) + self.eps)"), "uphill"),
    ("AdaGrad", adagrad("s.h += (g**2).sum()\nw -= self.lr * g / (np.sqrt(s.h) + self.eps)"), "one rate for all"),
    ("AdaGrad", adagrad("s.h += g\nw -= self.lr * g / (np.sqrt(s.h) + self.eps)"), "Square first"),
    ("AdaGrad", adagrad("s.h += g**2\nw -= g / (np.sqrt(s.h) + self.eps)"), "lr is missing"),
    ("AdaGrad", adagrad("s.h = .9 * s.h + .1 * g**2\nw -= self.lr * g / (np.sqrt(s.h) + self.eps)"), "h forgets"),
    ("AdaGrad", adagrad("self.h = self.h + g**2\nw -= self.lr * g / (np.sqrt(self.h) + self.eps)"), "no h in self"),
    (
        "AdaGrad",
        adagrad("self.h = getattr(self, 'h', 0) + g**2\nw -= self.lr * g / (np.sqrt(self.h) + self.eps)"),
        "they share a memory",
    ),
    ("Adam", adam("w = w - self.lr * s.m / (np.sqrt(s.v) + self.eps)"), "nothing moves"),
    ("Adam", adam("w -= self.lr / (np.sqrt(s.v) + self.eps) * s.m"), "still 3.16"),
    ("Adam", adam("w -= self.lr * s.m / (1 - self.beta1**self.t) / (np.sqrt(s.v) + self.eps)"), "31.6"),
    ("Adam", adam("w -= self.lr * s.m / (np.sqrt(s.v / (1 - self.beta2**self.t)) + self.eps)"), "0.1 · lr"),
    (
        "Adam",
        adam("w -= self.lr * s.m / (1 - self.beta1) / (np.sqrt(s.v / (1 - self.beta2)) + self.eps)"),
        "the power t is missing",
    ),
    (
        "Adam",
        adam(
            "m, v = s.m / (1 - self.beta1**self.t), s.v / (1 - self.beta1**self.t)\nw -= self.lr * m / (v**0.5 + self.eps)"
        ),
        "with β₁",
    ),
    (
        "Adam",
        adam(
            "s.m /= 1 - self.beta1**self.t\ns.v /= 1 - self.beta2**self.t\nw -= self.lr * s.m / (np.sqrt(s.v) + self.eps)"
        ),
        "corrects it again",
    ),
    (
        "Adam",
        adam(
            "m, v = s.m * (1 - self.beta1**self.t), s.v * (1 - self.beta2**self.t)\nw -= self.lr * m / (np.sqrt(v) + self.eps)"
        ),
        "multiplied instead of divided",
    ),
    (
        "Adam",
        adam(
            "self.t += 1\nw -= self.lr * s.m / (1 - self.beta1**self.t) / (np.sqrt(s.v / (1 - self.beta2**self.t)) + self.eps)"
        ),
        "was expected",
    ),
    (
        "Nesterov",
        """
class Nesterov(Optimizer):
    memory = ("v",)

    def __init__(self, lr=0.01, momentum=0.9):
        super().__init__(lr)
        self.momentum = momentum

    def step(self, w, g, s):
        s.v = 0.9 * s.v + g
        w -= self.lr * (g + 0.9 * s.v)
""",
        "take self.momentum",
    ),
    (
        "Nesterov",
        """
class Nesterov(Optimizer):
    memory = ("v",)

    def __init__(self, lr=0.01, momentum=0.9):
        super().__init__(lr)
        self.momentum = momentum

    def step(self, w, g, s):
        s.v = self.momentum * s.v + (1 - self.momentum) * g
        w -= self.lr * (g + self.momentum * s.v)
""",
        "it is no average",
    ),
    (
        "AdaGrad",
        """
class AdaGrad(Optimizer):
    memory = ("h",)

    def __init__(self, lr=0.01, eps=1e-10):
        super().__init__(lr)
        self.eps = eps

    def step(self, w, g, s):
        s.h += g * g
        w -= self.lr * g / np.sqrt(s.h)
""",
        "where is eps",
    ),
    (
        "AdaGrad",
        """
class AdaGrad(Optimizer):
    memory = ("h",)

    def __init__(self, lr=0.01, eps=1e-10):
        super().__init__(lr)
        self.eps = eps

    def step(self, w, g, s):
        s.h += g * g
        w -= self.lr * g / np.sqrt(s.h) + self.eps
""",
        "added after the division",
    ),
    (
        "AdaGrad",
        """
class AdaGrad(Optimizer):
    memory = ("h",)

    def __init__(self, lr=0.01, eps=1e-10):
        super().__init__(lr)
        self.eps = eps

    def step(self, w, g, s):
        s.h += g * g
        w -= self.lr * g / (s.h + self.eps) ** 0.5
""",
        "under the root",
    ),
    (
        "AdaGrad",
        """
class AdaGrad(Optimizer):
    memory = ("h",)

    def __init__(self, lr=0.01, eps=1e-10):
        super().__init__(lr)
        self.eps = eps

    def step(self, w, g, s):
        s.h += g * g
        self.lr /= np.sqrt(s.h) + self.eps
        w -= self.lr * g
""",
        "self.lr belongs to all parameters",
    ),
    (
        "Adam",
        """
class Adam(Optimizer):
    memory = ("m", "v")

    def __init__(self, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g * g
        a = s.m / 1 - self.beta1**self.t
        b = s.v / 1 - self.beta2**self.t
        w -= self.lr * a / (np.sqrt(b) + self.eps)
""",
        "1 − βᵗ needs brackets",
    ),
    (
        "Adam",
        """
class Adam(Optimizer):
    memory = ("m", "v")

    def __init__(self, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
        self.t += 1
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g * g
        a = s.m / (1 - self.beta1**self.t)
        b = s.v / (1 - self.beta2**self.t)
        w -= self.lr * a / (np.sqrt(b) + self.eps)
""",
        "t is counted twice",
    ),
    (
        "Adam",
        """
class Adam(Optimizer):
    memory = ("m", "v")

    def __init__(self, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g * g
        a = s.m / (1 - self.beta1**self.t)
        b = s.v / (1 - self.beta2**self.t)
        w -= self.lr * a / np.sqrt(b)
""",
        "where is eps",
    ),
    (
        "Adam",
        """
class Adam(Optimizer):
    memory = ("m", "v")

    def __init__(self, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g * g
        a = s.m / (1 - self.beta1**self.t)
        b = s.v / (1 - self.beta2**self.t)
        w -= self.lr * a / np.sqrt(b) + self.eps
""",
        "(√v̂ + eps), in brackets",
    ),
    (
        "Adam",
        """
class Adam(Optimizer):
    memory = ("m", "v")

    def __init__(self, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(lr)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def step(self, w, g, s):
        s.m = 0.9 * s.m + 0.1 * g
        s.v = 0.999 * s.v + 0.001 * g**2
        a = s.m / (1 - 0.9**self.t)
        b = s.v / (1 - 0.999**self.t)
        w -= self.lr * a / (np.sqrt(b) + self.eps)
""",
        "take self.beta1 and self.beta2",
    ),
]

RIGHT = [
    # The velocity of the papers, with the rate and the minus inside, is the same for a constant rate.
    ("Nesterov", nesterov("s.v = self.momentum * s.v - self.lr * g\nw += self.momentum * s.v - self.lr * g")),
    ("Nesterov", nesterov("s.v *= self.momentum\ns.v += g\nw -= self.lr * g\nw -= self.lr * self.momentum * s.v")),
    ("AdaGrad", adagrad("s.h += g * g\nw[...] = w - self.lr / (s.h**0.5 + self.eps) * g")),
    # Kingma and Ba's shorter form.
    (
        "Adam",
        adam(
            "rate = self.lr * np.sqrt(1 - self.beta2**self.t) / (1 - self.beta1**self.t)\n"
            "w -= rate * s.m / (np.sqrt(s.v) + self.eps)"
        ),
    ),
]
