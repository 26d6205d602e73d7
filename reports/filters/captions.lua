-- For Quarto: its figures become those of the joined notebook. One whose cell gives no caption takes the one that its
-- file carries (title and description of an SVG, the texts Title and Description of a PNG), so that a report rendered
-- straight from the notebook says the same.

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

-- A figure is one image with its caption: so the writers take both, and the text for those who can't see it.
local function figure(image)
  if not image.identifier:match("^fig%-") then
    return nil
  end
  local title, alt = pandoc.Inlines(image.caption), image.attributes["fig-alt"]
  if #title == 0 then
    local of_file, description = said(image.src)
    title, alt = pandoc.Inlines(of_file or {}), alt or description
  end
  local attr = pandoc.Attr(image.identifier)
  image.identifier = ""
  alt = alt or pandoc.utils.stringify(title)
  image.attributes["fig-alt"], image.attributes.alt = nil, alt -- for Typst
  image.caption = pandoc.Inlines(alt) -- for HTML and DOCX
  return pandoc.Figure({ pandoc.Plain({ image }) }, { long = { pandoc.Plain(title) } }, attr)
end

local function alone(block)
  if #block.content == 1 and block.content[1].t == "Image" then
    return figure(block.content[1])
  end
end

return {
  {
    traverse = "topdown",
    Figure = function(el)
      local first = el.content[1]
      local image = first and first.content and first.content[1]
      if el.identifier:match("^fig%-") and image and image.t == "Image" then
        image.identifier = el.identifier
        return figure(image), false
      end
    end,
    Para = alone,
    Plain = alone,
  },
}
