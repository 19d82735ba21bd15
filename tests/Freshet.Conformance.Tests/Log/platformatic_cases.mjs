// node platformatic_cases.mjs MODULE HOST:PORT: prints "ok NAME" for each case that holds, and fails at the first that does not.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

// The client asks for Node 22; this is what it misses in older ones.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((res, rej) => { resolve = res; reject = rej; });
  return { promise, resolve, reject };
};

const folder = process.argv[2];
const { exports: entry } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
const { Admin, Producer, Consumer, stringSerializers, stringDeserializers, MessagesStreamModes } =
  await import(pathToFileURL(join(folder, entry)));

const run = `pl${process.pid}-${Date.now()}`;
const bootstrapBrokers = [process.argv[3]];
const admin = new Admin({ clientId: 'cases', bootstrapBrokers });

async function consume(topic, groupId, count, options = {}) {
  const consumer = new Consumer({ clientId: 'cases', groupId, bootstrapBrokers, deserializers: stringDeserializers, autocommit: false, ...options });
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.COMMITTED, fallbackMode: 'earliest' });
  const records = [];
  for await (const message of stream) {
    records.push(message);
    await message.commit();
    if (records.length === count) {
      break;
    }
  }
  await consumer.close(true);
  return records;
}

const cases = {
  async topics() {
    await admin.createTopics({ topics: [`${run}-t`], partitions: 2, replicas: 1 });
    const metadata = await admin.metadata({ topics: [`${run}-t`] });
    assert.equal(metadata.topics.get(`${run}-t`).partitionsCount, 2);
  },

  async produce_and_consume() {
    const producer = new Producer({ clientId: 'cases', bootstrapBrokers, serializers: stringSerializers });
    await producer.send({ messages: [1, 2, 3].map((n) => ({ topic: `${run}-t`, key: `k${n}`, value: `v${n}`, headers: { h: 'x' } })) });
    const records = await consume(`${run}-t`, `${run}-g`, 3);
    assert.deepEqual(records.map((record) => `${record.key}=${record.value}`).sort(), ['k1=v1', 'k2=v2', 'k3=v3']);
    assert.equal(records[0].headers.get('h'), 'x');
    await producer.send({ messages: [{ topic: `${run}-t`, key: 'k4', value: 'v4' }] });
    assert.equal((await consume(`${run}-t`, `${run}-g`, 1))[0].value, 'v4');
    await producer.close();
  },

  async the_consumer_protocol() {
    const records = await consume(`${run}-t`, `${run}-g848`, 4, { groupProtocol: 'consumer' });
    assert.deepEqual(records.map((record) => record.value).sort(), ['v1', 'v2', 'v3', 'v4']);
  },

  async groups() {
    const groups = await admin.listGroups();
    assert.ok(groups.has(`${run}-g`));
    const described = await admin.describeGroups({ groups: [`${run}-g`] });
    assert.equal(described.get(`${run}-g`).state, 'Empty');
    await admin.deleteGroups({ groups: [`${run}-g`] });
    await admin.deleteTopics({ topics: [`${run}-t`] });
  },
};

for (const [name, holds] of Object.entries(cases)) {
  await holds();
  console.log(`ok ${name}`);
}
await admin.close();
