"""What is handed out: the files of a bundle, each a function of the log."""
