"""The contract with GitHub: its own OpenAPI document and its own webhook payloads."""
