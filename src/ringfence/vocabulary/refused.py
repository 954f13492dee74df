"""The ground of every refusal of a word or a code: what is wrong, and what would be right."""


class Refused(ValueError):  # noqa: N818
    """A text that names nothing here. It never repeats the text, which may be somebody's name in the wrong column."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem} {remedy}")
