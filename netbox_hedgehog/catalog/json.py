"""The JSON values that a manifest is made of, once read."""

from collections.abc import Mapping

__all__ = ('JSON', 'JSONObject')

type JSON = bool | int | float | str | list[JSON] | dict[str, JSON] | None

type JSONObject = Mapping[str, JSON]
