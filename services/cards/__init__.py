"""Subscription messages (订阅消息) as pure data: their fields, what fits in them, what fills them.

fields.py     the fields of a template, and what each sort takes
fitting.py    a text made to fit a field
sources.py    what can fill a field, by what the card tells
preview.py    a card as somebody will see it, with what is wrong in it
"""
