-- For Quarto: a figure whose cell gives no caption takes the one that its file carries (title and description of an SVG,
-- the texts Title and Description of a PNG), so that a report rendered straight from the notebook says the same.

local function unescaped(text)
  return (text:gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&quot;", '"'):gsub("&apos;", "'"):gsub("&amp;", "&"))
end

local TAGS = { title = "title", description = "dc:description" }

local function of_svg(data, name)
  local found = data:match("<" .. TAGS[name] .. ">(.-)</" .. TAGS[name] .. ">")
  return found and unescaped(found)
end

local function of_png(data, name)
  local at = 9
  while at + 8 <= #data do
    local length, kind = string.unpack(">I4c4", data, at)
    local content = data:sub(at + 8, at + 7 + length)
    if kind == "iTXt" and content:sub(1, #name + 1):lower() == name .. "\0" then
      return content:match("^[^%z]+%z%z%z[^%z]*%z[^%z]*%z(.*)$")
    elseif kind == "tEXt" and content:sub(1, #name + 1):lower() == name .. "\0" then
      return content:sub(#name + 2)
    end
    at = at + 12 + length
  end
end

local function said(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local data = file:read("a")
  file:close()
  local of = data:sub(2, 4) == "PNG" and of_png or of_svg
  return of(data, "title"), of(data, "description")
end

return {
  {
    Image = function(el)
      if not el.identifier:match("^fig%-") or #el.caption > 0 then
        return nil
      end
      local title, alt = said(el.src)
      if title then
        el.caption = pandoc.Inlines(title)
        el.attributes["fig-alt"] = alt
        return el
      end
    end,
  },
}
