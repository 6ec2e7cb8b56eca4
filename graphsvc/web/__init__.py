"""The service over HTTP: reads requests, calls, and formats; it holds no knowledge of its own."""
