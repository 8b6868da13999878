"""The read side: DuckDB tables and macros over the log, the questions they answer, and the measures they rest on."""
