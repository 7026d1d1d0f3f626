"""A search for a plan that never ends, in a module that its process imports quickly."""

import time


def hang(*_: object) -> None:
    time.sleep(60)
