"""All that one document takes: what is stale, what is executed, what is put into place."""
