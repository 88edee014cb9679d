"""Writes what became of each task to the file COLLECTED, one JSON object a line."""

import json
import os

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    """For tests: what a person reads on the screen, and the results as values."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "collected"
    CALLBACK_NEEDS_ENABLED = False

    def _write(self, status, result):
        line = {
            "status": status,
            "host": result._host.get_name(),
            "action": result._task.action.rpartition(".")[2],
            "name": result._task.get_name().rpartition(" : ")[2],
            "result": result._result,
        }
        with open(os.environ["COLLECTED"], "a") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result):
        """It was done."""
        self._write("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        """It failed."""
        self._write("failed", result)

    def v2_runner_on_skipped(self, result):
        """It was left out."""
        self._write("skipped", result)
