"""Many reports on several machines."""
