"""The checkout's own tools: the demonstration, the test runs, and what both of them stand on."""
