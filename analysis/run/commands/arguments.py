"""What the command line accepts beyond its parser: several columns after one option, `--by county subject`."""

from collections.abc import Sequence

#: Options of each command that may be repeated, and its options without a value.
REPEATED = {"cv": {"--by"}, "icc": {"--score", "--by", "--pv", "--covariate"}}
BARE = {"--schools", "--effects", "--help", "-h"}


def spread(arguments: Sequence[str]) -> list[str]:
    """Return `arguments` with a repeated option written before each of its values: --by a b becomes --by a --by b.

    Only once the file stands before it: in `--by county scores.csv` the second word is the file.
    """
    words = list(arguments)
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
