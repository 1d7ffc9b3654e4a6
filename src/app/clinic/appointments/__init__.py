"""Appointments of patients with practitioners."""
