-- Our divs, spans and cell classes in the dress of each format: Typst functions (reports/typst/style.typ), DOCX styles
-- (reports/reference.docx); HTML has its classes from the style sheet.

local VERDICTS = { ["met"] = "Met", ["not-met"] = "Not Met", ["undecidable"] = "Undecidable", ["no-data"] = "No Data" }

local function verdict_of(classes)
  for _, class in ipairs(classes) do
    if VERDICTS[class] then
      return class
    end
  end
end

local function typst(text)
  return pandoc.RawBlock("typst", text)
end

local function around(before, blocks, after)
  local out = pandoc.Blocks({ typst(before) })
  out:extend(blocks)
  out:insert(typst(after))
  return out
end

local function styled(blocks, style)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

-- Take the span of class `class` out of the first paragraph; what is left is the head.
local function split(blocks, class)
  local first, rest = blocks[1], pandoc.Blocks({})
  for i = 2, #blocks do
    rest:insert(blocks[i])
  end
  local head, apart = pandoc.Inlines({}), pandoc.Inlines({})
  for _, inline in ipairs(first and first.content or {}) do
    if inline.t == "Span" and inline.classes:includes(class) then
      apart:extend(inline.content)
    else
      head:insert(inline)
    end
  end
  while #head > 0 and (head[#head].t == "Space" or head[#head].t == "SoftBreak") do
    head:remove(#head)
  end
  return head, apart, rest
end

local function plain_strong(inlines)
  return inlines:walk({ Strong = function(el) return el.content end })
end

local inTypst = {
  verdict = function(div)
    local head, aside, rest = split(div.content, "aside")
    local out = around('#verdict("' .. (verdict_of(div.classes) or "") .. '")[', { pandoc.Plain(plain_strong(head)) }, "][")
    out:extend({ pandoc.Plain(aside), typst("][") })
    out:extend(rest)
    out:insert(typst("]"))
    return out
  end,
  fields = function(div)
    local out = pandoc.Blocks({ typst("#fields(") })
    for _, card in ipairs(div.content) do
      if card.t == "Div" then
        local name, state, rest = split(card.content, "state")
        out:extend({ typst('("' .. (verdict_of(card.classes) or "") .. '", ['), pandoc.Plain(plain_strong(name)) })
        out:extend({ typst("], ["), pandoc.Plain(state), typst("], [") })
        out:extend(rest)
        out:insert(typst("]),"))
      end
    end
    out:insert(typst(")"))
    return out
  end,
  callout = function(div)
    local kind = div.classes[2]:gsub("callout%-", "")
    local title = pandoc.Blocks(div.content[1].content)
    div.content:remove(1)
    local out = around('#notice("' .. kind .. '")[', { pandoc.Plain(title[1].content) }, "][")
    out:extend(div.content)
    out:insert(typst("]"))
    return out
  end,
  source = function(div) return around("#source[", div.content, "]") end,
  sign = function(div) return around("#sign[", div.content, "]") end,
  keep = function(div) return around("#block(sticky: true)[", div.content, "]") end,
}

local function tab()
  return pandoc.RawInline("openxml", "<w:r><w:tab/></w:r>")
end

local inDocx = {
  verdict = function(div)
    local head, aside, rest = split(div.content, "aside")
    local name = VERDICTS[verdict_of(div.classes) or ""] or "Met"
    if #aside > 0 then
      head:insert(tab())
      head:insert(pandoc.Span(aside, pandoc.Attr("", {}, { ["custom-style"] = "Aside" })))
    end
    return { styled({ pandoc.Para(plain_strong(head)) }, "Verdict Head " .. name), styled(rest, "Verdict Text " .. name) }
  end,
  fields = function(div)
    local cells = pandoc.List({})
    for _, card in ipairs(div.content) do
      if card.t == "Div" then
        local name, state, rest = split(card.content, "state")
        name:insert(tab())
        name:insert(pandoc.Span(state, pandoc.Attr("", {}, { ["custom-style"] = VERDICTS[verdict_of(card.classes) or ""] or "Met" })))
        local blocks = pandoc.Blocks({ styled({ pandoc.Para(plain_strong(name)) }, "Field Name"), styled(rest, "Field Text") })
        cells:insert(pandoc.Cell(blocks))
      end
    end
    local specs = pandoc.List({})
    for i = 1, #cells do
      specs[i] = { "AlignLeft", 1 / #cells }
    end
    local body = { attr = pandoc.Attr(), body = { pandoc.Row(cells) }, head = {}, row_head_columns = 0 }
    local none = pandoc.TableHead({})
    local attr = pandoc.Attr("", {}, { ["custom-style"] = "Cards" })
    return pandoc.Table({ long = {} }, specs, none, { body }, pandoc.TableFoot({}), attr)
  end,
  callout = function(div)
    local title = div.content[1].content
    div.content:remove(1)
    return { styled(title, "Callout Title"), styled(div.content, "Callout") }
  end,
  source = function(div) return styled(div.content, "Source") end,
  sign = function(div) return styled(div.content, "Sign") end,
}

local function cells(tbl, each)
  for _, part in ipairs({ tbl.head.rows }) do
    for _, row in ipairs(part) do
      for _, cell in ipairs(row.cells) do
        each(cell, true)
      end
    end
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      for _, cell in ipairs(row.cells) do
        each(cell, false)
      end
    end
  end
end

local function strong(cell)
  for _, block in ipairs(cell.contents) do
    if block.content then
      block.content = { pandoc.Strong(block.content) }
    end
  end
end

-- The embedded engine writes tables of plain text itself (analysis/render/grids): one cell stands in the place of each.
-- `tabled` sets what it has defined; its last argument is the source below, where there is one.
local function placed(tbl, source)
  local id = tbl.identifier == "" and "none" or "<" .. tbl.identifier .. ">"
  local inlines = pandoc.Inlines({ pandoc.RawInline("typst", "#tabled(grid-" .. tbl.attributes.grid .. ", " .. id .. ", [") })
  inlines:extend(tbl.caption.long[1].content)
  inlines:insert(pandoc.RawInline("typst", source and "])[" or "])"))
  local out = pandoc.Blocks({ pandoc.Plain(inlines) })
  if source then
    out:extend(source)
    out:insert(typst("]"))
  end
  return out
end

local function table_typst(tbl)
  if tbl.attributes.grid then
    return placed(tbl)
  end
  cells(tbl, function(cell)
    local verdict = verdict_of(cell.classes)
    if verdict and verdict ~= "met" then
      cell.attributes["typst:fill"] = 'tint("' .. verdict .. '")'
      if verdict == "not-met" then
        strong(cell)
      end
    end
  end)
  local size = tbl.attributes["type-size"]
  tbl.attributes["type-size"] = nil
  return size and { typst("#sized(" .. size .. "pt)["), tbl, typst("]") } or tbl
end

local LONGEST = 600 -- bytes: a row with more text than that may need a page of its own, and is not held together

local function empty(tbl_rows, attributes)
  for _, row in ipairs(tbl_rows) do
    row.cells:insert(pandoc.Cell({}, "AlignDefault", 1, 1, pandoc.Attr("", {}, attributes)))
  end
end

-- Typst keeps nothing with the end of a table: its source would stand alone at the head of a page. So the source becomes
-- the table's last row, and a cell without width that reaches from the last row of data into it keeps the two together.
local function with_source(tbl, content)
  local body = tbl.bodies[#tbl.bodies]
  local last = body and body.body[#body.body]
  if not last or #pandoc.utils.stringify(last.cells:map(function(cell) return pandoc.Div(cell.contents) end)) > LONGEST then
    return nil
  end
  local columns, none = #tbl.colspecs, { ["typst:inset"] = "0pt", ["typst:stroke"] = "none" }
  empty(tbl.head.rows, none)
  for _, part in ipairs(tbl.bodies) do
    empty(part.body, none)
  end
  local holds = last.cells[#last.cells]
  holds.row_span = 2
  holds.attributes["typst:breakable"] = "false"
  local blocks = around("#small-print[", content, "]")
  local attributes = { ["typst:stroke"] = "(bottom: none)", ["typst:inset"] = "(x: 0pt, top: 6pt)" }
  body.body:insert(pandoc.Row({ pandoc.Cell(blocks, "AlignLeft", 1, columns, pandoc.Attr("", {}, attributes)) }))
  tbl.colspecs:insert({ "AlignLeft", 0.0 })
  return tbl
end

local function sources_typst(blocks)
  local out, taken = pandoc.Blocks({}), 0 -- a table takes one source: what follows it stands by itself
  for _, block in ipairs(blocks) do
    local joined = false
    if block.t == "Div" and block.classes:includes("source") and #out > taken then
      out[#out] = pandoc.Div({ out[#out] }):walk({
        Table = function(tbl)
          if tbl.attributes.grid then
            joined = true
            return placed(tbl, block.content)
          end
          local made = with_source(tbl, block.content)
          joined = joined or made ~= nil
          return made
        end,
      }).content[1]
    end
    if joined then
      taken = #out
    else
      out:insert(block)
    end
  end
  return out
end

local function table_docx(tbl)
  tbl.attributes["custom-style"] = "ReportTable" -- pandoc takes the id of a table style, not its name
  if tbl.attributes.grid then
    return { pandoc.RawBlock("openxml", "<!--grid " .. tbl.attributes.grid .. "-->"), tbl }
  end
  local size = tbl.attributes["type-size"] or "9"
  tbl.attributes["type-size"] = nil
  -- Cells without a verdict get their style in the finishing step: pandoc takes its time over each that has one.
  cells(tbl, function(cell, head)
    local verdict = not head and verdict_of(cell.classes)
    if verdict then
      local blocks = cell.contents:walk({ Plain = function(el) return pandoc.Para(el.content) end })
      cell.contents = pandoc.Blocks({ styled(#blocks > 0 and blocks or { pandoc.Para({}) }, "Cell " .. VERDICTS[verdict]) })
    end
  end)
  -- The size travels as a comment that the finishing step takes out again.
  return { pandoc.RawBlock("openxml", "<!--table " .. size .. "-->"), tbl }
end

local function strong_docx(el)
  return pandoc.Span(el.content, pandoc.Attr("", {}, { ["custom-style"] = "Strong Text" }))
end

local function div_of(dress)
  return function(div)
    for _, class in ipairs(div.classes) do
      if dress[class] then
        return dress[class](div)
      end
    end
  end
end

local function span(el)
  if el.classes:includes("blank") then -- room to fill in by hand
    return FORMAT:match("typst") and pandoc.RawInline("typst", "#blank") or pandoc.Underline(el.content)
  end
  local verdict = verdict_of(el.classes)
  if not verdict then
    return nil
  end
  if FORMAT:match("typst") then
    local out = pandoc.Inlines({ pandoc.RawInline("typst", '#status("' .. verdict .. '")[') })
    out:extend(el.content)
    out:insert(pandoc.RawInline("typst", "]"))
    return out
  end
  el.attributes["custom-style"] = VERDICTS[verdict]
  return el
end

local function quoted(text)
  return '"' .. text:gsub("[%c]", " "):gsub('[\\"]', "\\%0") .. '"'
end

-- Figures of the joined notebook; Quarto places its own.
local function image_typst(el)
  if not el.src:match("^figures/") then
    return nil
  end
  local call = "#picture(" .. quoted("/" .. el.src .. ".svg") .. ", " .. quoted(el.attributes.alt or pandoc.utils.stringify(el.caption)) .. ")"
  return pandoc.RawInline("typst", call)
end

-- A formula is read out as it was written in TeX. (Quarto makes its own, and may have a Typst that knows no `alt`.)
local function math_typst(el)
  local written = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ pandoc.Math("InlineMath", el.text) }) }), "typst"):gsub("%s+$", "")
  local block = el.mathtype == "DisplayMath" and "true" or "false"
  return pandoc.RawInline("typst", "#math.equation(alt: " .. quoted(el.text) .. ", block: " .. block .. ", " .. written .. ".body)")
end

local function image_docx(el)
  if not el.src:match("^figures/") then
    return nil
  end
  el.src = el.src .. ".png"
  return el
end

if FORMAT:match("typst") then
  return { { Blocks = sources_typst }, { Div = div_of(inTypst), Table = table_typst, Span = span, Image = image_typst, Math = not quarto and math_typst or nil } }
elseif FORMAT:match("docx") then
  return { { Table = table_docx }, { Div = div_of(inDocx), Span = span, Image = image_docx, Strong = strong_docx } }
end
return {}
