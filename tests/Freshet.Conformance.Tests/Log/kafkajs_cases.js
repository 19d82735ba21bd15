// node kafkajs_cases.js MODULE HOST:PORT: prints "ok NAME" for each case that holds, and fails at the first that does not.
const assert = require('node:assert/strict');
const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = require(process.argv[2]);

const kafka = new Kafka({ clientId: 'cases', brokers: [process.argv[3]], logLevel: logLevel.NOTHING });
const run = `js${process.pid}-${Date.now()}`;
const admin = kafka.admin();

/** Reads in a group until it has so many records, then leaves. */
async function consume(topic, groupId, count, options = {}) {
  const consumer = kafka.consumer({ groupId, ...options });
  const records = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${records.length} of ${count} records came`)), 40000);
    consumer.run({
      autoCommitThreshold: 1,
      eachMessage: async ({ partition, message }) => {
        records.push({ partition, offset: message.offset, key: message.key?.toString(), value: message.value?.toString(), headers: message.headers });
        if (records.length === count) {
          clearTimeout(late);
          resolve();
        }
      },
    }).catch(reject);
  });
  await consumer.disconnect();
  return records;
}

async function newTopic(name, partitions = 1) {
  const topic = `${run}-${name}`;
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: partitions }] });
  return topic;
}

const cases = {
  async topics() {
    const topic = await newTopic('topics', 2);
    assert.ok((await admin.listTopics()).includes(topic));
    assert.equal((await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length, 2);
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    const cluster = await admin.describeCluster();
    assert.equal(cluster.brokers.length, 1);
    assert.equal(cluster.controller, cluster.brokers[0].nodeId);
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name: 'retention.ms', value: '60000' }] }] });
    const configs = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms'] }] });
    assert.equal(configs.resources[0].configEntries[0].configValue, '60000');
    await admin.deleteTopics({ topics: [topic] });
  },

  async produce_and_consume() {
    const topic = await newTopic('records', 3);
    const producer = kafka.producer({ idempotent: true });
    await producer.connect();
    for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
      await producer.send({ topic, compression, messages: [1, 2, 3].map((n) => ({ key: `k${n}`, value: `v${n}`, headers: { h: 'x' } })) });
    }
    await producer.send({ topic, messages: [{ key: 'k1', value: null }] });
    await producer.disconnect();
    const records = await consume(topic, `${run}-g1`, 7);
    assert.deepEqual(records.map((r) => r.value ?? null).sort(), ['v1', 'v1', 'v2', 'v2', 'v3', 'v3', null].sort());
    assert.equal(records[0].headers.h.toString(), 'x');
    for (const key of ['k1', 'k2', 'k3']) {
      assert.equal(new Set(records.filter((r) => r.key === key).map((r) => r.partition)).size, 1);
    }
  },

  async a_group_goes_on_where_it_was() {
    const topic = await newTopic('resume');
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: ['a', 'b'].map((value) => ({ value })) });
    assert.deepEqual((await consume(topic, `${run}-g2`, 2)).map((r) => r.value), ['a', 'b']);
    await producer.send({ topic, messages: [{ value: 'c' }] });
    assert.deepEqual((await consume(topic, `${run}-g2`, 1)).map((r) => r.value), ['c']);
    await producer.disconnect();
    const offsets = await admin.fetchOffsets({ groupId: `${run}-g2`, topics: [topic] });
    assert.equal(offsets[0].partitions[0].offset, '3');
    assert.equal((await admin.fetchTopicOffsets(topic))[0].high, '3');
    await admin.resetOffsets({ groupId: `${run}-g2`, topic, earliest: true });
    assert.deepEqual((await consume(topic, `${run}-g2`, 3)).map((r) => r.value), ['a', 'b', 'c']);
  },

  async groups() {
    const { groups } = await admin.listGroups();
    assert.ok(groups.some((group) => group.groupId === `${run}-g1`));
    assert.equal((await admin.describeGroups([`${run}-g1`])).groups[0].state, 'Empty');
    await admin.deleteGroups([`${run}-g1`]);
    assert.ok(!(await admin.listGroups()).groups.some((group) => group.groupId === `${run}-g1`));
  },

  async two_members_share() {
    const topic = await newTopic('shared', 4);
    const owned = [0, 0];
    const members = [0, 1].map((n) => {
      const member = kafka.consumer({ groupId: `${run}-g3`, heartbeatInterval: 300 });
      member.on(member.events.GROUP_JOIN, ({ payload }) => { owned[n] = (payload.memberAssignment[topic] ?? []).length; });
      return member;
    });
    for (const member of members) {
      await member.connect();
      await member.subscribe({ topic });
      await member.run({ eachMessage: async () => {} });
    }
    for (const end = Date.now() + 40000; owned.join() !== '2,2';) {
      assert.ok(Date.now() < end, `the members have ${owned} partitions`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await Promise.all(members.map((member) => member.disconnect()));
  },

  async transactions() {
    const topic = await newTopic('transactions');
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, transactionalId: `${run}-x` });
    await producer.connect();
    for (const [value, commits] of [['kept', true], ['gone', false], ['kept too', true]]) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value }] });
      await transaction.sendOffsets({ consumerGroupId: `${run}-g4`, topics: [{ topic, partitions: [{ partition: 0, offset: commits ? '7' : '9' }] }] });
      await (commits ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    assert.deepEqual((await consume(topic, `${run}-g5`, 2)).map((r) => r.value), ['kept', 'kept too']);
    assert.equal((await admin.fetchOffsets({ groupId: `${run}-g4`, topics: [topic] }))[0].partitions[0].offset, '7');
  },
};

(async () => {
  await admin.connect();
  for (const [name, holds] of Object.entries(cases)) {
    await holds();
    console.log(`ok ${name}`);
  }
  await admin.disconnect();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
