-- What a document says about itself. Whoever renders by `junheng` has put it into the metadata already (`words` among
-- them). A plain `quarto render` knows nothing of it before the notebook is executed: there the notebook's own div
-- `front` fills the metadata in (title, subtitle, office, head and mark of each page, language), and the words of captions
-- come from reports/words.yml. The div has done its part then.

local FRONT, MARK = "front", "page-mark"

-- The words of a language from the project's own file, read as the metadata of a document.
local function words_of(lang)
  local file = quarto and quarto.project.directory and io.open(quarto.project.directory .. "/reports/words.yml", "r")
  if not file then
    return nil
  end
  local text = file:read("a")
  file:close()
  local known = pandoc.read("---\n" .. text .. "\n---\n", "markdown").meta
  return known[lang] or known.zh
end

-- The div's own divs are its fields, each one paragraph.
local function fields_of(div)
  local found = {}
  for _, part in ipairs(div.content) do
    if part.t == "Div" and part.content[1] then
      found[part.classes[1]] = pandoc.MetaInlines(part.content[1].content)
    end
  end
  return found
end

-- A web page has no head of its own to bear the mark: it stands above the text.
local function marked(blocks, mark)
  if mark and FORMAT:match("html") then
    blocks:insert(1, pandoc.Div({ pandoc.Para(mark) }, pandoc.Attr("", { "source", MARK })))
  end
  return blocks
end

function Pandoc(doc)
  local known, found = doc.meta.words ~= nil, nil
  doc.blocks = doc.blocks:walk({
    traverse = "topdown",
    Div = function(div)
      if div.classes:includes(FRONT) then
        found = found or div
        return {}, false
      elseif div.classes:includes(MARK) then
        return {}, false
      end
    end,
  })
  if known then
    return doc
  end
  local lang = found and found.attributes.lang or pandoc.utils.stringify(doc.meta.lang or "zh"):sub(1, 2)
  if found then
    local own = doc.meta["own-title"] and doc.meta.title -- a notebook about a county, not its document
    for name, text in pairs(fields_of(found)) do
      doc.meta[name] = text
    end
    if own then
      doc.meta.title, doc.meta.subtitle = own, doc.meta.title
    end
    doc.meta.lang, doc.meta["report-lang"] = found.attributes.region, lang
    doc.meta.brief = found.classes:includes("brief")
    doc.meta.pagetitle = pandoc.utils.stringify(doc.meta.title)
    doc.blocks = marked(doc.blocks, doc.meta[MARK])
  end
  local words = words_of(lang)
  if words then
    doc.meta.words, doc.meta["toc-title"] = words, words.contents
  end
  return doc
end
