"""How well a spoken question fares: hearing, repair, retrieval, decisions and speech."""
