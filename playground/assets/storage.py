"""Under which name is a static file served? One that holds a hash of its content, so that browsers may keep it for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites the `import ... from "./x.js";` of JavaScript modules (each must end in a semicolon)."""

    support_js_module_import_aggregation = True
