using Freshet.Node;
using Freshet.Protocol.Kafka;

namespace Freshet.Broker.Tests.Administration;

/// <summary>Requests that name a thing twice, in two ways, or in a way that their version does not know. The errors are Apache Kafka 4.3's.</summary>
public class DoubtfulRequestTests
{
    [Fact]
    public async Task A_topic_is_deleted_only_when_it_is_clear_which()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using WireClient client = await WireClient.ConnectAsync(node);
        Guid id = await IdAsync(client, "t");
        Assert.Equal([ErrorCode.InvalidRequest], await DeleteAsync(client, ("t", id)));
        Assert.Equal([ErrorCode.InvalidRequest], await DeleteAsync(client, ("t", Guid.NewGuid())));
        Assert.Equal([ErrorCode.InvalidRequest], await DeleteAsync(client, (null, Guid.Empty)));
        Assert.Equal([ErrorCode.InvalidRequest], await DeleteAsync(client, ("t", Guid.Empty), ("t", Guid.Empty)));
        Assert.Equal([ErrorCode.InvalidRequest, ErrorCode.InvalidRequest], await DeleteAsync(client, ("t", Guid.Empty), (null, id)));
        Assert.Equal([ErrorCode.UnknownTopicId], await DeleteAsync(client, (null, Guid.NewGuid())));
        Assert.Equal(id, await IdAsync(client, "t"));
        Assert.Equal([ErrorCode.None], await DeleteAsync(client, (null, id)));
    }

    [Fact]
    public async Task A_topic_that_is_named_twice_does_not_grow()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using WireClient client = await WireClient.ConnectAsync(node);
        ErrorCode error = await client.AskAsync(
            ApiKey.CreatePartitions, 3,
            (ref KafkaWriter writer) =>
            {
                writer.WriteLength(2);
                foreach (int count in (int[])[2, 3])
                {
                    writer.WriteString("t");
                    writer.WriteInt32(count);
                    writer.WriteLength(-1);
                    writer.WriteNoTags();
                }

                writer.WriteInt32(1000);
                writer.WriteBool(false);
                writer.WriteNoTags();
            },
            (ref KafkaReader reader) =>
            {
                reader.ReadInt32();
                Assert.Equal((1, "t"), (reader.ReadCount(), reader.ReadString()));
                var told = (ErrorCode)reader.ReadInt16();
                Assert.NotNull(reader.ReadNullableString());
                reader.SkipTags();
                return told;
            });
        Assert.Equal(ErrorCode.InvalidRequest, error);
    }

    [Fact]
    public async Task A_setting_of_a_new_topic_needs_a_value_and_a_topic_asked_for_twice_is_told_once()
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        using WireClient client = await WireClient.ConnectAsync(node);
        byte[] created = await client.AskAsync(ApiKey.CreateTopics, 2, (ref KafkaWriter writer) =>
        {
            writer.WriteLength(1);
            writer.WriteString("t");
            writer.WriteInt32(1);
            writer.WriteInt16(1);
            writer.WriteLength(0);
            writer.WriteLength(1);
            writer.WriteString("retention.ms");
            writer.WriteString(null);
            writer.WriteInt32(1000);
            writer.WriteBool(false);
        });
        Assert.Equal((1, "t", ErrorCode.InvalidConfig), ReadFirst(WireClient.Reader(ApiKey.CreateTopics, 2, created)));
        byte[] told = await client.AskAsync(ApiKey.Metadata, 0, (ref KafkaWriter writer) =>
        {
            writer.WriteLength(2);
            writer.WriteString("x/y");
            writer.WriteString("x/y");
        });
        KafkaReader metadata = WireClient.Reader(ApiKey.Metadata, 0, told);
        Assert.Equal((1, 1), (metadata.ReadCount(), metadata.ReadInt32()));
        Assert.Equal("127.0.0.1", metadata.ReadString());
        metadata.ReadInt32();
        Assert.Equal((1, (short)ErrorCode.InvalidTopicException, "x/y"), (metadata.ReadCount(), metadata.ReadInt16(), metadata.ReadString()));
    }

    [Theory]
    [InlineData(-3, 7)]
    [InlineData(-4, 8)]
    [InlineData(-5, 9)]
    [InlineData(-6, 11)]
    [InlineData(-7, 12)]
    public async Task A_special_time_is_known_from_its_version_on(long time, short first)
    {
        await using FreshetNode node = await KafkaClients.StartAsync();
        await node.CreateTopicAsync("t", 1);
        using WireClient client = await WireClient.ConnectAsync(node);
        for (short version = 6; version <= 11; version++)
        {
            Assert.Equal([version < first ? ErrorCode.UnsupportedVersion : ErrorCode.None], await OffsetsAsync(client, version, time));
        }

        Assert.Equal([ErrorCode.InvalidRequest], await OffsetsAsync(client, 11, -1, -2));
    }

    private static (int Count, string Name, ErrorCode Error) ReadFirst(KafkaReader answer)
    {
        answer.ReadInt32();
        return (answer.ReadCount(), answer.ReadString(), (ErrorCode)answer.ReadInt16());
    }

    private static async Task<Guid> IdAsync(WireClient client, string topic) => await client.AskAsync(
        ApiKey.DescribeTopicPartitions, 0,
        (ref KafkaWriter writer) =>
        {
            writer.WriteLength(1);
            writer.WriteString(topic);
            writer.WriteNoTags();
            writer.WriteInt32(0);
            writer.WriteInt8(-1);
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            Assert.Equal((1, 0, topic), (reader.ReadCount(), reader.ReadInt16(), reader.ReadNullableString()));
            Guid id = reader.ReadUuid();
            Assert.False(reader.ReadBool());
            Assert.Equal(1, reader.ReadCount());
            SkipPartition(ref reader);
            // Everything that may be done with a topic is allowed: operations 3 to 8, 10 and 11.
            Assert.Equal(0b1101_1111_1000, reader.ReadInt32());
            reader.SkipTags();
            Assert.Equal(-1, reader.ReadInt8());
            return id;
        });

    private static void SkipPartition(ref KafkaReader reader)
    {
        Assert.Equal((0, 0, 1, 0), (reader.ReadInt16(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()));
        for (int list = 0; list < 5; list++)
        {
            reader.ReadInt32Array();
        }

        reader.SkipTags();
    }

    private static Task<ErrorCode[]> DeleteAsync(WireClient client, params (string? Name, Guid Id)[] topics) => client.AskAsync(
        ApiKey.DeleteTopics, 6,
        (ref KafkaWriter writer) =>
        {
            writer.WriteLength(topics.Length);
            foreach ((string? name, Guid id) in topics)
            {
                writer.WriteString(name);
                writer.WriteUuid(id);
                writer.WriteNoTags();
            }

            writer.WriteInt32(1000);
            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            var errors = new ErrorCode[reader.ReadCount()];
            for (int number = 0; number < errors.Length; number++)
            {
                reader.ReadNullableString();
                reader.ReadUuid();
                errors[number] = (ErrorCode)reader.ReadInt16();
                reader.ReadNullableString();
                reader.SkipTags();
            }

            return errors;
        });

    private static Task<ErrorCode[]> OffsetsAsync(WireClient client, short version, params long[] times) => client.AskAsync(
        ApiKey.ListOffsets, version,
        (ref KafkaWriter writer) =>
        {
            writer.WriteInt32(-1);
            writer.WriteInt8(0);
            writer.WriteLength(1);
            writer.WriteString("t");
            writer.WriteLength(times.Length);
            foreach (long time in times)
            {
                writer.WriteInt32(0);
                writer.WriteInt32(-1);
                writer.WriteInt64(time);
                writer.WriteNoTags();
            }

            writer.WriteNoTags();
            if (version >= 10)
            {
                writer.WriteInt32(1000);
            }

            writer.WriteNoTags();
        },
        (ref KafkaReader reader) =>
        {
            reader.ReadInt32();
            Assert.Equal((1, "t"), (reader.ReadCount(), reader.ReadString()));
            var errors = new ErrorCode[reader.ReadCount()];
            for (int number = 0; number < errors.Length; number++)
            {
                Assert.Equal(0, reader.ReadInt32());
                errors[number] = (ErrorCode)reader.ReadInt16();
                Assert.Equal(-1, reader.ReadInt64());
                reader.ReadInt64();
                reader.ReadInt32();
                reader.SkipTags();
            }

            reader.SkipTags();
            return errors;
        });
}
