"""What `junheng` does for someone at a terminal: words in, files and sentences out, one module a command."""
