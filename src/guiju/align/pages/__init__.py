"""Pages of align: every page of comparing and of coordination, and its URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import APIRouter
from starlette.responses import Response

from guiju.align.pages.comparing import changes, comparing, comparing_json, marks
from guiju.align.pages.coordination import bring, coordination
from guiju.align.pages.harmonise import harmonised_file, harmonising, harmonising_json
from guiju.align.pages.market import guiding, guiding_file, guiding_json, mapping, mapping_file, mapping_json
from guiju.align.pages.recognise import recognised_file, recognising, recognising_json
from guiju.align.pages.testplan import testing, testing_file, testing_json
from guiju.web.rendering import environment


def router() -> APIRouter:
    made = APIRouter(include_in_schema=False)
    environment().globals["relation_marks"] = marks()
    for path, page in PAGES:
        made.add_api_route(path, page, methods=["GET"], response_model=None)
    made.add_api_route("/coordination/files", bring, methods=["POST"], response_model=None)
    return made


PAGES: Sequence[tuple[str, Callable[..., Response]]] = (
    ("/compare", comparing), ("/compare.json", comparing_json), ("/standards/{number}/changes", changes), ("/coordination", coordination),
    ("/harmonise", harmonising), ("/harmonise.json", harmonising_json), ("/harmonise/{name}", harmonised_file),
    ("/recognise", recognising), ("/recognise.json", recognising_json), ("/recognise/report.{ending}", recognised_file),
    ("/testplan", testing), ("/testplan.json", testing_json), ("/testplan/{name}", testing_file),
    ("/guide", guiding), ("/guide.json", guiding_json), ("/guide/report.{ending}", guiding_file),
    ("/map", mapping), ("/map.json", mapping_json), ("/map/report.{ending}", mapping_file),
)  # fmt: skip
"""What can be read, and its URL."""
