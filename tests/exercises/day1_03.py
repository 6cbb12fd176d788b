"""Wrong answers to day1/03 as learners type them (the imports stand for the lesson's own cells), with words that the hint must contain; and right ones in other spellings."""

WRONG = [
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    E = 0.5 * np.mean((d - y) ** 2)
    dy = (y - d) / y.shape[0]
    return E, dy
''', "disagree by the factor K"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    diff = y - d
    return (diff ** 2).mean() / 2, diff / diff.size
''', "both are divided by N·K"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    return np.square(y - d).mean(), 2 * (y - d) / np.prod(y.shape)
''', "MSELoss"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    E = np.sum((y - d) ** 2) / len(y)
    return E, (y - d) / len(y)
''', "the ½ is missing in E"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    N = y.shape[0]
    E = ((y - d) ** 2).sum() / N
    return E, 2 / N * (y - d)
''', "the ½ is missing: with it the 2 cancels"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    N, K = y.shape
    E = 1 / (2 * N) * np.sum((y - d) ** 2)
    return E, 2 * (y - d) / N
''', "no 2 is left"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    return 0.5 * np.sum((y - d) ** 2), y - d
''', "both are sums"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    E = np.sum((y - d) ** 2) / 2 / len(y)
    dy = y - d
    return E, dy
''', "N times less"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    E = np.sum((y - d) ** 2) / 2
    dy = (y - d) / len(d)
    return E, dy
''', "E is not"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    E = np.sum((d - y) ** 2) / (2 * len(y))
    dy = (d - y) / len(y)
    return E, dy
''', "sign of the gradient"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    E = np.sum((y - d) ** 2) / (2 * len(y))
    dy = (y - d).sum() / len(y)
    return E, dy
''', "a slope of its own"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    e = y - d
    return (e * e).sum() / (2 * len(e))
''', "return E, dy"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    E = np.sum(np.abs(y - d)) / len(y)
    return E, (y - d) / len(y)
''', "not that of your E"),
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    y -= d
    return np.sum(y ** 2) / (2 * len(y)), y / len(y)
''', "changes its argument"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    picked = y[:, d]
    return -np.log(picked).mean()
''', "N×N numbers"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    N = y.shape[0]
    return -np.log(y[:, d]).sum() / N
''', "you add them all up"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    E = 0
    for n in range(len(y)):
        E -= np.log(y[n, d[n]])
    return E
''', "sum over the batch"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    return np.log(y[range(len(y)), d]).sum() / len(y)
''', "minus is missing"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    return -np.log(sum(y[n, k] for n, k in enumerate(d)) / len(d))
''', "log first, then the mean"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    return -np.log(y[np.arange(y.shape[0]), d])
''', "one cost per sample"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    batch_size = y.shape[0]
    return -np.sum(np.log(y[np.arange(batch_size), d] + 1e-7)) / batch_size
''', "ceiling of 16.118"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    return -np.log(np.max(y, axis=1)).mean()
''', "favourite"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    mask = np.eye(y.shape[1])[d]
    return -(mask * np.log(y)).mean()
''', "divides by all N·K"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    labels = np.argmax(d, axis=1)
    return -np.log(y[np.arange(len(y)), labels]).mean()
''', "already holds labels"),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    return -np.sum(np.log(y) * d) / len(y)
''', "a name, not a factor"),
    ("loss_from_logits", '''
def loss_from_logits(u, d):
    y = softmax(u)
    t = one_hot(d, u.shape[1])
    return -np.sum(t * np.log(y)) / len(u), (y - t) / len(u)
''', "softmax has rounded to 0 before the log"),
    ("loss_from_logits", '''
def loss_from_logits(u, d):
    y = np.exp(u) / np.sum(np.exp(u), axis=1, keepdims=True)
    rows = np.arange(len(u))
    E = -np.mean(np.log(y[rows, d]))
    y[rows, d] -= 1
    return E, y / len(u)
''', "softmax has rounded to 0 before the log"),
    ("loss_from_logits", '''
def loss_from_logits(u, d):
    y = softmax(u)
    t = one_hot(d, u.shape[1])
    return -np.sum(t * np.log(y + 1e-7)) / len(u), (y - t) / len(u)
''', "ceiling of 16.118"),
    ("loss_from_logits", '''
from common.functions import log_softmax

def loss_from_logits(u, d):
    N = len(u)
    E = -log_softmax(u)[np.arange(N), d].mean()
    du = softmax(u)
    du[np.arange(N), d] -= 1
    return E, du
''', "needs the same 1/N"),
    ("loss_from_logits", '''
from common.functions import softmax_cross_entropy

def loss_from_logits(u, d):
    N = len(u)
    E = softmax_cross_entropy(u, d)
    du = softmax(u)
    du[:, d] -= 1
    return E, du / N
''', "subtracts 1 in the columns of all labels"),
    ("loss_from_logits", '''
from common.functions import softmax_cross_entropy

