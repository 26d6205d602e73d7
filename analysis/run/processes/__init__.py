"""Many reports on one machine: a process that children are forked from."""
