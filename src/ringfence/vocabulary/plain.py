"""The ground of every error that is meant for people."""


class PlainError(Exception):
    """An error whose text is a sentence for people: it says what would be right, and holds nothing of a patient."""
