"""What the Python side of the interop tests offers; the Java side offers the same names."""

import time


def add(a, b):
    return a + b


def echo(value):
    return value


def boom(message):
    raise ValueError(message)


def noop():
    pass


def sleep(seconds):
    time.sleep(seconds)
    return "slept"
