from config.views.pages import gallery, healthz, home, readyz, robots, trust
from config.views.record import ledger, terms

__all__ = ["gallery", "healthz", "home", "ledger", "readyz", "robots", "terms", "trust"]
