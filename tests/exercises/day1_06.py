"""Answers to the exercises of day1/06 as learners type them."""

WRONG = [
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    C = np.zeros((K, K))
    C[d, guess] += 1
    return C
""", "a pair that occurs twice is counted once"),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    C = np.zeros((K, K))
    for n in range(len(d)):
        C[guess[n], d[n]] += 1
    return C
""", "rows and columns are swapped"),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    C = np.zeros((K, K))
    for n in range(len(d)):
        if d[n] != guess[n]:
            C[d[n], guess[n]] += 1
    return C
""", "the diagonal is missing"),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    return one_hot(d, K).T @ one_hot(guess, K) / len(d)
""", "shares of all images"),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    from sklearn.metrics import confusion_matrix as counts
    return counts(d, guess)
""", "a class that happens not to occur"),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    C = np.zeros((K, K))
    C[d, guess] = C[d, guess] + 1
    C
""", "is a `return` missing"),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    C = np.zeros((K, K))
    for k in range(K):
        C[k, k] = np.sum((d == k) & (guess == k))
    return C
""", "was expected"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    x, d = test
    return LogisticRegression(C=C, tol=1e-6, max_iter=1000).fit(x, d).score(x, d)
""", "the very images it is then tested on"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    x, d = training
    return LogisticRegression(C=C, tol=1e-6, max_iter=1000).fit(x, d).score(x, d)
""", "the pile that it has learnt from"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(C=C, tol=1e-6, max_iter=1000).fit(*test)
    return np.mean(model.predict(training[0]) == training[1])
""", "the piles are swapped"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    x = np.vstack([training[0], test[0]])
    d = np.hstack([training[1], test[1]])
    return LogisticRegression(C=C, tol=1e-6, max_iter=1000).fit(x, d).score(*test)
""", "learnt from both piles"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(tol=1e-6, max_iter=1000)
    model.fit(training[0], training[1])
    return model.score(test[0], test[1])
""", "C does not arrive"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(C=C, tol=1e-6, max_iter=1000).fit(*training)
    return np.mean(model.predict(test[0]) != test[1])
""", "the share that it gets wrong"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(C=C, tol=1e-6, max_iter=1000).fit(*training)
    return 100 * np.mean(model.predict(test[0]) == test[1])
""", "in per cent"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(C=C, tol=1e-6, max_iter=1000).fit(*training)
    return np.sum(model.predict(test[0]) == test[1])
""", "divide by their number"),
    ("baseline", """
def baseline(training, test, C=1.0):
    model = LogisticRegression(C=C, tol=1e-6, max_iter=1000).fit(*training)
    return model.score(*test)
""", "NameError"),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(C=C, tol=1e-6, max_iter=1000)
    return model.score(*test)
""", "NotFittedError"),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    d = np.zeros((len(labels), max(labels) + 1))
    d[np.arange(len(labels)), labels] = 1
    return d
""", "K comes from the batch"),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    d = np.zeros((K, len(labels)))
    for n, k in enumerate(labels):
        d[k, n] = 1
    return d
""", "A sample is a row"),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    d = np.zeros((len(labels), K))
    for n, k in enumerate(labels):
        d[n, k - 1] = 1
    return d
""", "classes are counted from 0"),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    d = np.zeros((len(labels), K))
    for n, k in enumerate(labels):
        d[n, k] = k
    return d
""", "the label itself stands there"),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    d = np.zeros((labels.shape[0], K))
    d[:, labels] = 1.0
    return d
