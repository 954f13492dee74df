"""Scenarios that are tested and rendered into the manual: what the manual shows is what the tests hold."""
