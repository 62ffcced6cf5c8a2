"""What is simulated: scenario files, their meaning, and the flat arrays an engine reads."""
