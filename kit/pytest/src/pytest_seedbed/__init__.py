"""Pytest fixtures for tests against Seedbed."""

from pytest_seedbed.client import Client
from pytest_seedbed.clinic import Clinic, ClinicOptions
from pytest_seedbed.errors import SeedbedError, SeedbedUnreachable
from pytest_seedbed.server import Server

__all__ = ["Client", "Clinic", "ClinicOptions", "SeedbedError", "SeedbedUnreachable", "Server"]
