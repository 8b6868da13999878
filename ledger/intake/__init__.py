"""The way in: files, folders and standard input become events, or located findings of what is wrong with them.

Start at `sources`. This file imports nothing, so that a row's place can be named without loading every format.
"""
