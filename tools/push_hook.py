"""Ask NetBox to synchronise the demonstration's fabric: what its repository runs after a push."""

import json
import sys
from pathlib import Path

from .api import Api
from .errors import Refused

__all__ = ('main',)


def main() -> int:
    """Read where the demonstration is, and post the request; what goes wrong is for the log only.

    A push succeeds whatever happens here: NetBox finds the commit by itself a little later.
    """
    access = json.loads(Path(sys.argv[1]).read_text())
    api = Api(access['url'], access['token'])
    try:
        fabric = api.first('plugins/hedgehog/fabrics/', slug=access['fabric'])
        if fabric:
            api.post(f'plugins/hedgehog/fabrics/{fabric["id"]}/sync/', {})
    except (OSError, Refused) as error:
        with Path(sys.argv[2]).open('a') as log:
            log.write(f'{error}\n')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
