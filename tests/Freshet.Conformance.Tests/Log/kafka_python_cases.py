# python3 kafka_python_cases.py HOST:PORT, with kafka-python on PYTHONPATH: prints "ok NAME" for each case that holds, and fails at the first that does not.
import sys
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

server = sys.argv[1]
run = f"py{time.time_ns()}"
admin = KafkaAdminClient(bootstrap_servers=server)


def consume(topic, group, count):
    consumer = KafkaConsumer(topic, bootstrap_servers=server, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False, consumer_timeout_ms=40000)
    records = []
    for record in consumer:
        records.append(record)
        if len(records) == count:
            break
    consumer.commit()
    consumer.close()
    return records


def topics():
    admin.create_topics([NewTopic(f"{run}-t", num_partitions=2, replication_factor=1)])
    assert f"{run}-t" in admin.list_topics()


def produce_and_consume():
    for compression in (None, "gzip"):
        producer = KafkaProducer(bootstrap_servers=server, compression_type=compression)
        for number in range(3):
            sent = producer.send(f"{run}-t", key=b"k%d" % number, value=b"v%d" % number, headers=[("h", b"x")]).get(timeout=40)
            assert sent.offset >= 0
        producer.close()
    records = consume(f"{run}-t", f"{run}-g", 6)
    assert sorted(record.value for record in records) == [b"v0", b"v0", b"v1", b"v1", b"v2", b"v2"], records
    assert records[0].headers == [("h", b"x")], records[0]


def offsets():
    consumer = KafkaConsumer(bootstrap_servers=server, group_id=f"{run}-g")
    partitions = [TopicPartition(f"{run}-t", number) for number in consumer.partitions_for_topic(f"{run}-t")]
    assert sum(consumer.end_offsets(partitions).values()) == 6
    assert sum(consumer.beginning_offsets(partitions).values()) == 0
    assert sum(consumer.committed(partition) or 0 for partition in partitions) == 6
    consumer.close()


for case in (topics, produce_and_consume, offsets):
    case()
    print(f"ok {case.__name__}", flush=True)
