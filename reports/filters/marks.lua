-- The mark of synthetic data, or of a draft, that a notebook prints at its head (a div `page-mark`). Where whoever
-- renders sets the mark on every page (`page-mark` in the metadata, empty for none), the div has done its part. A plain
-- `quarto render` knows no mark before the notebook is executed: then the div gives it to the pages of a PDF, and stays
-- where it is elsewhere.

local MARK = "page-mark"

function Pandoc(doc)
  local known, found = doc.meta[MARK] ~= nil, nil
  doc.blocks = doc.blocks:walk({
    Div = function(div)
      if not div.classes:includes(MARK) then
        return nil
      end
      found = found or div.content[1].content
      if known or FORMAT:match("typst") then
        return {}
      end
      return pandoc.Div(div.content, pandoc.Attr("", { "source" }))
    end,
  })
  if found and not known and FORMAT:match("typst") then
    doc.meta[MARK] = pandoc.MetaInlines(found)
  end
  return doc
end
