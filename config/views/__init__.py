from config.views.pages import gallery, healthz, home, readyz, robots, trust

__all__ = ["gallery", "healthz", "home", "readyz", "robots", "trust"]
