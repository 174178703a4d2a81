"""Commands of `netbox`; a module each."""
