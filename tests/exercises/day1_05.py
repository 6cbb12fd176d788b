"""Answers to the exercises of day1/05 as learners type them."""

WRONG = [
    # --- update ---
    ("update", """
def update(network, grads, rate):
    for name in network:
        network[name] += rate * grads[name]
""", "a step uphill"),
    ("update", """
def update(network, grads, rate):
    for key, w in network.items():
        w = w - rate * grads[key]
""", "nothing has moved"),
    ("update", """
def update(network, grads, rate):
    return {k: network[k] - rate * grads[k] for k in network}
""", "in a new dict"),
    ("update", """
def update(network, grads, rate):
    network = {k: network[k] - rate * grads[k] for k in network}
""", "nothing has moved"),
    ("update", """
def update(network, grads, rate):
    network["W1"] -= rate * grads["W1"]
    network["W2"] -= rate * grads["W2"]
""", "have not moved"),
    ("update", """
def update(network, grads, rate):
    for name in network:
        if name.startswith("W"):
            network[name] -= rate * grads[name]
""", "the biases b1, b2, b3 have not moved"),
    ("update", """
def update(network, grads, rate):
    for name in ("W1", "b1", "W2", "b2"):
        network[name] -= rate * grads[name]
""", "a deeper network is only half trained"),
    ("update", """
def update(network, grads, rate):
    for name in network:
        network[name] -= rate * grads[name]
        return network
""", "does the loop end early"),
    ("update", """
def update(network, grads, rate):
    for name in network:
        network[name] -= grads[name]
""", "only rate times as long"),
    ("update", """
def update(network, grads, rate):
    for name in network:
        network[name] += grads[name]
""", "only rate times as far"),
    ("update", """
def update(network, grads, rate):
    for name in network:
        network[name] = rate * grads[name]
""", "another step than"),
    ("update", """
def update(network, grads, rate):
    for name in network:
        grads[name] *= rate
        network[name] -= grads[name]
""", "the gradients were changed on the way"),
    ("update", """
def update(network, grads, rate):
    network -= rate * grads
""", "a dict cannot be calculated with"),
    ("update", """
def update(network, grads, rate):
    for name in network:
        network[name] -= rate * grads["d" + name]
""", "no entry is called 'dW1'"),
    ("update", """
def update(network, grads, rate):
    for name in network:
        network[name] = network[name] - rate * np.sign(grads[name])
""", "another step than"),
    # --- rate_for_large_inputs ---
    ("rate_for_large_inputs", """
def rate_for_large_inputs():
    return 0.07
""", "all of 20 networks diverge"),
    ("rate_for_large_inputs", """
def rate_for_large_inputs():
    return 0.01
""", "keep a distance from the edge"),
    ("rate_for_large_inputs", """
def rate_for_large_inputs():
    return 0.0001
""", "There is room"),
    ("rate_for_large_inputs", """
def rate_for_large_inputs():
    return -0.003
""", "a rate is positive"),
    ("rate_for_large_inputs", """
def rate_for_large_inputs():
    rate = 0.003
""", "is a `return` missing"),
    ("rate_for_large_inputs", """
def rate_for_large_inputs():
    return [0.001, 0.003]
""", "a rate is one number"),
    # --- minibatches ---
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    idx = np.arange(len(x))
    rng.shuffle(idx)
    for i in range(0, len(x), batch_size):
        yield x[i:i + batch_size], d[i:i + batch_size]
""", "the samples come in their old order"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for i in range(len(x) // batch_size):
        chosen = order[i * batch_size:(i + 1) * batch_size]
        yield x[chosen], d[chosen]
""", "the last batch is missing"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    x = rng.permutation(x)
    d = rng.permutation(d)
    for i in range(0, len(x), batch_size):
        yield x[i:i + batch_size], d[i:i + batch_size]
""", "x and d no longer belong together"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x), batch_size):
        yield x[order[i:i + batch_size]], d[i:i + batch_size]
""", "x and d no longer belong together"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    left = len(x)
    while left > 0:
        size = min(batch_size, left)
        chosen = rng.integers(0, len(x), size)
        yield x[chosen], d[chosen]
        left -= size
""", "samples never came"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    for i in range(0, len(x), batch_size):
        chosen = rng.choice(len(x), min(batch_size, len(x) - i), replace=False)
        yield x[chosen], d[chosen]
""", "samples never came"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    for i in range(0, len(x), batch_size):
        chosen = rng.choice(len(x), batch_size)
        yield x[chosen], d[chosen]
""", "more samples were dealt than there are"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x), batch_size):
        return x[order[i:i + batch_size]], d[order[i:i + batch_size]]
""", "that is one batch"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x), batch_size):
        chosen = order[i:i + batch_size]
        x[chosen], d[chosen]
