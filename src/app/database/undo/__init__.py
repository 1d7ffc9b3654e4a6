"""An undo log that triggers keep of every change, and snapshots: places in it that have a name.

Each entry has a row as it was before a change, or the key of a row that did not exist. The first
entry of a key after a snapshot therefore says what the row was when the snapshot was taken.
"""
