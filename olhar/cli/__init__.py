"""Arguments -> verbs; printing; exit codes."""
