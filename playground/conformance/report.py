"""Throwaway."""
import msgspec
class Result(msgspec.Struct, frozen=True):
    case: str
    expected: object
    got: object
    @property
    def passed(self) -> bool:
        return self.expected == self.got
