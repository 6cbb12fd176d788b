"""Answers to the exercise of 00 as learners type them."""

WRONG = [
    ("centred", """
def centred(values):
    return values.mean()
""", "that is the mean itself"),
    ("centred", """
def centred(values):
    return np.mean(values) - values
""", "turned round"),
    ("centred", """
def centred(values):
    return values - sum(values)
""", "subtracts the sum"),
    ("centred", """
def centred(values):
    values -= values.mean()
    return values
""", "changes its argument in place"),
    ("centred", """
def centred(values):
    print(values - values.mean())
""", "is a `return` missing"),
    ("centred", """
def centred(values):
    return values - np.median(values)
""", "that is the median"),
]  # fmt: skip

RIGHT = [
    ("centred", """
def centred(values):
    return np.array([v - sum(values) / len(values) for v in values])
"""),
]  # fmt: skip
