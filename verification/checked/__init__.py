"""What is printed, held against what was worked out again."""
