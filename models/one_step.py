"""Many operations of a migration as one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class OneStep(ops.TortoiseOperation):
    """Creates tables and adds columns, of which none needs to see the state between two of them.

    Tortoise makes every model of the program anew, twice, at each operation: an empty database took
    fourteen seconds. Here it does so once for all of them. What alters or removes a field compares it
    with what was before, and stays an operation by itself.
    """

    def __init__(self, operations: Sequence[ops.CreateModel | ops.AddField]) -> None:
        self.operations = operations

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)

    def state_forward(self, app_label: str, state: State) -> None:
        noted = _NotedState(models=state.models, apps=state.apps)
        for operation in self.operations:
            operation.state_forward(app_label, noted)
        state.reload_models(noted.changed)

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        for operation in self.operations:
            await operation.database_forward(app_label, old_state, new_state, state_editor)

    async def database_backward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        for operation in reversed(self.operations):
            await operation.database_backward(app_label, old_state, new_state, state_editor)


@dataclass
class _NotedState(State):
    """Notes which models changed instead of making them anew."""

    changed: set[tuple[str, str]] = field(default_factory=set)

    def reload_models(self, model_tuples: Iterable[tuple[str, str]]) -> None:
        self.changed.update(model_tuples)
