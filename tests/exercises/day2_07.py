"""Answers to the exercises of day2/07 as learners type them: (exercise, source, words that the hint must contain)."""

WRONG = [
    ("output_size", """
def output_size(size, window, stride, padding):
    return (size - window + padding) // stride + 1
""", "add the padding twice"),
    ("output_size", """
def output_size(size, window, stride, padding):
    return 1 + (size - window) // stride
""", "the padding is missing"),
    ("output_size", """
def output_size(size, window, stride, padding):
    return int((size - window + 2 * padding) / stride)
""", "you counted the steps"),
    ("output_size", """
def output_size(size, window, stride, padding):
    out = (size - window + 2 * padding) / stride
    return out + 1
""", "half a window is none"),
    ("output_size", """
def output_size(size, window, stride, padding):
    return size - window // stride + 2 * padding + 1
""", "binds stronger"),
    ("output_size", """
def output_size(size, window, stride, padding):
    return int(np.ceil((size + 2 * padding - window) / stride)) + 1
""", "hang over the edge"),
    ("output_size", """
def output_size(size, window, stride, padding):
    return (1 + size + 2 * padding - window) // stride
""", "outside the division"),
    ("output_size", """
def output_size(size, window, stride, padding):
    padded = size + 2 * padding
    return padded // stride
""", "room for its own length"),
    ("output_size", """
def output_size(size, window, stride, padding):
    return size - window + 2 * padding + 1
""", "the stride is missing"),
    ("output_size", """
def output_size(size, window, stride, padding):
    return round((size - window + 2 * padding) / stride + 1)
""", "hangs over the edge"),
    ("output_size", """
def output_size(size, window, stride, padding):
    (size + 2 * padding - window) // stride + 1
""", "is a `return` missing"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    H, W = x.shape
    OH, OW = H - FH + 1, W - FW + 1
    cols = np.zeros((FH * FW, OH * OW))
    for p in range(OH):
        for q in range(OW):
            cols[:, p * OW + q] = x[p:p+FH, q:q+FW].flatten()
    return cols
""", "Turn it over"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    rows = []
    for q in range(x.shape[1] - FW + 1):
        for p in range(x.shape[0] - FH + 1):
            rows.append(x[p:p+FH, q:q+FW].reshape(-1))
    return np.array(rows)
""", "column by column"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    rows = []
    for p in range(x.shape[0] - FH + 1):
        for q in range(x.shape[1] - FW + 1):
            rows.append(x[p:p+FH, q:q+FW].flatten(order="F"))
    return np.array(rows)
""", "run downwards"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    H, W = x.shape
    return np.array([x[p:p+FH, q:q+FW].ravel() for p in range(0, H - FH) for q in range(0, W - FW)])
""", "is missing"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    H, W = x.shape
    rows = []
    for p in range(H - FH + 1):
        for q in range(W - FW + 1):
            rows.append(x[p:p+FH, q:q+FW])
    return np.array(rows)
""", "little images"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    return np.array([[x[p:p+FH, q:q+FW] for q in range(x.shape[1]-FW+1)] for p in range(x.shape[0]-FH+1)])
""", "four axes"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    H, W = x.shape
    rows = []
    for p in range(0, H - FH + 1, FH):
        for q in range(0, W - FW + 1, FW):
            rows.append(x[p:p+FH, q:q+FW].ravel())
    return np.array(rows)
""", "side by side"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    rows = []
    for p in range(x.shape[0]):
        for q in range(x.shape[1]):
            rows.append(x[p:p+FH, q:q+FW].ravel())
    return np.array(rows)
""", "would hang over"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    H, W = x.shape
    rows = []
    for p in range(H - FH + 1):
        for q in range(W - FW + 1):
            rows.append(list(x[p:FH, q:FW].ravel()))
    return np.array(rows)
""", "p + FH"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    W, H = x.shape
    rows = []
    for p in range(H - FH + 1):
        for q in range(W - FW + 1):
            rows.append(x[p:p+FH, q:q+FW].ravel().tolist())
    return np.array(rows)
""", "Yours are swapped"),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    H, W = x.shape
    rows = []
    for p in range(H - FH + 1):
        for q in range(W - FW + 1):
            rows.extend(x[p:p+FH, q:q+FW].ravel())
    return np.array(rows)
""", "one long line"),
    ("put_windows_back", """
def put_windows_back(cols, shape, window, stride):
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.zeros((H, W))
    for p in range(OH):
        for q in range(OW):
            top, left = p * stride, q * stride
            x[top : top + window, left : left + window] += cols[p * OH + q].reshape(window, window)
    return x
""", "how many windows does a row of windows hold"),
    ("put_windows_back", """
def put_windows_back(cols, shape, window, stride):
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.zeros((H, W))
    for p in range(OH):
        for q in range(OW):
            top, left = p * stride, q * stride
            x[top : top + window, left : left + window] = cols[q + p * OW].reshape(window, window)
    return x
""", "wipes out"),
    ("put_windows_back", """
def put_windows_back(cols, shape, window, stride):
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x, n = np.zeros((H, W)), np.zeros((H, W))
    for k in range(len(cols)):
        top, left = k // OW * stride, k % OW * stride
        x[top : top + window, left : left + window] += cols[k].reshape(window, window)
        n[top : top + window, left : left + window] += 1
    return x / np.where(n == 0, 1, n)
""", "nothing is divided"),
    ("put_windows_back", """
def put_windows_back(cols, shape, window, stride):
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.zeros((H, W))
    for p in range(OH):
        for q in range(OW):
            top, left = p * stride, q * stride
            x[top : top + window, left : left + window] += cols[q * OH + p].reshape(window, window)
    return x
""", "column by column"),
    ("put_windows_back", """
def put_windows_back(cols, shape, window, stride):
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.zeros((H, W))
    for p in range(OH):
        for q in range(OW):
            top, left = p * stride, q * stride
            x[top : top + window, left : left + window] += cols[p * OW + q].reshape(window, window).T
    return x
""", "leave .T away"),
    ("put_windows_back", """
def put_windows_back(cols, shape, window, stride):
    H, W = shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.zeros((H, W))
    for p in range(OH):
        for q in range(OW):
            top, left = p * stride, q * stride
            x[top : top + window, left : left + window] = np.maximum(
                x[top : top + window, left : left + window], cols[p * OW + q].reshape(window, window))
    return x
""", "was expected"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    x = np.pad(x, padding)
    OH, OW = output_size(x.shape[0], window, stride), output_size(x.shape[1], window, stride)
    return np.array([[np.max(x[p*stride:p*stride+window, q*stride:q*stride+window]) for q in range(OW)]
                     for p in range(OH)])
""", "Pad with −∞"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    H, W = x.shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.pad(x, padding, constant_values=-np.inf)
    z = np.zeros((OH, OW))
    for p in range(OH):
        for q in range(OW):
            z[p, q] = x[p*stride:p*stride+window, q*stride:q*stride+window].max()
    return z
""", "forgets the padding"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    H, W = x.shape
    OH, OW = output_size(H, window, stride), output_size(W, window, stride)
    z = np.zeros((OH, OW))
    for p in range(OH):
        for q in range(OW):
            z[p, q] = x[p*stride:p*stride+window, q*stride:q*stride+window].max()
    return z
""", "does nothing yet"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    H, W = x.shape
    OH, OW = (H - window) // stride + 1, (W - window) // stride + 1
    x = np.pad(x, padding)
    z = np.zeros((OH, OW))
    for p in range(OH):
        for q in range(OW):
            z[p, q] = x[p*stride:p*stride+window, q*stride:q*stride+window].max()
    return z
""", "and the output's size forgets it"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    x = np.pad(x, padding)
    windows = np.lib.stride_tricks.sliding_window_view(x, (window, window))[::stride, ::stride]
    return windows.mean(axis=(2, 3))
""", "the mean of every window"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    OH, OW = output_size(x.shape[0], window, stride, padding), output_size(x.shape[1], window, stride, padding)
    x = np.pad(x, padding, constant_values=-np.inf)
    z = np.zeros((OH, OW))
    for p in range(OH):
        for q in range(OW):
            z[p, q] = x[p:p+window, q:q+window].max()
    return z
""", "moves by one pixel"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    x = np.pad(x, padding, constant_values=np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, (window, window))[::stride, ::stride]
    return windows.min(axis=(2, 3))
""", "smallest"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    OH, OW = output_size(x.shape[0], window, stride, padding), output_size(x.shape[1], window, stride, padding)
    x = np.pad(x, padding, constant_values=-10)
    z = np.zeros((OH, OW))
    for p in range(OH):
        for q in range(OW):
            z[p, q] = x[p*stride:p*stride+window, q*stride:q*stride+window].max()
    return z
""", "however negative"),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    OH, OW = output_size(x.shape[0], window, stride, padding), output_size(x.shape[1], window, stride, padding)
    x = np.pad(x, padding, constant_values=-np.inf)
    z = np.zeros((OH, OW))
    for p in range(OH):
        for q in range(OW):
            z[p, q] = x[p*window:p*window+window, q*window:q*window+window].max()
    return z
""", "multiply p and q by the window"),
]  # fmt: skip

