"""What documents are made of: chapters, tables, figures."""