""", "in *every* row"),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    d = np.zeros((labels.size, K))
    d[labels] = 1
    return d
""", "takes the labels for rows"),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    return 1.0 * (np.arange(K) == labels)
""", "labels[:, None]"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    right = 0
    for k in range(len(x) // batch_size):
        xb, db = x[k * batch_size : (k + 1) * batch_size], d[k * batch_size : (k + 1) * batch_size]
        right += (predict(xb).argmax(1) == db).sum()
    return right / x.shape[0]
""", ".667"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    right = seen = 0
    for k in range(len(x) // batch_size):
        xb, db = x[k * batch_size : (k + 1) * batch_size], d[k * batch_size : (k + 1) * batch_size]
        right += (predict(xb).argmax(1) == db).sum()
        seen += len(xb)
    return right / max(seen, 1)
""", "the mistakes in that batch do not count"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    right = 0
    for i in range(0, len(x) - batch_size, batch_size):
        right += np.sum(predict(x[i : i + batch_size]).argmax(axis=1) == d[i : i + batch_size])
    return right / len(x)
""", "not even a full one"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    shares = []
    for i in range(0, len(x), batch_size):
        shares.append(np.mean(predict(x[i : i + batch_size]).argmax(axis=1) == d[i : i + batch_size]))
    return np.mean(shares)
""", "weigh more"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    right = batches = 0
    for i in range(0, len(x), batch_size):
        right += np.sum(predict(x[i : i + batch_size]).argmax(axis=1) == d[i : i + batch_size])
        batches += 1
    return right / (batches * batch_size)
""", "the last batch is not full"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    right = 0
    for i in range(0, len(x), batch_size):
        right += np.sum(predict(x[i : i + batch_size]).argmax(axis=1) == d[i : i + batch_size])
    return right
""", "Divide by the number of images"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    for i in range(0, len(x), batch_size):
        right = np.sum(predict(x[i : i + batch_size]).argmax(axis=1) == d[i : i + batch_size])
    return right / len(x)
""", "right += "),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    right = 0
    for i in range(0, len(x), batch_size):
        right += np.sum(predict(x[i : i + batch_size]).argmax(axis=1) == d[i : i + batch_size])
        return right / len(x)
""", "inside the loop"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    right = 0
    for i in range(0, len(x), batch_size):
        right += np.sum(np.argmax(predict(x[i : i + batch_size]), axis=0) == d[i : i + batch_size])
    return right / len(x)
""", "is axis=1"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    return np.mean(predict(x).argmax(axis=1) == d)
""", "23 images at once, and 5 were allowed"),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    right = 0
    for i in range(len(x)):
        right += np.sum(predict(x[i : i + batch_size]).argmax(axis=1) == d[i : i + batch_size])
    return right / len(x)
""", "was expected"),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    m = np.zeros((K, K), dtype=int)
    for i, j in zip(d, guess):
        m[i, j] = 1
    return m
""", "write += 1, not = 1"),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    from common.functions import one_hot
    return one_hot(labels, K)
""", "Write it yourself"),
]  # fmt: skip

RIGHT = [
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    C = np.zeros((K, K), dtype=int)
    np.add.at(C, (d, guess), 1)
    return C
"""),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    return one_hot(d, K).T @ one_hot(guess, K)
"""),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    return [[np.sum((d == i) & (guess == j)) for j in range(K)] for i in range(K)]
"""),
    ("confusion_matrix", """
def confusion_matrix(d, guess, K):
    return np.bincount(K * d + guess, minlength=K * K).reshape(K, K)
"""),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    return LogisticRegression(C=C, max_iter=10_000).fit(*training).score(*test)
"""),
    ("baseline", """
def baseline(training, test, C=1.0):
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(C=C, tol=1e-6, max_iter=1000, solver="newton-cg")
    model.fit(training[0], training[1])
    return (model.predict(test[0]) == test[1]).mean()
"""),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    d = np.zeros((len(labels), K), dtype=int)
    d[np.arange(len(labels)), labels] = 1
    return d
"""),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    return labels[:, None] == np.arange(K)
"""),
    ("one_hot_rows", """
def one_hot_rows(labels, K):
    return np.array([[float(k == label) for k in range(K)] for label in labels])
"""),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    answers = []
    for i in range(0, len(x), batch_size):
        answers.extend(predict(x[i : i + batch_size]).argmax(axis=1))
    return np.mean(answers == d)
"""),
    ("accuracy_in_batches", """
def accuracy_in_batches(predict, x, d, batch_size):
    return sum(int(np.argmax(predict(x[n : n + 1])[0]) == d[n]) for n in range(len(x))) / len(x)
"""),
]  # fmt: skip
