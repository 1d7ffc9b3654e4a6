"""Scenarios: named states of a clinic, each with the rules that it keeps."""
