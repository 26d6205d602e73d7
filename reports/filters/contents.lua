-- On paper the contents follow the first page, because the verdict comes first: they stand before the first chapter
-- that has something before it.

local MARK = {
  typst = pandoc.RawBlock("typst", "#contents()"),
  docx = pandoc.RawBlock("openxml", "<!--contents-->"),
}

function Pandoc(doc)
  for i, block in ipairs(doc.blocks) do
    if block.t == "Header" and block.level == 1 and i > 1 then
      doc.blocks:insert(i, MARK[FORMAT])
      return doc
    end
  end
end
