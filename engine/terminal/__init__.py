"""The command line: its words (:mod:`engine.terminal.words`), and what is said on the terminal."""
