"""The identity endpoints; all of them stand under one router."""
