"""How announcements get in: by flags, file, editor or bundle."""
