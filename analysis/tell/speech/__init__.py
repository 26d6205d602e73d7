"""How templates speak: their filters, in Markdown or as plain text."""
