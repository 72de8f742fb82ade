"""An optional score for the matcher from a server with OpenAI-compatible `/v1/embeddings`; off unless set."""

from bot.faq.embedding.client import EmbeddingSettings, Trouble
from bot.faq.embedding.embeddings import Embeddings
from bot.faq.embedding.health import Health, examine
from bot.faq.embedding.jobs import sweeps
from bot.faq.embedding.rules import base_address

__all__ = ["EmbeddingSettings", "Embeddings", "Health", "Trouble", "base_address", "examine", "sweeps"]
