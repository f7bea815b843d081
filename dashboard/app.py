"""Entry point for Streamlit; `dashboard.launch` starts it."""

from dashboard.parts import shell

shell.run()
