"""Faults that people and the debug operator see. Everything else is a defect of ours."""

from __future__ import annotations


class UserFault(Exception):
    """An expected fault of input; `code` is one of `src/domain/errors.ts`, `next` an action in the imperative."""

    def __init__(self, code: str, message: str, next_step: str) -> None:
        super().__init__(message)
        self.code, self.message, self.next = code, message, next_step


class SubmissionFault(Exception):
    """A submission that does not count. `failure` is a failure class of `src/domain/outcome.ts`."""

    def __init__(self, failure: str, code: str, message: str) -> None:
        super().__init__(message)
        self.failure, self.code, self.message = failure, code, message
