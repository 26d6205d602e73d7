"""Facts of a case: what keeps it from its verdict, what changed, rates, effects of schools, pace."""