RIGHT = [
    ("output_size", """
def output_size(size, window, stride, padding):
    count, start = 0, 0
    while start + window <= size + 2 * padding:
        count, start = count + 1, start + stride
    return count
"""),
    ("output_size", """
def output_size(size, window, stride, padding):
    return int((size - window + 2 * padding) / stride + 1)
"""),
    ("output_size", """
def output_size(size, window, stride, padding):
    return int(np.floor((size - window + 2 * padding) / stride)) + 1
"""),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    H, W = x.shape
    OH, OW = H - FH + 1, W - FW + 1
    cols = np.empty((OH, OW, FH, FW))
    for i in range(FH):
        for j in range(FW):
            cols[:, :, i, j] = x[i:i+OH, j:j+OW]
    return cols.reshape(OH * OW, -1)
"""),
    ("windows_as_rows", """
def windows_as_rows(x, FH, FW):
    return np.lib.stride_tricks.sliding_window_view(x, (FH, FW)).reshape(-1, FH * FW)
"""),
    ("put_windows_back", """
def put_windows_back(cols, shape, window, stride):
    H, W = shape
    x = np.zeros(shape)
    k = 0
    for top in range(0, H - window + 1, stride):
        for left in range(0, W - window + 1, stride):
            for i in range(window):
                for j in range(window):
                    x[top + i, left + j] += cols[k, i * window + j]
            k += 1
    return x
"""),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    H, W = x.shape
    OH, OW = output_size(H, window, stride, padding), output_size(W, window, stride, padding)
    z = np.full((OH, OW), -np.inf)
    for p in range(OH):
        for q in range(OW):
            for i in range(window):
                for j in range(window):
                    r, c = p * stride + i - padding, q * stride + j - padding
                    if 0 <= r < H and 0 <= c < W:
                        z[p, q] = max(z[p, q], x[r, c])
    return z
"""),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    x = np.pad(x.astype(float), padding, constant_values=-np.inf)
    return np.lib.stride_tricks.sliding_window_view(x, (window, window))[::stride, ::stride].max(axis=(2, 3))
"""),
    ("max_pooling", """
def max_pooling(x, window, stride, padding):
    x = np.pad(x, padding, constant_values=x.min())
    return np.lib.stride_tricks.sliding_window_view(x, (window, window))[::stride, ::stride].max(axis=(2, 3))
"""),
]  # fmt: skip
