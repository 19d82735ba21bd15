// node node_cases.js MODULE HOST:PORT: prints "ok NAME" for each case that holds, and fails at the first that does not.
const assert = require('node:assert/strict');
const zookeeper = require(process.argv[2]);

const client = zookeeper.createClient(process.argv[3], { sessionTimeout: 10000 });

// Every operation as a promise of its results; an error rejects.
const call = (name, ...values) => new Promise((resolve, reject) =>
  client[name](...values, (error, ...results) => (error ? reject(error) : resolve(results))));
const code = (promise) => promise.then(() => assert.fail('it did not fail'), (error) => error.getCode());
const { Exception, CreateMode, ACL, Permission, Id } = zookeeper;

const cases = {
  async create_get_set_remove() {
    assert.deepEqual(await call('create', '/node', Buffer.from('one')), ['/node']);
    let [data, stat] = await call('getData', '/node');
    assert.equal(data.toString(), 'one');
    [stat] = await call('setData', '/node', Buffer.from('two'), stat.version);
    assert.equal(stat.version, 1);
    assert.equal(await code(call('setData', '/node', Buffer.from('three'), 0)), Exception.BAD_VERSION);
    assert.equal(await code(call('create', '/node', null)), Exception.NODE_EXISTS);
    await call('remove', '/node', -1);
    assert.equal(await code(call('getData', '/node')), Exception.NO_NODE);
    assert.equal((await call('exists', '/node'))[0], null);
  },

  async ephemeral_and_sequential() {
    await call('create', '/seq', null);
    for (const number of ['0000000000', '0000000001']) {
      assert.deepEqual(await call('create', '/seq/n-', null, CreateMode.EPHEMERAL_SEQUENTIAL), [`/seq/n-${number}`]);
    }
    const [children, stat] = await call('getChildren', '/seq');
    assert.deepEqual(children.sort(), ['n-0000000000', 'n-0000000001']);
    assert.equal(stat.numChildren, 2);
    assert.equal(await code(call('create', '/seq/n-0000000000/child', null)), Exception.NO_CHILDREN_FOR_EPHEMERALS);
    assert.equal(await code(call('remove', '/seq', -1)), Exception.NOT_EMPTY);
  },

  async watches() {
    const events = [];
    const watcher = (event) => events.push(`${event.getName()} ${event.getPath()}`);
    await call('create', '/w', null);
    await call('getData', '/w', watcher);
    await call('getChildren', '/w', watcher);
    await call('exists', '/w/later', watcher);
    await call('setData', '/w', Buffer.from('x'), -1);
    await call('create', '/w/later', null);
    await call('exists', '/');
    assert.deepEqual(events.sort(), ['NODE_CHILDREN_CHANGED /w', 'NODE_CREATED /w/later', 'NODE_DATA_CHANGED /w']);
  },

  async transaction() {
    const commit = (transaction) => new Promise((resolve, reject) =>
      transaction.commit((error, results) => (error ? reject(error) : resolve(results))));
    await commit(client.transaction().create('/t', Buffer.from('x')).check('/t', 0).setData('/t', Buffer.from('y'), 0).create('/t/child'));
    assert.equal((await call('getData', '/t'))[0].toString(), 'y');
    await assert.rejects(commit(client.transaction().create('/half').remove('/nowhere')));
    assert.equal((await call('exists', '/half'))[0], null);
  },

  async acl_and_auth() {
    client.addAuthInfo('digest', Buffer.from('ann:secret'));
    await call('create', '/mine', Buffer.from('x'), [new ACL(Permission.ALL, new Id('auth', ''))], CreateMode.PERSISTENT);
    const [acls] = await call('getACL', '/mine');
    assert.equal(acls[0].id.scheme, 'digest');
    assert.match(acls[0].id.id, /^ann:/);
  },

  async mkdirp() {
    await call('mkdirp', '/deep/down/below');
    assert.notEqual((await call('exists', '/deep/down/below'))[0], null);
  },

  close: () => new Promise((resolve) => { client.once('disconnected', resolve); client.close(); }),
};

client.once('connected', async () => {
  try {
    for (const [name, run] of Object.entries(cases)) {
      await run();
      console.log(`ok ${name}`);
    }
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
client.connect();
