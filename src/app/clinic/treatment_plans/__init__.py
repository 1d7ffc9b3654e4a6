"""What a clinic does for a patient."""
