"""Records that not everybody reads and several people write: the version of each, which a write names in `If-Match`."""

from __future__ import annotations

from dataclasses import replace
from typing import Generic, TypeVar

from rest_framework.request import Request

from evaluation.models import Assessment, Dispersal
from pcorg.core.api.conditional import Validators
from pcorg.core.api.problems import ApiProblem
from pcorg.core.api.views import RecordViewSet
from pcorg.core.api.writing import states_expected
from pcorg.core.values import whole_or_none

Versioned = TypeVar("Versioned", Assessment, Dispersal)


class VersionedViewSet(RecordViewSet, Generic[Versioned]):
    """Records known by their number, each with a strong tag, for `If-Match`: it begins with the version of the record,
    and the rest tells apart what different people may do with it."""

    lookup_url_kwarg = "id"

    def tag(self, record: Versioned) -> str:
        """The tag of a record after a write: its number and version."""
        raise NotImplementedError

    def validators_of(self, request: Request, form: str) -> Validators:
        found = super().validators_of(request, form)
        if self.action != "retrieve":
            return found
        record = self._visible(self.kwargs["id"])
        return found if record is None else replace(found, etag=f"{self.tag(record)[:-1]}-{found.etag[3:]}")

    def _found(self, key: str) -> Versioned:
        """A record that whoever asks may read. Raises a 404 problem."""
        record = self._visible(key)
        if record is None:
            raise ApiProblem(404, f"No {self.noun} has the number {key[:40]}.")
        return record

    def _visible(self, key: str) -> Versioned | None:
        number = whole_or_none(key)
        return None if number is None else self.all_rows().filter(pk=number).first()


def versions_expected(request: Request, number: int) -> set[int]:
    """The versions of a thing, by its number, that the tags of `If-Match` name. Raises a 428 problem where it names no
    tag."""
    heads = [tag.partition("-")[0].partition(".") for tag in states_expected(request)]
    versions = {whole_or_none(version) for of, _, version in heads if of == str(number)}
    return {version for version in versions if version is not None}
