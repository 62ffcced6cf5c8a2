"""The single-queue path of the compiled engine: what becomes of a contact is known on entry."""
