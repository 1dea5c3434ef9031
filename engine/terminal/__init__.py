"""What is said on the terminal: sentences and layout, nothing else."""
