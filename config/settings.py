"""Every setting, read from the environment. docs/settings.md lists the names; a test holds it to that.

Two modes. *Demonstration* (``DEMO``, the default while no ``SECRET_KEY`` is given): local, marked by a
banner, mail as files. *Production* (``SECRET_KEY`` given): refuses to start on an unsafe value and says which.
"""

from pathlib import Path

import environ

from config.safety import (
    check_breached_passwords,
    check_database_url,
    check_private_folder,
    check_secret_key,
    demo_secret_key,
    require_safe,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
env = environ.Env()

SECRET_KEY = env.str("SECRET_KEY", default="")
DEMO = env.bool("DEMO", default=not SECRET_KEY)
DEBUG = env.bool("DEBUG", default=False)
if SECRET_KEY:
    check_secret_key(SECRET_KEY)
elif DEMO:
    SECRET_KEY = demo_secret_key(VAR_DIR)

PORT = env.int("PORT", default=8000)
SITE_NAME = "Candor"
SITE_ORIGIN = env.str("SITE_ORIGIN", default=f"http://127.0.0.1:{PORT}" if DEMO else "").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

DATABASES = {}
if env.str("DATABASE_URL", default=""):
    check_database_url(env.str("DATABASE_URL"))
    DATABASES["default"] = env.db_url("DATABASE_URL")
    DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
    _timeout = env.int("DB_STATEMENT_TIMEOUT_MS", default=0)
    DATABASES["default"].update(
        CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=60),
        CONN_HEALTH_CHECKS=True,
        OPTIONS={
            **DATABASES["default"].get("OPTIONS", {}),
            "connect_timeout": 5,
            "options": f"-c statement_timeout={_timeout} -c idle_in_transaction_session_timeout=60000",
        },
        # A locale-free template, so that the machine's locale never decides how text compares.
        TEST={"TEMPLATE": "template0"},
    )

EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_DIR = VAR_DIR / "mail"
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
elif DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Candor <no-reply@candor.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": env.cache_url("CACHE_URL")
    if CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        # Django's 300 would let anybody push out the counters of the rate limits.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o640
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
# What doctors gave as evidence: read by the one desk view that writes down who looked.
EVIDENCE_ROOT = Path(env.str("EVIDENCE_ROOT", default=str(VAR_DIR / "evidence")))
check_private_folder(EVIDENCE_ROOT, MEDIA_ROOT, STATIC_ROOT)
# Photos of people: a folder of this machine, or a bucket of a store that speaks S3.
PICTURES_ROOT = Path(env.str("PICTURES_ROOT", default=str(VAR_DIR / "pictures")))
check_private_folder(PICTURES_ROOT, MEDIA_ROOT, STATIC_ROOT)
PICTURES_BUCKET = env.str("PICTURES_BUCKET", default="")
# What was taken away for good, one name a line, for a backup that still has it.
PICTURES_JOURNAL = Path(env.str("PICTURES_JOURNAL", default=str(VAR_DIR / "pictures-taken-away.txt")))
# What the front server calls that folder; empty where this site hands the files out itself.
PICTURES_ACCEL = env.str("PICTURES_ACCEL", default="")
# Copies that people asked for of their own data, for a day: handed out by the one view that asks who it is.
EXPORT_ROOT = Path(env.str("EXPORT_ROOT", default=str(VAR_DIR / "exports")))
check_private_folder(EXPORT_ROOT, MEDIA_ROOT, STATIC_ROOT)
# Whom a backup must not bring back: one line per erasure, kept where no restore overwrites it.
ERASURE_JOURNAL = Path(env.str("ERASURE_JOURNAL", default=str(VAR_DIR / "erasures.jsonl")))
# Seals backups; kept elsewhere than they are.
BACKUP_KEY = env.str("BACKUP_KEY", default="")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.sheets.JoinedSheets",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "pictures": {
        "BACKEND": "core.images.s3.Bucket",
        "OPTIONS": {
            "bucket_name": PICTURES_BUCKET,
            "endpoint_url": env.str("PICTURES_ENDPOINT", default="") or None,
            "region_name": env.str("PICTURES_REGION", default="") or None,
        },
    }
    if PICTURES_BUCKET
    else {"BACKEND": "core.images.store.Folder", "OPTIONS": {"location": PICTURES_ROOT}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 60
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "core.uploads.OnDisk"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

INSTALLED_APPS = [
    "config.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "core",
    "accounts",
    "treatments",
    "questions",
    "doctors",
    "answers",
    "config.apps.SiteConfig",
]
MIDDLEWARE = [
    "core.middleware.no_body_for_head",
    "csp.middleware.CSPMiddleware",
    "core.middleware.security_headers",
    "core.middleware.cache_rules",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.hostile_input",
    "core.middleware.database_down",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "core.middleware.say_what_is_not_allowed",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AccountPages",
    "accounts.middleware.SessionsEnd",
    "accounts.middleware.SecondFactor",
    "questions.middleware.kept_threads",
    "treatments.middleware.merged_treatments",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "config.forms.CandorRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["core.template_loaders.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Hashes of stolen passwords, sorted; read where it lies.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", default="")
check_breached_passwords(BREACHED_PASSWORDS)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "accounts.validators.SimilarPassword",
        "OPTIONS": {"user_attributes": ("email", "handle")},
    },
    {"NAME": "accounts.validators.CommonPassword"},
    {"NAME": "accounts.validators.NumericPassword"},
    {"NAME": "accounts.validators.PredictablePasswordValidator"},
    {"NAME": "accounts.validators.BreachedPassword"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# In the session, so that no page sets a second cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SILENCED_SYSTEM_CHECKS: list[str] = []

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.PasswordResetForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "request_login_code": "accounts.forms.RequestCodeForm",
    "confirm_login_code": "accounts.forms.MailedCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Whoever has just changed the password stays; every other session of theirs ends.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# A code by mail stands in for the password, never for the second factor. Three wrong ones end it.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
# How long a sign-up waits in its browser for the address to be confirmed, to go on where it began.
ACCOUNT_LOGIN_TIMEOUT = 3600
# Ten minutes everywhere, half an hour for wrong passwords: accounts.middleware and accounts.adapter say so
# in Retry-After. The limit per address comes second, so that tries turned away by the first do not count.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "4/30m/key,50/30m/ip",
    "login": "200/10m/ip",
    "signup": "50/10m/ip",
    "request_login_code": "5/10m/key,50/10m/ip",
    "reset_password": "5/10m/key,50/10m/ip",
    "reset_password_from_key": "50/10m/ip",
    "change_password": "10/10m/user",
    "manage_email": "20/10m/user",
    "reauthenticate": "20/10m/user",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_ORIGIN.startswith("https") else "http"
PASSWORD_RESET_TIMEOUT = 3600

# Asked of everybody who moderates or answers. The demonstration does without unless told to; production never.
SECOND_FACTOR = not DEMO or env.bool("SECOND_FACTOR", default=False)
# What nobody who needs one reaches without: all that lies below these paths, and pages by their names.
SECOND_FACTOR_PATHS = ("/admin/", "/desk/")
SECOND_FACTOR_VIEWS = {
    f"answers:{name}"
    for name in ("write", "draft", "discard", "edit", "confirm", "withdraw", "second-opinion")
}
STAFF_IDLE_SECONDS = 30 * 60
STAFF_SESSION_SECONDS = 12 * 3600
MFA_ADAPTER = "accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A key that knows its owner, by a finger or a PIN, is both factors at once.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "100/10m/ip"}
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
    "edit_webauthn": "accounts.forms.RenameKeyForm",
}
MFA_TOTP_ISSUER = SITE_NAME
# The code before and the one after count too: clocks differ. Each is taken once (accounts.forms).
MFA_TOTP_TOLERANCE = 1
# Nobody signs in here with an unconfirmed address; one that is to replace a confirmed one is no obstacle.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if not DEMO:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_keys": {"()": "config.safety.WithoutKeys"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_keys"]}
    },
    # Addresses hold words people wrote; a mistyped one is no reason to keep them in a log.
    # Nor may anybody fill the log with what Django turns away by itself.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

if not DEMO:
    require_safe(
        secret_key=SECRET_KEY,
        debug=DEBUG,
        allowed_hosts=ALLOWED_HOSTS,
        origins=CSRF_TRUSTED_ORIGINS,
        site_origin=SITE_ORIGIN,
        database_url=env.str("DATABASE_URL", default=""),
        email_url=EMAIL_URL,
    )
