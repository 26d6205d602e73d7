-- In Word the contents stand before the text, on a page with the title. A PDF has its bookmarks, a page its own list. A
-- brief document has none. On paper the conclusion, an unnumbered first chapter, has a page of its own, and the annexes
-- begin one.

local BREAK = {
  typst = pandoc.RawBlock("typst", "#pagebreak(weak: true)"),
  docx = pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
}

local function broken(blocks)
  local out, before, annexes = pandoc.Blocks({}), nil, false
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 then
      local annexed = block.classes:includes("annexed")
      local first = annexed and not annexes
      if before and (first or (before.classes:includes("unnumbered") and not annexed)) then
        out:insert(BREAK[FORMAT])
      end
      before, annexes = block, annexes or annexed
    end
    out:insert(block)
  end
  return out
end

function Pandoc(doc)
  if BREAK[FORMAT] then
    doc.blocks = broken(doc.blocks)
  end
  if FORMAT == "docx" and not doc.meta.brief then
    doc.blocks:insert(1, pandoc.RawBlock("openxml", "<!--contents-->"))
  end
  return doc
end
