"""Answers to the exercises of day2/01 as learners type them: (exercise, source, words that the hint must contain)."""

WRONG = [
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        return np.tanh(u)

    def backward(self, dout):
        return dout * (1 - self.z * self.z)
""", "keep z"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        z = np.tanh(u)
        return z

    def backward(self, dout):
        return dout * (1 - z**2)
""", "variable of forward alone"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, x):
        self.x = x
        return np.tanh(self.x)

    def backward(self, dout):
        return (1 - np.square(self.x)) * dout
""", "wrong letter"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.out = np.tanh(u)
        return self.out

    def backward(self, dout):
        return dout * (self.out - self.out**2)
""", "sigmoid's slope"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout - dout * self.z
""", "without the square"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * (1 - self.z)**2
""", "slip of the brackets"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        self.du = 1 - self.z**2
        return self.du
""", "has got lost"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * (1 - tanh(self.z) ** 2)
""", "tanh was applied twice"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        return tanh(u)

    def backward(self, dout):
        z = self.forward(dout)
        return dout * (1 - z**2)
""", "taken at dout"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout
""", "a layer without a slope"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return np.matmul(dout, 1 - self.z**2)
""", "entry by entry"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return np.sum(dout * (1 - self.z**2), axis=0)
""", "sums over the batch"),
    ("Tanh", """
class Tanh(Layer):
    def forward(u):
        z = tanh(u)
        return z

    def backward(dout):
        return dout * (1 - z**2)
""", "`self` as their first argument"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.y = tanh(u)
        return self.y

    def backward(self, dout):
        return dout * (1 - self.z**2) if hasattr(self, "z") else dout * (1 - self.out**2)
""", "looks for self.out, but forward has not kept it"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)

    def backward(self, dout):
        return dout * (1 - self.z**2)
""", "entry 'forward': it gives back None: is a `return` missing?"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        ...
""", "entry 'backward': it gives back None: is a `return` missing?"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        dout *= 1 - self.z**2
        return dout
""", "backward writes into dout"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = np.tanh(u, out=u)
        return self.z

    def backward(self, dout):
        return dout * (1 - self.z**2)
""", "forward writes into u"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        self.z **= 2
        return dout * (1 - self.z)
""", "backward writes into z"),
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        Layer.z = tanh(u)
        return Layer.z

    def backward(self, dout):
        return dout * (1 - Layer.z**2)
""", "the second overwrites what the first has kept"),
    ("Tanh", """
class Tanh:
    def forward(self, u):
        self.z = tanh(u)
        return self.z

    def backward(self, dout):
        return dout * (1 - self.z**2)
""", "class Tanh(Layer)"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        self.x = x
        return x.ravel()

    def backward(self, dout):
        return dout.reshape(self.x.shape)
""", "whole batch into one row"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        self.old = x.shape
        return np.reshape(x, (-1, x.shape[0]))

    def backward(self, dout):
        return np.reshape(dout, self.old)
""", "mixes the samples"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return np.transpose(x).reshape(x.shape[0], -1)

    def backward(self, dout):
        return dout.reshape(self.shape)
""", "Leave out the .T"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        N = len(x)
        return x.reshape(N, x.size // N)

    def backward(self, dout):
        return dout.copy()
""", "dout goes back flat"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        return x.reshape(x.shape[0], -1)

    def backward(self, dout):
        return dout.reshape(self.shape)
""", "Keep it in forward"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        N, *self.rest = x.shape
        return x.reshape(N, -1)

    def backward(self, dout):
        return dout.reshape(self.rest)
""", "the shape of *one* sample"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(shape)
""", "variable of forward alone"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.flatten(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)
""", "takes no shape"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.x_shape)
""", "looks for self.x_shape, but forward has not kept it"),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        if not hasattr(self, "shape"):
            self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)
""", "after a batch of 5 came one of 2"),
    ("count_parameters", """
def count_parameters(params):
    return len(params.values())
""", "counts arrays"),
    ("count_parameters", """
def count_parameters(params):
    total = 0
    for name in params:
        total += len(params[name])
    return total
""", "number of *rows*"),
    ("count_parameters", """
def count_parameters(params):
    return sum(params[name].size for name in params if name[0] == "W")
""", "the biases are learnt too"),
    ("count_parameters", """
def count_parameters(params):
    return sum(p.size for name, p in params.items() if name[:-1] in ("W", "b"))
""", "parameters of other names"),
    ("count_parameters", """
def count_parameters(params):
    total = 0
    for p in params:
        total += p.size
    return total
""", "goes through its *names*"),
    ("count_parameters", """
def count_parameters(params):
    return sum(map(len, params))
""", "len(name)"),
    ("count_parameters", """
def count_parameters(params):
    return sum(np.sum(p.shape) for p in params.values())
""", "rows *plus* columns"),
    ("count_parameters", """
def count_parameters(params):
    total = 0
    for p in params.values():
        total += p.shape[0] * p.shape[1]
    return total
""", "not every array has two"),
    ("count_parameters", """
def count_parameters(params):
    return sum(np.sum(p) for p in params.values())
""", "the numbers themselves"),
    ("count_parameters", """
def count_parameters(params):
    return sum(p.itemsize * p.size for p in params.values())
""", "counts bytes"),
    ("count_parameters", """
def count_parameters(params):
    return int(sum(np.count_nonzero(p) for p in params.values()))
""", "a bias of 0 is a parameter too"),
]  # fmt: skip

RIGHT = [
    ("Tanh", """
class Tanh(Layer):
    def forward(self, u):
        self.u = u
        return np.tanh(u)

    def backward(self, dout):
        return dout / np.cosh(self.u) ** 2
"""),
    ("Tanh", """
class Tanh(Layer):
    def __init__(self):
        self.slope = None

    def forward(self, u):
        z = (np.exp(u) - np.exp(-u)) / (np.exp(u) + np.exp(-u))
        self.slope = (1 + z) * (1 - z)
        return z

    def backward(self, dout):
        return self.slope * dout
"""),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        self.shape = np.shape(x)
        return np.array([image.ravel() for image in x])

    def backward(self, dout):
        return np.stack([row.reshape(self.shape[1:]) for row in dout])
"""),
    ("Flatten", """
class Flatten(Layer):
    def forward(self, x):
        self.x = x
        return x.reshape(len(x), np.prod(x.shape[1:]))

    def backward(self, dout):
        return dout.reshape(*self.x.shape)
"""),
    ("count_parameters", """
def count_parameters(params):
    total = 0
    for name in params:
        total = total + np.prod(params[name].shape)
    return total
"""),
    ("count_parameters", """
def count_parameters(params):
    return len(np.concatenate([p.ravel() for p in params.values()]))
"""),
]  # fmt: skip
