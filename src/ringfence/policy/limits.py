"""Limits of a quantity, as clauses write them."""

from typing import Generic, Self, TypeVar

from pydantic import ConfigDict, model_validator

from ringfence.vocabulary import Strict

from .durations import Duration

D = TypeVar("D", bound=Duration)


class Limits(Strict, Generic[D]):
    """Limits of a quantity; `less_than` and `more_than` leave the limit itself out, `at_most` and `at_least` do not."""

    model_config = ConfigDict(title="limits")

    more_than: D | None = None
    at_least: D | None = None
    less_than: D | None = None
    at_most: D | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        low, high = self.lower, self.upper
        if low is None and high is None:
            raise ValueError("limits need one of more_than, at_least, less_than, at_most.")
        if (self.more_than and self.at_least) or (self.less_than and self.at_most):
            raise ValueError("give one lower and one upper limit at most.")
        exactly = bool(self.at_least and self.at_least == self.at_most)
        if low and high and low.size >= high.size and not exactly:
            raise ValueError(f"these limits cross: nothing lies between {low} and {high}.")
        return self

    @property
    def lower(self) -> D | None:
        """The lower limit, whether it is taken in or not."""
        return self.more_than or self.at_least

    @property
    def upper(self) -> D | None:
        """The upper limit, whether it is taken in or not."""
        return self.less_than or self.at_most

    def apart_from(self, other: "Limits[D]") -> bool:
        """Whether no quantity lies within both."""
        return self._below(other) or other._below(self)

    def _below(self, other: "Limits[D]") -> bool:
        high, low = self.upper, other.lower
        if high is None or low is None:
            return False
        return high.size < low.size or (high.size == low.size and bool(self.less_than or other.more_than))

    def hold(self, hours: float) -> bool:
        """Whether a length in hours lies within limits that are written in hours or days."""
        return (
            (self.more_than is None or hours > self.more_than.size)
            and (self.at_least is None or hours >= self.at_least.size)
            and (self.less_than is None or hours < self.less_than.size)
            and (self.at_most is None or hours <= self.at_most.size)
        )
