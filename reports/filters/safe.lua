-- Data can't become live markup: of all raw parts only tables written as HTML stay (tables.lua parses them), of all
-- images only the notebook's own figures, of all links those that lead to the web or into the document.

local function printed(el)
  return pandoc.Str(el.text)
end

local function figure(src)
  return src:match("^figures/[%w_-]+$") ~= nil
end

return {
  {
    RawInline = printed,
    RawBlock = function(el)
      if el.format == "html" and el.text:match("^%s*<table[%s>]") then
        return el
      end
      return pandoc.Para({ pandoc.Str(el.text) })
    end,
    Image = function(el)
      if not figure(el.src) then
        return el.caption
      end
    end,
    Link = function(el)
      if not (el.target:match("^https?://") or el.target:match("^mailto:") or el.target:match("^#")) then
        return el.content
      end
    end,
  },
}
