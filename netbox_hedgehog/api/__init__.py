"""The REST API, below /api/plugins/hedgehog/."""
