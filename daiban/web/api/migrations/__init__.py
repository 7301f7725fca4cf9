"""Migrations of the page's database, made by Django."""
