"""Tables of plain text, written in each format without Pandoc, whose way with cells is ten times as long."""
