-- What Quarto does by itself: the div of a table hands its id, and its last paragraph as caption, to the table.

return {
  {
    Div = function(div)
      if not div.identifier:match("^tbl%-") then
        return nil
      end
      local last = div.content[#div.content]
      for i, block in ipairs(div.content) do
        if block.t == "Table" then
          if #block.caption.long == 0 and #div.content > i and last.t == "Para" then
            block.caption.long = { pandoc.Plain(last.content) }
            div.content:remove(#div.content)
          end
          block.identifier = div.identifier
          div.identifier = ""
          div.classes:insert("table-box")
          return div
        end
      end
    end,
  },
}
