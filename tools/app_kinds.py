"""Which applications differ in their state only, so that one can take the place of another."""

from app.settings import Environment, Settings, parse_database_url

ANY_DATABASE = parse_database_url("sqlite:///unused.db")


def kind(settings: Settings) -> Settings:
    """Return the settings that routes and middleware depend on, with defaults for all others."""
    return Settings(
        settings.environment,
        ANY_DATABASE,
        allowed_hosts=settings.allowed_hosts,
        trusted_origins=settings.trusted_origins,
        metrics=settings.metrics,
        traces_endpoint=settings.traces_endpoint,
    )


KINDS = [
    kind(Settings(environment, ANY_DATABASE))
    for environment in (Environment.TEST, Environment.DEVELOPMENT)
]
