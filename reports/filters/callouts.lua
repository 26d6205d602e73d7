-- ::: {.callout-note title="..."} gets its title as a first paragraph; style.lua dresses it.

local words

return {
  {
    Meta = function(meta)
      words = {}
      for kind, text in pairs(meta.words.callouts) do
        words[kind] = pandoc.utils.stringify(text)
      end
    end,
  },
  {
    Div = function(div)
      for _, class in ipairs(div.classes) do
        local kind = class:match("^callout%-(%a+)$")
        if kind and words[kind] then
          local title = { pandoc.Str(words[kind]) }
          if div.attributes.title then
            title = { pandoc.Str(div.attributes.title) }
            div.attributes.title = nil
          elseif div.content[1] and div.content[1].t == "Header" then
            title = div.content[1].content
            div.content:remove(1)
          end
          div.content:insert(1, pandoc.Div({ pandoc.Para(title) }, pandoc.Attr("", { "callout-title" })))
          div.classes = pandoc.List({ "callout", class })
          return div
        end
      end
    end,
  },
}
