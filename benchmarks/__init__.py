"""How fast csterms is: python -m benchmarks."""
