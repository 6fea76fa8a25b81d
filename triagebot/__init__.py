"""triagebot: issue triage without a language model."""

__version__ = "0.1.0"
