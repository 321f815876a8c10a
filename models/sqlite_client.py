"""SQLite for several processes: Tortoise's own client, but for how a transaction begins.

Tortoise begins transactions that take their lock at the first write. One that reads first, while
another process commits, is then refused at once ("database is locked") however long it would have
waited. Begun as IMMEDIATE it waits its turn, as long as the busy timeout allows.
"""

from __future__ import annotations

import asyncio
import sqlite3

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError


class _Transaction(SqliteTransactionWrapper):
    """A transaction that takes the lock for writing when it begins."""

    async def begin(self) -> None:
        try:
            await self._connection.commit()
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error


class _TransactionContext(SqliteTransactionContext):
    """Gives the connection back where a transaction could not begin. Tortoise would keep it."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            # Whoever was cancelled while waiting for the lock must not get it afterwards.
            await asyncio.shield(self.connection._connection.rollback())
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        client: TransactionalDBClient = self.connection
        return client


class PatientSqliteClient(SqliteClient):
    """The client with such transactions."""

    def _in_transaction(self) -> SqliteTransactionContext:
        return _TransactionContext(_Transaction(self), self._lock)


client_class = PatientSqliteClient
