"""Cases of kazoo, the Python client, against a coordination server. Usage: kazoo_cases.py HOST:PORT
Prints "ok CASE" or "failed CASE: WHY" per case."""
import sys
import threading
import uuid

from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, NoNodeError, NodeExistsError, NotEmptyError

PATIENCE = 20
address = sys.argv[1]
root = "/kazoo-" + uuid.uuid4().hex


def connect():
    client = KazooClient(hosts=address, timeout=10)
    client.start(timeout=PATIENCE)
    return client


def refused(error, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except error:
        return
    raise AssertionError("expected " + error.__name__)


def create_get_set_delete(client, at):
    assert client.create(at, b"one") == at
    data, stat = client.get(at)
    assert (data, stat.version, stat.data_length) == (b"one", 0, 3)
    assert client.set(at, b"two", version=0).version == 1
    refused(BadVersionError, client.set, at, b"three", version=0)
    refused(NodeExistsError, client.create, at, b"")
    client.ensure_path(at + "/deep/er")
    refused(NotEmptyError, client.delete, at)
    assert client.get_children(at) == ["deep"]
    names, stat = client.get_children(at, include_data=True)
    assert stat.numChildren == 1
    client.delete(at, recursive=True)
    assert client.exists(at) is None
    refused(NoNodeError, client.get, at)


def create_with_stat(client, at):
    path, stat = client.create(at, b"x", include_data=True)
    assert path == at and stat.czxid == stat.mzxid > 0


def ephemeral(client, at):
    other = connect()
    other.create(at, b"", ephemeral=True)
    assert client.exists(at).ephemeralOwner == other.client_id[0]
    gone = threading.Event()
    client.exists(at, watch=lambda event: event.type == "DELETED" and gone.set())
    other.stop()
    other.close()
    assert gone.wait(PATIENCE)


def sequential(client, at):
    client.ensure_path(at)
    paths = [client.create(at + "/s-", sequence=True) for _ in range(3)]
    assert paths == [at + "/s-%010d" % number for number in range(3)], paths


def one_shot_watches(client, at):
    client.create(at, b"")
    events = []
    seen = threading.Event()

    def watch(event):
        events.append((event.type, event.path))
        if len(events) == 3:
            seen.set()

    client.get(at, watch=watch)
    client.get_children(at, watch=watch)
    client.exists(at + "/child", watch=watch)
    client.set(at, b"changed")
    client.create(at + "/child", b"")
    assert seen.wait(PATIENCE), events
    assert events == [("CHANGED", at), ("CREATED", at + "/child"), ("CHILD", at)], events


def data_and_children_watchers(client, at):
    client.create(at, b"0")
    last = threading.Event()
    children = threading.Event()

    @client.DataWatch(at)
    def changed(data, stat):
        if data == b"9":
            last.set()

    @client.ChildrenWatch(at)
    def populated(names):
        if sorted(names) == ["a", "b"]:
            children.set()

    for number in range(10):
        client.set(at, b"%d" % number)
    client.create(at + "/a", b"")
    client.create(at + "/b", b"")
    assert last.wait(PATIENCE) and children.wait(PATIENCE)


def transaction(client, at):
    client.create(at, b"")
    good = client.transaction()
    good.create(at + "/a", b"1")
    good.set_data(at + "/a", b"2", version=0)
    good.check(at + "/a", version=1)
    good.create(at + "/b")
    good.delete(at + "/b")
    results = good.commit()
    assert results[0] == at + "/a" and results[1].version == 1 and results[2:] == [True, at + "/b", True], results
    bad = client.transaction()
    bad.create(at + "/c")
    bad.check(at + "/a", version=7)
    bad.create(at + "/d")
    results = bad.commit()
    assert [type(result).__name__ for result in results] == ["RolledBackError", "BadVersionError", "RuntimeInconsistency"], results
    assert client.exists(at + "/c") is None


def many_at_once(client, at):
    client.create(at, b"")
    pending = [client.create_async(at + "/n%d" % number, b"x" * 100) for number in range(2000)]
    assert [result.get(timeout=PATIENCE) for result in pending] == [at + "/n%d" % number for number in range(2000)]
    assert len(client.get_children(at)) == 2000


def lock(client, at):
    clients = [connect() for _ in range(4)]
    inside = []
    most = []

    def work(own):
        for _ in range(5):
            with own.Lock(at, "someone"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work, args=(own,)) for own in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert most == [1] * 20, most
    for own in clients:
        own.stop()
        own.close()


def election(client, at):
    led = threading.Event()
    threading.Thread(target=lambda: client.Election(at, "me").run(led.set), daemon=True).start()
    assert led.wait(PATIENCE)


def sync_and_acl(client, at):
    client.create(at, b"")
    assert client.sync(at) == at
    acls, stat = client.get_acls(at)
    assert (acls[0].perms, acls[0].id.scheme, acls[0].id.id) == (31, "world", "anyone")
    client.set_acls(at, acls, version=stat.aversion)
    assert client.exists(at).aversion == 1


CASES = [
    create_get_set_delete, create_with_stat, ephemeral, sequential, one_shot_watches, data_and_children_watchers,
    transaction, many_at_once, lock, election, sync_and_acl,
]

if __name__ == "__main__":
    client = connect()
    client.create(root, b"")
    failures = 0
    for case in CASES:
        try:
            case(client, root + "/" + case.__name__)
            print("ok", case.__name__, flush=True)
        except Exception as failure:  # every kind of failure is a result
            failures += 1
            print("failed %s: %r" % (case.__name__, failure), flush=True)
    client.stop()
    client.close()
    sys.exit(failures)
