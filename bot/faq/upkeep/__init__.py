"""How entries change, whoever changes them: rights, history, drafts, attachments."""
