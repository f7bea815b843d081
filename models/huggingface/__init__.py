"""Hugging Face checkpoints behind the tagger's contract: sentiment, zero-shot and token."""