def loss_from_logits(u, d):
    E = softmax_cross_entropy(u, d)
    return E, (softmax(u) - d.reshape(-1, 1)) / len(u)
''', "a name, not a number"),
    ("loss_from_logits", '''
from common.functions import softmax_cross_entropy

def loss_from_logits(u, d):
    t = np.eye(u.shape[1])[d]
    return softmax_cross_entropy(u, d), (t - softmax(u)) / len(u)
''', "sign of the gradient"),
    ("loss_from_logits", '''
from common.functions import softmax_cross_entropy

def loss_from_logits(u, d):
    return softmax_cross_entropy(u, d)
''', "return E, du"),
    ("loss_from_logits", '''
from common.functions import softmax_cross_entropy

def loss_from_logits(u, d):
    return softmax_cross_entropy(u, d), softmax(u) / len(u)
''', "subtract the target"),
    ("loss_from_logits", '''
from common.functions import log_softmax

def loss_from_logits(u, d):
    t = one_hot(d, u.shape[1])
    return -np.sum(t * log_softmax(u)), softmax(u) - t
''', "both are sums over the batch"),
    ("loss_from_logits", '''
from common.functions import log_softmax

def loss_from_logits(u, d):
    t = one_hot(d, u.shape[1])
    return -np.mean(t * log_softmax(u)), (softmax(u) - t) / len(t)
''', "disagree by the factor K"),
    ("loss_from_logits", '''
from common.functions import softmax_cross_entropy

def loss_from_logits(u, d):
    y, t = softmax(u), one_hot(d, u.shape[1])
    return softmax_cross_entropy(u, d), -t / y / len(u)
''', "the slope with respect to y"),
    ("loss_from_logits", '''
def loss_from_logits(u, d):
    u -= u.max(axis=1, keepdims=True)
    log_y = u - np.log(np.exp(u).sum(axis=1, keepdims=True))
    t = one_hot(d, u.shape[1])
    return -np.sum(t * log_y) / len(u), (np.exp(log_y) - t) / len(u)
''', "changes its argument"),
    ("cross_entropy_from_labels", """
def cross_entropy_from_labels(y, d):
    return -np.log(np.prod(y[np.arange(len(y)), d])) / len(y)
""", "becomes 0. Take the logs first"),
    ("cross_entropy_from_labels", """
def cross_entropy_from_labels(y, d):
    p = np.clip(y[range(len(d)), d], 1e-7, 1)
    return -np.log(p).mean()
""", "clipping at 1e-7"),
    ("cross_entropy_from_labels", """
def cross_entropy_from_labels(y, d):
    return -np.log(y[range(len(d)), d] + 1e-12).mean()
""", "ceiling of 27.631"),
    ("loss_from_logits", """
def loss_from_logits(u, d):
    n = np.arange(len(u))
    E = np.mean(np.log(np.exp(u).sum(axis=1)) - u[n, d])
    e = np.exp(u - u.max(axis=1, keepdims=True))
    du = e / e.sum(axis=1, keepdims=True)
    du[n, d] -= 1
    return E, du / len(u)
""", "e⁸⁰⁰ has overflowed"),
    ("loss_from_logits", """
def loss_from_logits(u, d):
    n = np.arange(len(u))
    s = u - u.max()
    E = np.mean(np.log(np.exp(s).sum(axis=1)) - s[n, d])
    du = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    du[n, d] -= 1
    return E, du / len(u)
""", "each row needs its own"),
]  # fmt: skip

RIGHT = [
    ("squared_error_and_gradient", '''
def squared_error_and_gradient(y, d):
    N, K = y.shape
    E, dy = 0.0, np.zeros_like(y)
    for n in range(N):
        for k in range(K):
            E += 0.5 * (y[n, k] - d[n, k]) ** 2 / N
            dy[n, k] = (y[n, k] - d[n, k]) / N
    return E, dy
'''),
    ("squared_error_and_gradient", '''
from common.functions import d_loss

def squared_error_and_gradient(y, d):
    return np.mean(np.sum((y - d) ** 2, axis=1)) / 2, d_loss(y, d)
'''),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    return -np.sum(np.eye(y.shape[1])[d] * np.log(y)) / y.shape[0]
'''),
    ("cross_entropy_from_labels", '''
def cross_entropy_from_labels(y, d):
    return float(np.mean([-np.log(row[label]) for row, label in zip(y, d)]))
'''),
    ("loss_from_logits", '''
def loss_from_logits(u, d):
    rows = np.arange(len(u))
    shifted = u - u.max(axis=1, keepdims=True)
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    E = np.mean(np.log(total[:, 0]) - shifted[rows, d])
    du = np.exp(shifted) / total
    du[rows, d] -= 1
    return E, du / len(u)
'''),
    ("loss_from_logits", '''
from common.functions import d_loss, softmax_cross_entropy

def loss_from_logits(u, d):
    return softmax_cross_entropy(u, d), d_loss(softmax(u), one_hot(d, u.shape[1]))
'''),
]  # fmt: skip
