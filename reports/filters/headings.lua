-- Chapters start at level 1, whatever the notebook's levels, and carry their number: 一、 （一） 1. in Chinese, 1 1.1 in
-- English. A first heading that only repeats the title goes. Where `contents_mark` is set, the first numbered heading
-- is preceded by it (the contents follow the first page, as the verdict must come first).

local HAN = { "一", "二", "三", "四", "五", "六", "七", "八", "九" }

local function han(n)
  if n < 10 then
    return HAN[n]
  end
  local tens = n >= 20 and HAN[n // 10] or ""
  return tens .. "十" .. (n % 10 > 0 and HAN[n % 10] or "")
end

local function number(counts, level, chinese)
  if not chinese then
    return table.concat(counts, ".", 1, level) .. " "
  end
  if level == 1 then
    return han(counts[1]) .. "、"
  elseif level == 2 then
    return "（" .. han(counts[2]) .. "）"
  end
  return counts[3] .. ". "
end

function Pandoc(doc)
  local stringify = pandoc.utils.stringify
  local title = stringify(doc.meta.title or "")
  local first = doc.blocks[1]
  if first and first.t == "Header" and stringify(first.content) == title then
    doc.blocks:remove(1)
  end
  local least = 9
  doc.blocks:walk({ Header = function(el) least = math.min(least, el.level) end })
  local chinese = stringify(doc.meta.lang or "zh"):match("^zh") ~= nil
  local counts = { 0, 0, 0 }
  doc.blocks = doc.blocks:walk({
    Header = function(el)
      el.level = el.level - least + 1
      if el.level > 3 or el.classes:includes("unnumbered") then
        return el
      end
      counts[el.level] = counts[el.level] + 1
      for deeper = el.level + 1, 3 do
        counts[deeper] = 0
      end
      el.content:insert(1, pandoc.Span({ pandoc.Str(number(counts, el.level, chinese)) }, pandoc.Attr("", { "heading-number" })))
      return el
    end,
  })
  return doc
end
