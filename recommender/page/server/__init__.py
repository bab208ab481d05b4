"""The server under the page: the port, who is let in, endpoints, health, and what of Gradio is kept in hand."""
