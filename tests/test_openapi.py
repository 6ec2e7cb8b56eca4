"""/openapi.json tells the truth: whatever is sent to a route, its answer is a documented one, and never a 5xx."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

import pytest
import requests
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, strategies
from hypothesis import settings as generated
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.web.app import create_app

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    allow_header_conformance,
]
HEADERS: list[dict[str, str]] = [
    {},
    {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"},
    {"Accept": "application/json"},
    {"Accept": "image/png"},
    {"If-None-Match": "*"},
]
KNOWN: dict[str, list[dict[str, Any]]] = {  # what answers, and what is nearly right, which nobody comes upon at random
    "GET /api/questions/{name}": [
        {"path_parameters": {"name": name}, "query": query}
        for name in ("activities-involving-actor", "duties-by-actor", "activities-involving-aktor")
        for query in ({"actor": "framtiden"}, {"actor": "framtiden", "format": "csv"}, {"actor": "framtidn", "lang": "en"},
                      {"format": "table", "document": "plan för en jämlik stad 2019–2022"}, {"aktör": "framtiden"}, {})
    ],
    "GET /api/questions/{name}/choices/{parameter}": [
        {"path_parameters": {"name": name, "parameter": parameter}}
        for name in ("activities-involving-actor", "finns-inte") for parameter in ("actor", "document")
    ],
    "GET /id/{path}": [
        {"path_parameters": {"path": f"goteborg/{path}"}}
        for path in ("actor/kommunstyrelsen", "actor/kommunstyrelsen.ttl", "actor/kommunstyrelsen.html", "actor/finns-inte",
                     "actor/kommunstyrelsen.pdf", "actor/å", "actor/kommun styrelsen", "actor/" + "x" * 3000)
    ],
    "GET /ns/{path}": [
        {"path_parameters": {"path": path}} for path in ("role/responsible", "shape/Passage.ttl", "shape/Passage")
    ],
    "GET /ns.{suffix}": [{"path_parameters": {"suffix": suffix}} for suffix in ("ttl", "html", "pdf")],
    "GET /api/ask": [{"query": {"q": q}} for q in ("Vilka aktiviteter berör Framtiden?", "Vad är klockan?", "", "å" * 2000)],
    "GET /api/search": [{"query": {"q": q}} for q in ("framtiden", "bygnadsnämden", "", "å" * 2000)],
    "GET /api/chains": [
        {"query": query}
        for query in ({"from": "framtiden", "to": "kommunfullmäktige"}, {"about": "byggnadsnämnden"}, {"about": "finns-ej"},
                      {"from": "framtiden"}, {"from": "framtiden", "about": "framtiden"})
    ],
    "GET /diagrams/{name}": [
        {"path_parameters": {"name": name}, "query": {"about": "byggnadsnämnden"}}
        for name in ("responsibility-chain.svg", "responsibility-chain.finns", "finns-inte.svg", "finns-inte")
    ],
    "GET /data.{ending}": [{"path_parameters": {"ending": ending}} for ending in ("nq.gz", "trig", "zip")],
    "GET /sparql": [
        {"query": {"query": query, "format": form} if form else {"query": query}}
        for query in ("ASK { ?s a styr:Plan }", "SELECT ?p WHERE { ?p a styr:Plan }", "CONSTRUCT WHERE { ?p a styr:Plan }",
                      "SELECT", "DROP ALL", "SELECT * { SERVICE <http://127.0.0.1:9/> {} }", "å", "")
        for form in ("", "json", "ttl", "text/csv", "pdf")
    ],
    "POST /sparql": [
        {"body": {"query": "ASK { ?s a styr:Plan }"}, "media_type": "application/x-www-form-urlencoded"},
        {"body": "CONSTRUCT WHERE { ?p a styr:Plan }", "media_type": "application/sparql-query"},
        {"body": "DROP ALL", "media_type": "application/sparql-query"},
        {"body": "DROP ALL", "media_type": "application/sparql-update"},
        {"body": "{}", "media_type": "application/json"},
    ],
}  # fmt: skip
BASE = "http://testserver"
BODILESS = {"204", "303", "304", "307", "308"}
EXAMPLES, BOUNDARIES = 8, 60
OPERATIONS_AT_LEAST = 14


@schemathesis.serializer("application/sparql-query", "application/sparql-update")
def _as_it_stands(ctx: schemathesis.SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


Ask = Callable[[Any, Mapping[str, str]], list[str]]


@pytest.fixture(scope="module")
def client(graph: Graph, settings: Settings) -> Iterator[TestClient]:
    """The application in this process, with all that it starts."""
    app = create_app(graph, replace(settings, query_seconds=5.0, access_log="", rate_limit=0.0))
    with TestClient(app, BASE, raise_server_exceptions=False, follow_redirects=False) as started:
        yield started


def test_every_route_answers_as_it_is_described(client: TestClient, subtests: pytest.Subtests) -> None:
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json(), config=schemathesis.Config(seed=1))
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= OPERATIONS_AT_LEAST

    def ask(case: Any, headers: Mapping[str, str]) -> list[str]:
        return _faults(client, case, headers)

    assert set(KNOWN) <= {operation.label for operation in operations}
    for operation in operations:
        with subtests.test(operation.label):
            found = _known(operation, ask) + _boundaries(schema, operation, ask) + _generated(operation, ask)
            assert not found, "\n".join(sorted(set(found)))


def test_every_answer_with_a_body_tells_its_media_types(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    silent = [
        f"{method.upper()} {path}: {status}"
        for path, item in described["paths"].items()
        for method, operation in item.items()
        for status, response in operation["responses"].items()
        if status not in BODILESS and not response.get("content")
    ]
    assert not silent


def test_a_problem_is_described_once_and_is_what_comes(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    problem = described["components"]["schemas"]["Problem"]
    told = client.get("/api/questions/finns-inte", headers={"accept": "application/json"}).json()
    assert set(problem["required"]) <= set(told)
    assert not {"HTTPValidationError", "ValidationError"} & set(described["components"]["schemas"])


def _known(operation: Any, ask: Ask) -> list[str]:
    """What is wrong with the answers to what has an answer, and to what nearly has one."""
    cases = (operation.Case(**given) for given in KNOWN.get(operation.label, [{}] if not operation.path_parameters else []))
    return [fault for case in cases for headers in HEADERS for fault in ask(case, headers)]


def _boundaries(schema: Any, operation: Any, ask: Ask) -> list[str]:
    """What is wrong with the answers to what lies at, and beyond, each limit that the operation describes."""
    cases: Iterator[Any] = schema.iter_coverage_cases(
        operation,
        generation_modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE],
        generation_config=schema.config.generation_for(operation=operation),
    )
    tried = zip(islice(cases, BOUNDARIES), cycle(HEADERS), strict=False)
    return [fault for case, headers in tried for fault in ask(case, headers)]


def _generated(operation: Any, ask: Ask) -> list[str]:
    """What is wrong with the answers to values made at random, always the same, with each way of asking."""
    found: list[str] = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        with suppress(Unsatisfiable):  # what takes nothing cannot be given anything wrong
            found += _tried(operation.as_strategy(mode), ask)
    return found


def _tried(cases: strategies.SearchStrategy[Any], ask: Ask) -> list[str]:
    found: list[str] = []

    @generated(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases, headers=strategies.sampled_from(HEADERS))
    def each(case: Any, headers: Mapping[str, str]) -> None:
        found.extend(ask(case, headers))

    each()
    return found


def _faults(client: TestClient, case: Any, headers: Mapping[str, str]) -> list[str]:
    """What is undocumented in the answer to `case`, sent with `headers`."""
    request = requests.Request(**case.as_transport_kwargs(base_url=BASE, headers=headers)).prepare()
    reply = client.request(request.method or "", request.url or "", content=request.body, headers=dict(request.headers))
    try:
        case.validate_response(reply, checks=CHECKS)
    except FailureGroup as group:
        asked = f"{request.method} {request.path_url[:80]} {dict(headers)}"
        came = f"{reply.status_code} {reply.headers.get('content-type')}"
        return [f"{failure.title}: {came} to {asked}" for failure in group.exceptions]
    return []
