"""The helper team in its Telegram group: linking the group to a branch, answering there, and falling back."""
