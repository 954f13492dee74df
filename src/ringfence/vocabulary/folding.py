"""Text as people and systems write it, brought to one form for comparing. Nothing here is shown to anybody."""

import re
import unicodedata

_DASHES = re.compile(r"[\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")


def folded(text: str) -> str:
    """Return `text` in lower case, with plain dashes and digits, beta spelled out, no accents and single spaces."""
    plain = _DASHES.sub("-", text.replace("ß", "beta").replace("β", "beta").replace("Β", "beta"))
    apart = unicodedata.normalize("NFKD", plain)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.replace("β", "beta").casefold().split())


def squeezed(text: str) -> str:
    """Return `text` folded and without spaces, dashes, points and underscores, except between two digits."""
    return re.sub(r"(?<!\d)[ ._-]+|[ ._-]+(?!\d)", "", folded(text))
