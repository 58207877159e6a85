"""The run folder on disk, and nothing else."""
