-- Chapters start at level 1, whatever the notebook's levels, and carry their number: 一、 （一） 1. in Chinese, 1 1.1 in
-- English. Annexes (.annexed) are counted apart, 附件1 or Annex 1, what is .unnumbered is not. A first heading that only
-- repeats the title goes.

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

local function annex(count, chinese)
  return chinese and "附件" .. count .. "\u{3000}" or "Annex " .. count .. ". "
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
  local counts, annexes = { 0, 0, 0 }, 0
  doc.blocks = doc.blocks:walk({
    Header = function(el)
      el.level = el.level - least + 1
      if el.level > 3 or el.classes:includes("unnumbered") then
        return el
      end
      local said
      if el.classes:includes("annexed") then
        annexes = annexes + 1
        said = annex(annexes, chinese)
      else
        counts[el.level] = counts[el.level] + 1
        said = number(counts, el.level, chinese)
      end
      for deeper = el.level + 1, 3 do
        counts[deeper] = 0
      end
      el.content:insert(1, pandoc.Span({ pandoc.Str(said) }, pandoc.Attr("", { "heading-number" })))
      return el
    end,
  })
  return doc
end
