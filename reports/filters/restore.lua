-- For Quarto, after it has done its work: what aside.lua put aside is a figure, a table, a callout again.

local FIGURE, BARE = "held-figure", "typst:no-figure"
local CELL = "^cell" -- of what Quarto wraps cells and their outputs in; on paper they would hide chapters from contents.lua

local function classes(el)
  el.classes = el.classes:map(function(class) return (class:gsub("^held%-", "")) end)
  return el
end

return {
  {
    Table = function(el)
      if el.attributes.held then
        el.identifier, el.attributes.held = el.attributes.held, nil
        el.classes = el.classes:filter(function(class) return class ~= BARE end)
        return el
      end
    end,
    Div = function(el)
      if el.classes:includes(FIGURE) then
        local attr = pandoc.Attr(el.attributes.held)
        return pandoc.Figure(el.content[1].content, { long = el.content[2].content }, attr)
      end
      if not FORMAT:match("html") and el.classes[1] and el.classes[1]:match(CELL) then
        return el.content
      end
      return classes(el)
    end,
    Para = function(el)  -- Quarto parts two tables by a paragraph of one space
      if #el.content == 1 and el.content[1].t == "Str" and el.content[1].text == " " then
        return {}
      end
    end,
    Span = classes,
    Header = function(el) -- the title is a page's only heading of the first level
      if FORMAT:match("html") then
        el.level = el.level + 1
        return el
      end
    end,
  },
}
