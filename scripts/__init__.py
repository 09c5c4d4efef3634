"""The doors: the ``hemeroteca`` command, the demo and its newsroom, set-up and tests."""
