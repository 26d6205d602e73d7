-- On paper the contents follow the first page, because the verdict comes first: they stand before the first chapter
-- that has something before it. A brief document has none.

local MARK = {
  typst = pandoc.RawBlock("typst", "#contents()"),
  docx = pandoc.RawBlock("openxml", "<!--contents-->"),
}

local seen, done = false, false

local function visit(blocks)
  for i, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 and seen then
      blocks:insert(i, MARK[FORMAT])
      done = true
    elseif block.t == "Div" then
      block.content = visit(block.content)
    elseif block.t ~= "Header" and block.t ~= "RawBlock" then
      seen = true
    end
    if done then
      return blocks
    end
  end
  return blocks
end

function Pandoc(doc)
  if MARK[FORMAT] and not doc.meta.brief then
    doc.blocks = visit(doc.blocks)
    return doc
  end
end
