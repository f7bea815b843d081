"""Mailboxes over IMAP, and what a mail says."""
