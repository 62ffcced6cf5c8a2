"""What happened: Arrow schemas with a sentence per column, and the files of a run."""
