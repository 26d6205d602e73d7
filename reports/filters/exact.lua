-- For Typst: every text prints as it stands. Pandoc escapes what is markup anywhere, not what is markup at the beginning
-- of a cell (= - + / 1.), nor what Typst makes of two hyphens, three points or a hyphen before a digit. A run of letters
-- that no line of a table holds may break anywhere.

local LONG, PIECE = 24, 12 -- letters: of a run longer than LONG pieces of PIECE hold together
local ZERO_WIDTH_SPACE = "\u{200B}"

local APOSTROPHE = "\u{2019}" -- Quarto's writer would make a straight one of it

local function escaped(char)
  return pandoc.RawInline("typst", char == APOSTROPHE and char or "\\" .. char)
end

-- Return the character at a place where Typst or the writer would take it for something else.
local function special(text, at)
  local char = text:sub(at, at)
  if text:sub(at, at + #APOSTROPHE - 1) == APOSTROPHE then
    return APOSTROPHE
  end
  if char == "-" or text:sub(at, at + 1) == ".." or (at == 1 and char:match("[=+/]")) then
    return char
  end
  return char == "." and at > 1 and text:sub(1, at - 1):match("^%d+$") and char or nil
end

local function exact(text)
  if not text:find("[-=+/.]") and not text:find(APOSTROPHE, 1, true) then
    return nil
  end
  local out, plain = pandoc.Inlines({}), ""
  local at = 1
  while at <= #text do
    local taken = special(text, at)
    if taken then
      if plain ~= "" then
        out:insert(pandoc.Str(plain))
        plain = ""
      end
      out:insert(escaped(taken))
    else
      plain = plain .. text:sub(at, at)
    end
    at = at + (taken and #taken or 1)
  end
  if plain ~= "" then
    out:insert(pandoc.Str(plain))
  end
  return out
end

local function breakable(text)
  if #text <= LONG then
    return text
  end
  local out, run = {}, 0
  local long = 0
  for _, code in utf8.codes(text) do
    long = code < 0x2E80 and long + 1 or 0
    if long > LONG then
      break
    end
  end
  if long <= LONG then
    return text
  end
  for _, code in utf8.codes(text) do
    if code < 0x2E80 then
      run = run + 1
      if run > PIECE then
        out[#out + 1] = ZERO_WIDTH_SPACE
        run = 1
      end
    else
      run = 0
    end
    out[#out + 1] = utf8.char(code)
  end
  return table.concat(out)
end

if not FORMAT:match("typst") then
  return {}
end

return {
  {
    Str = function(el)
      local text = breakable(el.text)
      local out = exact(text)
      if out then
        return out
      end
      if text ~= el.text then
        return pandoc.Str(text)
      end
    end,
  },
}
