"""Random draws by address, and what is drawn: arrival times, and what happens to a contact."""
