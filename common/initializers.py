"""How large random weights start: functions (fan_in, fan_out) → standard deviation.

fan_in is the number of inputs of a unit, fan_out the number of units that its layer has. A layer draws its
weights from N(0, std²); biases start at 0.
"""

from math import sqrt


def constant(std):
    """The same standard deviation for every layer, whatever its size: constant(0.01) is one."""
    return lambda fan_in, fan_out: std


def xavier(fan_in, fan_out):
    """√(1/fan_in): keeps the variance of the signal going forward. For sigmoid and tanh.

    LeCun et al., Efficient BackProp (1998); often called Xavier after Xavier Glorot's paper, see `glorot`.
    """
    return sqrt(1 / fan_in)


def glorot(fan_in, fan_out):
    """√(2/(fan_in + fan_out)): a compromise between the signal forward and the gradient backward.

    Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010).
    """
    return sqrt(2 / (fan_in + fan_out))


def he(fan_in, fan_out):
    """√(2/fan_in): twice the variance, because ReLU sets half of the signal to 0.

    He et al., Delving deep into rectifiers (2015).
    """
    return sqrt(2 / fan_in)
