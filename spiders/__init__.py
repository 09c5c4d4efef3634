"""How pages are fetched: in what order, how politely, and what becomes of each answer.

The only room that knows Scrapy. What to ask for next is a question to the archive.
"""
