"""Logs in to a coordination server with SASL DIGEST-MD5. Usage: kazoo_sasl.py HOST:PORT USER PASSWORD PATH
Creates PATH for that user only, reads it over a second connection too, and prints what happened."""
import sys

from kazoo.client import KazooClient
from kazoo.exceptions import AuthFailedError, NoAuthError
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.security import make_acl

address, user, password, path = sys.argv[1:]


def connect(**options):
    client = KazooClient(hosts=address, timeout=10, **options)
    client.start(timeout=20)
    return client


def login():
    return connect(sasl_options={"mechanism": "DIGEST-MD5", "username": user, "password": password})


try:
    client = login()
    client.create(path, b"mine", acl=[make_acl("sasl", user, all=True)])
    print("created", flush=True)
    client.stop()
    client.close()
    client = login()
    print("read", client.get(path)[0].decode(), flush=True)
    client.stop()
    client.close()
    stranger = connect()
    try:
        stranger.get(path)
    except NoAuthError:
        print("hidden", flush=True)
    stranger.stop()
    stranger.close()
except (AuthFailedError, KazooTimeoutError) as refused:
    print("refused", type(refused).__name__, flush=True)
