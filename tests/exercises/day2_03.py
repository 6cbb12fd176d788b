"""Answers to the exercises of day2/03 as learners type them."""

NORM = """
def batch_norm(x, gamma, beta, eps=1e-5):
    mu = MU
    var = VAR
    x_hat = (x - mu) / SCALE
    return OUT
"""


def norm_answer(
    mu="np.mean(x, axis=0)",
    var="np.mean((x - mu) ** 2, axis=0)",
    scale="np.sqrt(var + eps)",
    out="gamma * x_hat + beta",
):
    return NORM.replace("MU", mu).replace("VAR", var).replace("SCALE", scale).replace("OUT", out)


RUNNING = """
def update_running(running_mean, running_var, x, momentum=0.9):
    N = len(x)
    mean = MEAN
    var = VAR
    new_mean = OLD * running_mean + NEW * mean
    new_var = OLD * running_var + NEW * var
    return new_mean, new_var
"""


def running_answer(
    mean="x.sum(axis=0) / N", var="((x - mean) ** 2).sum(axis=0) / (N - 1)", old="momentum", new="(1 - momentum)"
):
    return RUNNING.replace("MEAN", mean).replace("VAR", var).replace("OLD", old).replace("NEW", new)


FOLD = """
def fold(W, b, gamma, beta, mean, var, eps=1e-5):
    scale = SCALE
    new_W = NEW_W
    new_b = NEW_B
    return new_W, new_b
"""


def fold_answer(scale="gamma / np.sqrt(var + eps)", W="W * scale", b="beta + scale * (b - mean)"):
    return FOLD.replace("SCALE", scale).replace("NEW_W", W).replace("NEW_B", b)


