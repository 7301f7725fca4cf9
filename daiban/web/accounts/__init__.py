"""Accounts (账户): people's logins, by Django's own parts, with this page's layout."""
