"""What a touchpoint truly changes: the same customers once more, with it switched off."""
