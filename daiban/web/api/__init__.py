"""The interface for other systems (接口): the same operations as JSON over HTTP, with a token per system."""
