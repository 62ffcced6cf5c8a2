"""The fast path of the compiled engine: a contact's fate is fixed when it enters."""
