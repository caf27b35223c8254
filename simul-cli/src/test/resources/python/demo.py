"""What a Python worker offers under the names that `simul worker --demo` offers too."""


def add(a, b):
    return a + b