WRONG = [
    ("batch_norm", norm_answer("x.mean(axis=1, keepdims=True)", "x.var(axis=1, keepdims=True)"), "each sample over its features"),
    ("batch_norm", norm_answer("x.mean(axis=1)", "x.var(axis=1)"), "it raised ValueError"),
    ("batch_norm", norm_answer("x.mean()", "x.var()"), "for the whole array"),
    ("batch_norm", norm_answer("np.mean(x)", "np.mean((x - mu) ** 2)"), "for the whole array"),
    ("batch_norm", norm_answer(scale="(var + eps)"), "divides by the variance"),
    ("batch_norm", norm_answer(scale="(x.std(axis=0) + eps)"), "outside the root"),
    ("batch_norm", norm_answer(scale="(np.sqrt(var) + eps)"), "outside the root"),
    ("batch_norm", norm_answer(scale="x.std(axis=0)"), "ε is missing"),
    ("batch_norm", norm_answer(scale="np.sqrt(var)"), "ε is missing"),
    ("batch_norm", norm_answer(scale="np.sqrt(x.std(axis=0) ** 2 + eps**2)"), "it is the variance that gets ε"),
    ("batch_norm", norm_answer(scale="np.sqrt(var + 1e-5)"), "take the argument `eps`"),
    ("batch_norm", norm_answer(scale="np.sqrt(var + 1e-7)"), "it uses an ε of its own"),
    ("batch_norm", norm_answer(out="gamma * x + beta"), "act on x"),
    ("batch_norm", norm_answer(out="x_hat"), "without γ and β"),
    ("batch_norm", norm_answer(out="x_hat * gamma"), "β is missing"),
    ("batch_norm", norm_answer(out="beta + x_hat"), "γ is missing"),
    ("batch_norm", norm_answer(out="gamma * (beta + x_hat)"), "without brackets"),
    ("batch_norm", norm_answer(out="gamma + x_hat * beta"), "changed places"),
    ("batch_norm", norm_answer("0", "x.var(axis=0)"), "the mean is still in it"),
    ("batch_norm", norm_answer(var="x.var(axis=0, ddof=1)"), "unbiased variance"),
    ("batch_norm", norm_answer(var="((x - mu) ** 2).sum(axis=0) / (len(x) - 1)"), "unbiased variance"),
    ("batch_norm", norm_answer(out="None"), "is a `return` missing"),
    ("update_running", running_answer(old="(1 - momentum)", new="momentum"), "the weights are swapped"),
    ("update_running", running_answer(new="1"), "weight 1"),
    ("update_running", running_answer(old="1", new="(1 - momentum)"), "keeps weight 1"),
    ("update_running", running_answer(old="0", new="1"), "nothing of the past"),
    ("update_running", running_answer(var="np.var(x, axis=0)"), "divide by N − 1"),
    ("update_running", running_answer(var="np.std(x, axis=0, ddof=1)"), "averages standard deviations"),
    ("update_running", running_answer(var="x.std(0)"), "and biased ones"),
    ("update_running", running_answer(var="np.var(x, axis=0) * (N - 1) / N"), "upside down"),
    ("update_running", running_answer("np.mean(x, axis=1)", "np.var(x, axis=1, ddof=1)"), "over the features of a sample"),
    ("update_running", running_answer("np.mean(x)", "np.var(x, ddof=1)"), "one number for all features"),
    ("update_running", """
def update_running(running_mean, running_var, x, momentum=0.9):
    running_mean *= momentum
    running_mean += (1 - momentum) * x.mean(axis=0)
    running_var *= momentum
    running_var += (1 - momentum) * x.var(axis=0, ddof=1)
    return running_mean, running_var
""", "changes its argument in place"),
    ("fold", fold_answer(b="b - mean * scale + beta"), "b is not scaled"),
    ("fold", fold_answer(b="scale * b + beta"), "running mean is missing"),
    ("fold", fold_answer(b="scale * b - mean + beta"), "subtracted unscaled"),
    ("fold", fold_answer(b="beta - scale * mean"), "old bias is lost"),
    ("fold", fold_answer(b="scale * (b - mean + beta)"), "β is scaled too"),
    ("fold", fold_answer(b="scale * (b - mean)"), "β is missing"),
    ("fold", fold_answer(W="(W.T * scale).T"), "shapes (4,3) (4,)"),
    ("fold", fold_answer(W="W * scale[:, np.newaxis]"), "scales the rows of W"),
    ("fold", fold_answer(W="np.diag(scale) @ W"), "it raised ValueError"),
    ("fold", fold_answer(scale="gamma / (var + eps)"), "not by the variance"),
    ("fold", fold_answer(scale="gamma / np.sqrt(var)"), "ε is missing"),
    ("fold", fold_answer(scale="1 / np.sqrt(var + eps)"), "γ is missing"),
    ("batch_norm", """
def batch_norm(x, gamma, beta, eps=1e-5):
    m = x.mean(axis=0)
    s2 = np.sum((x - m) ** 2, axis=0)
    return gamma * (x - m) / np.sqrt(s2 + eps) + beta
""", "summed and not averaged"),
    ("batch_norm", """
def batch_norm(x, gamma, beta, eps=1e-5):
    return gamma * (x - np.mean(x, 0) / np.sqrt(np.var(x, 0) + eps)) + beta
""", "brackets: the mean"),
    ("batch_norm", """
def batch_norm(x, gamma, beta, eps=1e-5):
    return gamma * x - np.mean(x, 0) / np.sqrt(np.var(x, 0) + eps) + beta
""", "γ multiplies all of x̂"),
    ("fold", """
def fold(W, b, gamma, beta, mean, var, eps=1e-5):
    s = gamma / np.sqrt(var + 1e-5)
    return W * s, (b - mean) * s + beta
""", "take the argument `eps`"),
]  # fmt: skip

RIGHT = [
    ("batch_norm", norm_answer()),
    ("batch_norm", norm_answer("x.sum(0) / len(x)", "(x * x).mean(0) - mu**2")),
    ("batch_norm", """
def batch_norm(x, gamma, beta, eps=1e-5):
    y = np.empty_like(x)
    for j in range(x.shape[1]):
        column = x[:, j]
        y[:, j] = gamma[j] * (column - column.mean()) / (column.var() + eps) ** 0.5 + beta[j]
    return y
"""),
    ("update_running", running_answer()),
    ("update_running", running_answer("np.mean(x, 0)", "np.cov(x.T, ddof=1).diagonal() if x.shape[1] > 1 else x.var(0, ddof=1)")),
    ("update_running", """
def update_running(running_mean, running_var, x, momentum=0.9):
    n = x.shape[0]
    mean = running_mean + (1 - momentum) * (x.mean(axis=0) - running_mean)
    return mean, running_var + (1 - momentum) * (x.var(axis=0) * n / (n - 1) - running_var)
"""),
    ("fold", fold_answer()),
    ("fold", fold_answer(W="W @ np.diag(scale)", b="b * scale - mean * scale + beta")),
]  # fmt: skip