""", "with `yield`"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x) + 1, batch_size):
        yield x[order[i:i + batch_size]], d[order[i:i + batch_size]]
""", "there is an empty batch"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = np.random.permutation(len(x))
    for i in range(0, len(x), batch_size):
        yield x[order[i:i + batch_size]], d[order[i:i + batch_size]]
""", "something else is drawn from"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = np.random.default_rng(0).permutation(len(x))
    for i in range(0, len(x), batch_size):
        yield x[order[i:i + batch_size]], d[order[i:i + batch_size]]
""", "two epochs come in the same order"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    starts = np.arange(0, len(x), batch_size)
    rng.shuffle(starts)
    for i in starts:
        yield x[i:i + batch_size], d[i:i + batch_size]
""", "neighbours always sit in the same batch"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    state = rng.bit_generator.state
    rng.shuffle(x)
    rng.bit_generator.state = state
    rng.shuffle(d)
    for i in range(0, len(x), batch_size):
        yield x[i:i + batch_size], d[i:i + batch_size]
""", "shuffle an index, not the data"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    for i in rng.permutation(len(x)):
        yield x[i:i + 1], d[i:i + 1]
""", "each batch has batch_size samples"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for i in range(0, len(x), batch_size):
        yield x[order[i:i + batch_size]]
""", "each batch is a pair"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    for i in range(0, len(x), batch_size):
        part = rng.permutation(np.arange(i, min(i + batch_size, len(x))))
        yield x[part], d[part]
""", "neighbours always sit in the same batch"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        chosen = order[start:batch_size]
        yield x[chosen], d[chosen]
""", "b is start + batch_size"),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(-(-len(x) // batch_size)):
        chosen = order[start:start + batch_size]
        yield x[chosen], d[chosen]
""", "more samples were dealt than there are"),
    # --- count_updates ---
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return samples // batch_size * epochs
""", "round the batches of an epoch up"),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return samples / batch_size * epochs
""", "an update is a whole thing"),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return int(np.ceil(samples * epochs / batch_size))
""", "round up first, then multiply"),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return epochs
""", "one update per batch"),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return samples * epochs
""", "counts samples seen"),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return int(np.ceil(samples / batch_size))
""", "those are the updates of one epoch"),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return (samples // batch_size + 1) * epochs
""", "adding 1 is right only where something is left over"),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return round(samples / batch_size) * epochs
""", "less than half full"),
]  # fmt: skip

RIGHT = [
    ("update", """
def update(network, grads, rate):
    for name, g in grads.items():
        network[name] = network[name] - rate * g
    return network
"""),
    ("update", """
def update(network, grads, rate):
    for w, g in zip(network.values(), grads.values()):
        w -= rate * g
"""),
    ("rate_for_large_inputs", """
def rate_for_large_inputs():
    return 1e-3
"""),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = np.arange(len(x))
    rng.shuffle(order)
    x, d = x[order], d[order]
    while len(x):
        yield x[:batch_size], d[:batch_size]
        x, d = x[batch_size:], d[batch_size:]
"""),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = list(rng.permutation(len(x)))
    batches = []
    while order:
        chosen, order = order[:batch_size], order[batch_size:]
        batches.append((x[chosen], d[chosen]))
    return batches
"""),
    ("minibatches", """
def minibatches(x, d, batch_size, rng):
    order = rng.permutation(len(x))
    for chosen in np.array_split(order, range(batch_size, len(x), batch_size)):
        yield x[chosen], d[chosen]
"""),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    full, rest = divmod(samples, batch_size)
    return (full + (rest > 0)) * epochs
"""),
    ("count_updates", """
def count_updates(samples, batch_size, epochs):
    return int(np.ceil(samples / batch_size)) * epochs
"""),
]  # fmt: skip
