"""Puts pip into the virtual environments that ansible-test makes, which would fetch a script for it."""

import ensurepip

ensurepip.bootstrap()
