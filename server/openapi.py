"""The OpenAPI document, from the shapes that the handlers themselves read and write."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from miniprogram_api.mp.operations import OPERATIONS as FOR_PHONES
from miniprogram_api.operation import Operation, Parameter
from miniprogram_api.operations import OPERATIONS
from server.errors import TITLES, Problem
from server.readiness import Readiness

_REFERENCE = "#/components/schemas/{name}"
_PROBLEM_EXAMPLE = {
    "type": "/docs#problem-question_too_long",
    "title": "内容不能用",
    "status": 422,
    "detail": "2001 characters",
    "code": "question_too_long",
    "sentence": "问题太长了，请用一两句话说明您想问的事。",
    "request_id": "5f0c1d2e3a4b5c6d",
}
_PHONE = {
    "type": "http",
    "scheme": "bearer",
    "description": "登录小程序（POST /mp/v1/session）得到的 token。",
}
_RUNNING = (
    ("/healthz", "进程在运行", "只说明进程还在应答。"),
    ("/readyz", "能不能服务", "数据库、索引和语音引擎的状态；数据库或索引不可用时返回 503。"),
)


def describe_api() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    operations = (*OPERATIONS, *FOR_PHONES)
    shapes = [shape for op in operations for shape in (op.body, op.reply) if shape is not None]
    schemas, components = msgspec.json.schema_components(
        [*shapes, Problem, Readiness], ref_template=_REFERENCE
    )
    names = dict(zip(map(id, [*shapes, Problem, Readiness]), schemas, strict=True))
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, names)
    for path, summary, description in _RUNNING:
        paths[path] = {"get": _running(path, summary, description, names[id(Readiness)])}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OpenZone 政务公开专区接口",
            "version": _version(),
            "description": "出错时返回 application/problem+json（RFC 9457），code 稳定，sentence 可以直接给人看。",
        },
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"phone": _PHONE}},
    }


def _version() -> str:
    try:
        return version("openzone")
    except PackageNotFoundError:
        return "0"


def _operation(operation: Operation, names: dict[int, Any]) -> dict[str, Any]:
    problems = {*operation.problems, *([401] if operation.signed_in else [])}
    if any(parameter.place == "query" for parameter in operation.parameters):
        problems.add(413)  # An address may have eight kilobytes.
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "responses": {
            str(operation.success): _success(operation, names),
            **{str(status): _problem(status, names) for status in sorted(problems)},
        },
    }
    for status in operation.also:
        described["responses"][str(status)] = _success(operation, names)
    if operation.partial:
        described["responses"]["206"] = _success(operation, names) | {"description": "其中一段"}
        described["responses"]["416"] = {"description": "没有这一段"}
    if operation.signed_in:
        described["security"] = [{"phone": []}]
    if operation.parameters:
        described["parameters"] = [_parameter(parameter) for parameter in operation.parameters]
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            **_content("", names[id(operation.body)], operation.body_example),
        }
    elif operation.body_schema is not None:
        described["requestBody"] = {
            "required": True,
            "content": {operation.request_type: {"schema": operation.body_schema}},
        }
    return described


def _success(operation: Operation, names: dict[int, Any]) -> dict[str, Any]:
    if operation.reply is not None:
        return _content("成功", names[id(operation.reply)], operation.reply_example)
    if operation.reply_type == "application/json":
        return {"description": "成功，没有内容"}
    schema = {"type": "string", "format": "binary"}
    return {"description": "成功", "content": {operation.reply_type: {"schema": schema}}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path" or "default" not in parameter.schema,
        "description": parameter.description,
        "example": parameter.example,
        "schema": parameter.schema,
    }


def _content(description: str, schema: Any, example: Any) -> dict[str, Any]:
    content: dict[str, Any] = {
        "content": {"application/json": {"schema": schema, "example": example}}
    }
    return {"description": description, **content} if description else content


def _problem(status: int, names: dict[int, Any]) -> dict[str, Any]:
    content = {"schema": names[id(Problem)], "example": _PROBLEM_EXAMPLE}
    return {"description": TITLES[status], "content": {"application/problem+json": content}}


def _running(path: str, summary: str, description: str, schema: Any) -> dict[str, Any]:
    if path == "/healthz":
        schema = {"type": "object", "properties": {"status": {"const": "ok"}}}
        return {
            "operationId": "healthz",
            "summary": summary,
            "description": description,
            "responses": {"200": _content("成功", schema, {"status": "ok"})},
        }
    example = {
        "ready": True,
        "database": True,
        "index": True,
        "recogniser": "vosk",
        "synthesiser": "kokoro",
    }
    return {
        "operationId": "readyz",
        "summary": summary,
        "description": description,
        "responses": {
            "200": _content("可以服务", schema, example),
            "503": _content("还不能服务", schema, example | {"ready": False, "index": False}),
        },
    }
