"""The law of disclosure on application (依申请公开): pure functions, no database, no clock.

Source: Regulation on Open Government Information (政府信息公开条例, 2019 revision) and what goes with
it. Every module names its articles.
"""
