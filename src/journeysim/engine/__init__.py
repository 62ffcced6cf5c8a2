"""How it happens: draws, rules and order that engines share, and the engines themselves."""
