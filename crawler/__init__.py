"""What an article is, and how sites print it.

Pure knowledge: nothing in this room touches the network, a database or the clock.
"""
