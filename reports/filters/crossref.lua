-- Captions are numbered in the order of the document; @fig-x and @tbl-x become links with that number.

local words
local chinese
local numbers = {}
local counts = { figure = 0, table = 0 }

local function label(kind)
  counts[kind] = counts[kind] + 1
  return words[kind] .. (chinese and "" or " ") .. counts[kind]
end

local function number(el, kind)
  local caption = el.caption.long
  local text = label(kind)
  if el.identifier ~= "" then
    numbers[el.identifier] = text
  end
  local first = caption[1]
  local inlines = first and first.content or pandoc.Inlines({})
  inlines:insert(1, pandoc.Span({ pandoc.Str(text) }, pandoc.Attr("", { "caption-number" })))
  if first then
    inlines:insert(2, pandoc.Str(chinese and "\u{3000}" or "\u{2002}"))
    first.content = inlines
    caption[1] = first
  else
    caption = { pandoc.Plain(inlines) }
  end
  el.caption.long = caption
  return el
end

return {
  {
    Meta = function(meta)
      words = {}
      for _, key in ipairs({ "figure", "table" }) do
        words[key] = pandoc.utils.stringify(meta.words[key])
      end
      chinese = pandoc.utils.stringify(meta.lang):match("^zh") ~= nil
    end,
  },
  {
    traverse = "topdown",
    Figure = function(el) return number(el, "figure"), false end,
    Table = function(el)
      if #el.caption.long > 0 then
        return number(el, "table"), false
      end
    end,
  },
  {
    Cite = function(el)
      local parts = pandoc.Inlines({})
      for i, citation in ipairs(el.citations) do
        local text = numbers[citation.id]
        if not text then
          return nil
        end
        if i > 1 then
          parts:insert(pandoc.Str(chinese and "、" or ", "))
        end
        parts:insert(pandoc.Link({ pandoc.Str(text) }, "#" .. citation.id, "", pandoc.Attr("", { "reference" })))
      end
      return parts
    end,
  },
}
