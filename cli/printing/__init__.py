"""What a person sees: tables, cells, formats, colours."""
