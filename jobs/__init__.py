"""Worker processes with limits of time and memory; knows nothing of what they compute."""
