-- Column widths for paper. A number never breaks, Chinese may break anywhere, a word after a hyphen; so each column
-- needs the width of its longest unbreakable run, wants the width of its longest cell, and what is left goes to those
-- that want more. Widths are in em of the table's type, which shrinks by steps until every column's need fits, and
-- further where many lines are saved. The rule of analysis/render/grids/widths.py, for tables that Pandoc keeps;
-- tests/render/test_grids.py holds both alike.

local PADDING = 1.3
local SIZES = { 9, 8.5, 8, 7.5, 7, 6.5 }
local MEASURE = 442 -- points: the text width of A4 with the margins of official documents
local HEAD_LINES = 3
local HEAD, BODY = 4, 11 -- em: heads and cells no wider than this stay on one line
local LINES, ENOUGH = 3, 8 -- where there is room, no cell has more lines than this, or its column is so many em wide
local HAND = 5.5 -- em: what people fill in by hand, a column without a text, is so wide
local NARROW, LONGEST = 0.56, 14 -- em: a letter that is no Chinese one; a run that is longer may break
local STRETCH = 1.5 -- how much wider than it needs a table may be set
local TALLER, BETWEEN, NEAR = 1.15, 0.7, 0.02 -- lines for a larger type, lines between rows, part of a line beyond it
local PAGE, LEADING = 638, 1.35 -- points: the height of the text; em: a line
local SMALL = 7.5 -- a smaller type is for what does not fit, not to save lines

-- Width of a text in em, and of its longest run that can't break.
local function runs(text)
  if not text:find("[\128-\255 -]") then
    local whole = #text * NARROW
    return whole, math.min(whole, LONGEST)
  end
  local whole, longest, run = 0, 0, 0
  for _, code in utf8.codes(text) do
    local wide = code >= 0x2E80
    local width = wide and 1 or NARROW
    whole = whole + width
    run = (wide or code == 32) and 0 or run + width
    longest = math.max(longest, run, wide and 2 or 0)
    run = code == 45 and 0 or run
  end
  return whole, math.min(longest, LONGEST)
end

-- hard: what must fit, and short heads whole; soft: so that heads break well and short cells not at all; even: so that no cell becomes a
-- column of its own beside empty room; wants: everything on one line.
local function measure(tbl)
  local hard, soft, even, wants, texts, filled = {}, {}, {}, {}, {}, {}
  for i = 1, #tbl.colspecs do
    hard[i], soft[i], even[i], wants[i] = 1, 1, 1, 1
  end
  local function look(row, head)
    local at, said = 1, {}
    for _, cell in ipairs(row.cells) do
      if cell.col_span == 1 and hard[at] then
        local whole, run = runs(pandoc.utils.stringify(cell.contents))
        local unbroken = head and math.min(whole, HEAD) or (whole <= BODY and whole or run)
        local want = head and math.max(unbroken, run, whole / HEAD_LINES) or whole
        hard[at] = math.max(hard[at], run, head and unbroken or 0)
        soft[at] = math.max(soft[at], run, unbroken)
        even[at] = math.max(even[at], soft[at], head and 0 or math.min(whole / LINES, ENOUGH))
        wants[at] = math.max(wants[at], soft[at], want)
        said[at] = whole
        filled[at] = filled[at] or (not head and whole > 0)
      end
      at = at + cell.col_span
    end
    if not head then
      table.insert(texts, said)
    end
  end
  for _, row in ipairs(tbl.head.rows) do
    look(row, true)
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      look(row, false)
    end
  end
  for i = 1, #hard do
    if not filled[i] then
      for _, need in ipairs({ hard, soft, even, wants }) do
        need[i] = math.max(need[i], HAND)
      end
    end
  end
  return hard, soft, even, wants, texts
end

local function sum(list)
  local total = 0
  for _, value in ipairs(list) do
    total = total + value + PADDING
  end
  return total
end

-- What columns need; what is left goes to those that want more.
local function spread(needs, wants, room)
  local need = sum(needs)
  local ask = math.max(sum(wants) - need, 0)
  local part = ask > 0 and math.min(math.max(room - need, 0) / ask, 1) or 0
  local widths = {}
  for i = 1, #needs do
    widths[i] = needs[i] + PADDING + math.max(wants[i] - needs[i], 0) * part
  end
  return widths
end

-- About how many lines the rows take, with the room between them.
local function height(texts, widths)
  local total = 0
  for _, row in ipairs(texts) do
    local most = 1
    for i, text in pairs(row) do
      most = math.max(most, math.ceil(text / math.max(widths[i] - PADDING, 1) - NEAR))
    end
    total = total + BETWEEN + most
  end
  return total
end

-- The largest type in which a table has hardly more lines than in another, and the widths of its columns then.
local function choose(hard, soft, even, wants, texts)
  local fits = sum(soft) <= MEASURE / SMALL
  local tried, fewest = {}, math.huge
  for at, points in ipairs(SIZES) do
    if points >= SMALL or (not fits and at < #SIZES) then
      for _, needs in ipairs(fits and { even, soft } or { even, soft, hard }) do
        if sum(needs) <= MEASURE / points then
          local widths = spread(needs, wants, MEASURE / points)
          local lines = height(texts, widths)
          fewest = math.min(fewest, lines)
          table.insert(tried, { lines, points, widths })
        end
      end
    end
  end
  local best
  for _, one in ipairs(tried) do
    if one[1] <= fewest * TALLER then
      if not best or one[2] > best[2] or (one[2] == best[2] and one[1] < best[1]) then
        best = one
      end
    end
  end
  if best and best[1] * best[2] * LEADING > PAGE then -- longer than a page: as short as it can be
    for _, one in ipairs(tried) do
      local shorter = one[1] * one[2] - best[1] * best[2]
      if shorter < 0 or (shorter == 0 and one[2] > best[2]) then
        best = one
      end
    end
  end
  if best then
    return best[2], best[3]
  end
  return SIZES[#SIZES], spread(hard, wants, MEASURE / SIZES[#SIZES])
end

if FORMAT:match("html") then
  return {}
end

return {
  {
    Table = function(tbl)
      if tbl.attributes.grid then
        return nil -- it stands for a table that is written without Pandoc, and laid out there
      end
      local size, widths = choose(measure(tbl))
      local room, total = MEASURE / size, 0
      for _, width in ipairs(widths) do
        total = total + width
      end
      -- A table that is not full stretches, at most by half; one that is over-full is squeezed into the measure.
      local scale = math.min(room / total, STRETCH)
      for i, spec in ipairs(tbl.colspecs) do
        tbl.colspecs[i] = { spec[1], math.floor(widths[i] * scale / room * 1000) / 1000 }
      end
      tbl.attributes["type-size"] = tostring(size)
      return tbl
    end,
  },
}
