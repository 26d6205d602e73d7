"""Statistics on arrays: dispersion, variance components, intervals, trend. Knows no file and no county."""
