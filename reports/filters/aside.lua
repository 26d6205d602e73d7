-- For Quarto, before it reads the document: it makes figures, tables and callouts of its own of all that is called as
-- such (in DOCX tables of one cell, which an office program clips and repeats). Ours are made already, as the other
-- engine makes them: they stand aside, figures as divs, until restore.lua puts them back. So do its own classes.

local function aside(el)
  el.attributes.held, el.identifier = el.identifier, ""
  return el
end

local function classes(el)
  el.classes = el.classes:map(function(class) return (class:gsub("^callout", "held-%0"):gsub("^aside$", "held-%0")) end)
  return el
end

return {
  {
    Figure = function(el)
      local caption = pandoc.Div(el.caption.long)
      return aside(pandoc.Div({ pandoc.Div(el.content), caption }, pandoc.Attr(el.identifier, { "held-figure" })))
    end,
    Table = aside,
    Div = classes,
    Span = classes,
  },
}
