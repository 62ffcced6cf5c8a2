"""Charts: each has a table, what is shown of it, words, and a drawing in any width."""
