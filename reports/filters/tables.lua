-- A fenced raw HTML table becomes a real one. Cell classes become alignment here; colours are left to style.lua.

local CELL = "html"

local function number_cell(cell)
  return cell.classes:includes("num")
end

local function align(tbl)
  local numeric = {}
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      for i, cell in ipairs(row.cells) do
        if number_cell(cell) then
          cell.alignment = "AlignRight"
          numeric[i] = true
        end
      end
    end
  end
  for i, spec in ipairs(tbl.colspecs) do
    if numeric[i] then
      tbl.colspecs[i] = { "AlignRight", spec[2] }
    elseif spec[1] == "AlignDefault" then
      tbl.colspecs[i] = { "AlignLeft", spec[2] }
    end
  end
  return tbl
end

-- What pandoc.read returns has passed no filter: the same care as in safe.lua.
local inside = {
  RawInline = function(el) return pandoc.Str(el.text) end,
  RawBlock = function() return {} end,
  Image = function(el) return el.caption end,
  Link = function(el)
    if not (el.target:match("^https?://") or el.target:match("^#")) then
      return el.content
    end
  end,
}

local function parse(raw)
  local found
  for _, block in ipairs(pandoc.read(raw.text, CELL):walk(inside).blocks) do
    if block.t == "Table" then
      found = block
    end
  end
  return found and align(found) or pandoc.Para({ pandoc.Str(raw.text) })
end

-- A listing of a website's page is Quarto's own.
local listing = false

return {
  {
    Meta = function(meta)
      listing = meta.listing ~= nil
    end,
  },
  {
    RawBlock = function(raw)
      if raw.format == "html" and not listing then
        return parse(raw)
      end
    end,
  },
}
