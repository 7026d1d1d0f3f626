"""Makes the sample district from facts and a fixed seed: `python -m scripts.make_sample`."""
