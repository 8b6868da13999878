"""Why the log can be believed: hash tree, signed notes, checkpoints; pure functions of bytes."""
