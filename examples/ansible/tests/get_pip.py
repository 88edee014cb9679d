"""Puts pip into the virtual environments of ansible-test, which would fetch a script for it."""

import ensurepip

ensurepip.bootstrap()
