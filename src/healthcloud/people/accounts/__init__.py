"""Accounts: the one own person of a resident's account, claimed on line or tied at a counter."""
