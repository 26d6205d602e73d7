"""What the command line accepts beyond its parser: several columns after one option, `--by county subject`."""

from collections.abc import Sequence

#: Options of each command that may be repeated, and its options without a value.
REPEATED = {"cv": {"--by"}, "icc": {"--score", "--by", "--pv", "--covariate"}}
BARE = {"--schools", "--effects", "--help", "-h"}


#: Commands of several counties with commas between them, options with several values, and what these may be.
LISTED = ("reports", "data")
FORMATS = ("html", "pdf", "docx", "xlsx", "figures")


def joined(arguments: Sequence[str]) -> list[str]:
    """Return `arguments` with the commas that PowerShell takes out of them: 990101,990102 comes as two words.

    >>> joined(["reports", "990101", "990102", "--formats", "html", "pdf", "--jobs", "2"])
    ['reports', '990101,990102', '--formats', 'html,pdf', '--jobs', '2']
    """
    result: list[str] = []
    counties = -1
    for word in arguments:
        before = result[-2] if len(result) > 1 else ""
        of_formats = before == "--formats" or (result and result[-1].startswith("--formats="))
        if of_formats and word.lower() in FORMATS and result[-1].split("=")[-1].split(",")[-1].lower() in FORMATS:
            result[-1] += f",{word}"
            continue
        is_value = bool(result) and result[-1].startswith("--") and "=" not in result[-1] and result[-1] != "--"
        plain = bool(result) and not word.startswith("-") and not is_value
        if plain and result[0] in LISTED and counties >= 0:
            result[counties] += f",{word}"
            continue
        if plain and result[0] in LISTED:
            counties = len(result)
        result.append(word)
    return result


def spread(arguments: Sequence[str]) -> list[str]:
    """Return `arguments` with a repeated option written before each of its values: --by a b becomes --by a --by b.

    Only once the file stands before it: in `--by county scores.csv` the second word is the file.
    """
    words = joined(arguments)
    repeated = REPEATED.get(words[0], set()) if words else set()
    result, option, file_seen = words[:1], "", False
    for word in words[1:]:
        if word.startswith("-"):
            result.append(word)
            option = "" if word in BARE or "=" in word else word
            open_to_more = False
        elif option and not open_to_more:
            result.append(word)
            open_to_more = option in repeated and file_seen
            option = option if open_to_more else ""
        elif option:
            result += [option, word]
        else:
            result.append(word)
            file_seen = True
    return result
