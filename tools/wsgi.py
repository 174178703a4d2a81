"""NetBox behind gunicorn, with its static files: a real installation leaves those to its web server."""

from django.contrib.staticfiles.handlers import StaticFilesHandler
from netbox.wsgi import application as netbox

__all__ = ('application',)

# Files are served from where the packages have them, so nothing has to be collected.
application = StaticFilesHandler(netbox)
