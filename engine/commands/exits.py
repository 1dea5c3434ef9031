"""What a command's exit status says, beside 0: done."""

NEEDS_A_PERSON = 1
"""Done, and a person is needed."""

NOT_DONE = 3
"""Not done; nothing was written."""
