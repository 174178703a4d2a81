"""What the specs are made of: a base class, and the scalar types as the fabric's Go code reads them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidationError, WrapValidator
from pydantic_core import PydanticCustomError

from .settings import LAST_VLAN

__all__ = (
    'ASN',
    'FORMS',
    'LARGEST_INT32',
    'VLAN',
    'Duration',
    'Entries',
    'Flag',
    'IPv4Address',
    'IPv4Interface',
    'OptionalVLAN',
    'Structure',
    'Text',
    'UInt8',
    'UInt32',
    'entries',
    'whole_number',
)


class Structure(BaseModel):
    """A structure of a spec.

    Its fields carry the names of the CRD and stand in the CRD's order, which is the order of a canonical manifest.
    Fields of newer releases are kept. A field that is null is absent.
    """

    model_config = ConfigDict(extra='allow')


# Nothing is coerced: Go refuses a number where a text is due, a text where a number is due, and 1 for true.
Text = StrictStr
Flag = StrictBool


# What the CRDs say of numbers that are 32 bit unsigned in Go; Kubernetes enforces it from 1.36 on.
LARGEST_INT32 = 2**31 - 1


def whole_number(first: int, last: int) -> WrapValidator:
    """Read a whole number; who is refused one is told to write one from `first` to `last`.

    These are the numbers that keep the rules of the field, too: its type alone may have room for more.
    """

    def read(value: Any, read_strictly: Callable[[Any], int]) -> int:
        # The conversion from YAML to JSON turns 1.0 into 1 before Go sees the number.
        number = int(value) if isinstance(value, float) and value.is_integer() else value
        try:
            return read_strictly(number)
        except ValidationError as error:
            (fault,) = error.errors(include_url=False)
            raise PydanticCustomError(fault['type'], 'refused', {'first': first, 'last': last}) from error

    return WrapValidator(read)


# The widths of Go's types: a number that does not fit does not decode.
UInt8 = Annotated[int, Field(strict=True, ge=0, le=2**8 - 1), whole_number(0, 2**8 - 1)]
UInt32 = Annotated[int, Field(strict=True, ge=0, le=2**32 - 1), whole_number(0, LARGEST_INT32)]
ASN = Annotated[int, Field(strict=True, ge=0, le=2**32 - 1), whole_number(1, LARGEST_INT32)]
VLAN = Annotated[int, Field(strict=True, ge=0, le=2**16 - 1), whole_number(1, LAST_VLAN)]
# Where 0 stands for none.
OptionalVLAN = Annotated[int, Field(strict=True, ge=0, le=2**16 - 1), whole_number(0, LAST_VLAN)]

# A map with names of the user's choice. The API server drops a null entry.
type Entries[T] = dict[str, T | None]


def entries[T](values: Mapping[str, T | None] | None) -> Iterator[tuple[str, T]]:
    """Yield the entries of a map that are there for the fabric: neither of a missing map, nor null."""
    for key, value in (values or {}).items():
        if value is not None:
            yield key, value


# The pattern of the CRDs.
_DOTTED_QUAD = r'((25[0-5]|(2[0-4]|1[0-9]|[1-9]|)[0-9])\.?\b){4}'
_ADDRESS = rf'^{_DOTTED_QUAD}$'
_INTERFACE = rf'^{_DOTTED_QUAD}/([1-2]?[0-9]|3[0-2])$'
# What Go's time.ParseDuration accepts: a text in another form does not decode.
_DURATION = r'^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$'

IPv4Address = Annotated[Text, Field(pattern=_ADDRESS)]
IPv4Interface = Annotated[Text, Field(pattern=_INTERFACE)]
Duration = Annotated[Text, Field(pattern=_DURATION)]

# What each pattern asks for, in words.
FORMS = {
    _ADDRESS: 'an IPv4 address such as 172.30.128.1',
    _INTERFACE: 'an IPv4 address with prefix length such as 172.30.128.0/31',
    _DURATION: 'a duration such as 90s, 2m or 1h30m',
}
