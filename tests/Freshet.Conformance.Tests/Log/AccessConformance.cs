using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Log;

/// <summary>What a client without rights is told, and what rules change, the same for Freshet and for Apache Kafka. admin may do everything, user nothing.</summary>
public abstract class AccessConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _topic = $"t-{Guid.NewGuid():N}";

    /// <summary>Address of a listener with SASL PLAIN.</summary>
    protected abstract string BootstrapServers { get; }

    [Fact]
    public async Task Without_rights_a_topic_is_neither_seen_nor_told_from_one_that_is_not_there()
    {
        await CreateTopicAsync();
        using IAdminClient user = Admin("user");
        Assert.DoesNotContain(user.GetMetadata(Patience).Topics, topic => topic.Topic == _topic);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, user.GetMetadata(_topic, Patience).Topics[0].Error.Code);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, user.GetMetadata($"{_topic}-no", Patience).Topics[0].Error.Code);
    }

    [Fact]
    public async Task The_command_says_why_it_is_not_let_in()
    {
        Assert.Contains("may be for TLS or SASL", await CommandAsync(), StringComparison.Ordinal);
        string wrong = await CommandAsync("security.protocol=SASL_PLAINTEXT", "sasl.mechanism=PLAIN", "sasl.username=user", "sasl.password=guess");
        Assert.Contains("does not let you in", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_rights_every_change_is_refused()
    {
        await CreateTopicAsync();
        using IAdminClient user = Admin("user");
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, (await Assert.ThrowsAsync<CreateTopicsException>(
            () => user.CreateTopicsAsync([new TopicSpecification { Name = $"{_topic}-new", NumPartitions = 1, ReplicationFactor = 1 }]))).Results[0].Error.Code);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, (await Assert.ThrowsAsync<DeleteTopicsException>(() => user.DeleteTopicsAsync([_topic]))).Results[0].Error.Code);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, (await Assert.ThrowsAsync<DeleteTopicsException>(() => user.DeleteTopicsAsync([$"{_topic}-no"]))).Results[0].Error.Code);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, (await Assert.ThrowsAsync<CreatePartitionsException>(
            () => user.CreatePartitionsAsync([new PartitionsSpecification { Topic = _topic, IncreaseTo = 3 }]))).Results[0].Error.Code);
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = _topic };
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, (await Assert.ThrowsAsync<DescribeConfigsException>(() => user.DescribeConfigsAsync([resource]))).Results[0].Error.Code);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, (await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => user.IncrementalAlterConfigsAsync(
            new() { [resource] = [new ConfigEntry { Name = "retention.ms", Value = "1", IncrementalOperation = AlterConfigOpType.Set }] }))).Results[0].Error.Code);
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, (await Assert.ThrowsAsync<KafkaException>(
            () => user.ElectLeadersAsync(ElectionType.Preferred, [new TopicPartition(_topic, 0)]))).Error.Code);
        Assert.Equal(ErrorCode.GroupAuthorizationFailed, (await Assert.ThrowsAsync<DeleteGroupsException>(() => user.DeleteGroupsAsync(["g"]))).Results[0].Error.Code);
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, (await Assert.ThrowsAsync<CreateAclsException>(() => user.CreateAclsAsync([Rule(AclOperation.Read)]))).Results[0].Error.Code);
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, (await Assert.ThrowsAsync<DeleteAclsException>(() => user.DeleteAclsAsync([Filter()]))).Results[0].Error.Code);
        Assert.Equal(ErrorCode.ClusterAuthorizationFailed, (await Assert.ThrowsAsync<AlterUserScramCredentialsException>(
            () => user.AlterUserScramCredentialsAsync([Credential("user", "x")]))).Results[0].Error.Code);
    }

    /// <summary>To one who may not even describe the topic, Confluent's client tells nothing: it asks for the leader until its time is over.</summary>
    [Fact]
    public async Task Deleting_records_needs_Delete_on_the_topic()
    {
        await CreateTopicAsync();
        using IAdminClient admin = Admin("admin");
        using IAdminClient user = Admin("user");
        await admin.CreateAclsAsync([Rule(AclOperation.Describe)]);
        await EventuallyAsync(() => Task.FromResult(user.GetMetadata(_topic, Patience).Topics[0].Error.Code == ErrorCode.NoError));
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, await TryDeleteRecordsAsync(user));
        await admin.CreateAclsAsync([Rule(AclOperation.Delete)]);
        await EventuallyAsync(async () => await TryDeleteRecordsAsync(user) == ErrorCode.NoError);
    }

    /// <summary>Confluent's client keeps the broker's refusal to itself.</summary>
    [Fact]
    public async Task Without_rights_no_access_rule_is_told()
    {
        using IAdminClient admin = Admin("admin");
        await admin.CreateAclsAsync([Rule(AclOperation.Read)]);
        await EventuallyAsync(async () => (await admin.DescribeAclsAsync(Filter())).AclBindings.Count == 1);
        using IAdminClient user = Admin("user");
        Assert.Empty((await user.DescribeAclsAsync(Filter())).AclBindings);
    }

    [Fact]
    public async Task Producing_needs_Write_which_holds_from_when_it_is_given_until_it_is_denied()
    {
        await CreateTopicAsync();
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, await TryProduceAsync());
        using IAdminClient admin = Admin("admin");
        await admin.CreateAclsAsync([Rule(AclOperation.Write)]);
        await EventuallyAsync(async () => await TryProduceAsync() == ErrorCode.NoError);
        await admin.CreateAclsAsync([Rule(AclOperation.Write, name: _topic[..20], pattern: ResourcePatternType.Prefixed, permission: AclPermissionType.Deny)]);
        await EventuallyAsync(async () => await TryProduceAsync(idempotent: false) == ErrorCode.TopicAuthorizationFailed);
        await admin.DeleteAclsAsync([Filter()]);
        await EventuallyAsync(async () => (await admin.DescribeAclsAsync(Filter())).AclBindings.Count == 0);
    }

    [Fact]
    public async Task Consuming_needs_Read_on_the_topic_and_on_the_group()
    {
        await CreateTopicAsync();
        using (IProducer<Null, string> producer = Producer("admin"))
        {
            await producer.ProduceAsync(_topic, new Message<Null, string> { Value = "v" });
        }

        string group = $"g-{_topic}";
        using IAdminClient admin = Admin("admin");
        Assert.Equal(ErrorCode.GroupAuthorizationFailed, TryConsume(group));
        await admin.CreateAclsAsync([Rule(AclOperation.Read, ResourceType.Group, group[..20], ResourcePatternType.Prefixed)]);
        await EventuallyAsync(() => Task.FromResult(TryConsume(group) == ErrorCode.TopicAuthorizationFailed));
        await admin.CreateAclsAsync([Rule(AclOperation.Read)]);
        await EventuallyAsync(() => Task.FromResult(TryConsume(group) == ErrorCode.NoError));
    }

    [Fact]
    public async Task Rules_are_created_found_by_filters_and_deleted()
    {
        using IAdminClient admin = Admin("admin");
        AclBinding[] rules =
        [
            Rule(AclOperation.Read), Rule(AclOperation.Write, host: "10.0.0.1"), Rule(AclOperation.All, name: _topic[..20], pattern: ResourcePatternType.Prefixed),
            Rule(AclOperation.Describe, ResourceType.Group, _topic, permission: AclPermissionType.Deny),
        ];
        await admin.CreateAclsAsync(rules);
        await EventuallyAsync(async () => (await admin.DescribeAclsAsync(Filter(ResourcePatternType.Match))).AclBindings.Count == 3);
        Assert.Equal(2, (await admin.DescribeAclsAsync(Filter(ResourcePatternType.Literal))).AclBindings.Count);
        Assert.Single((await admin.DescribeAclsAsync(Filter(type: ResourceType.Group))).AclBindings);
        DeleteAclsResult deleted = Assert.Single(await admin.DeleteAclsAsync([Filter(ResourcePatternType.Match)]));
        Assert.Equal(rules[..3].Select(rule => rule.ToString()).Order(), deleted.AclBindings.Select(rule => rule.ToString()).Order());
        await EventuallyAsync(async () => (await admin.DescribeAclsAsync(Filter(ResourcePatternType.Match))).AclBindings.Count == 0);
        CreateAclsException wrong = await Assert.ThrowsAsync<CreateAclsException>(
            () => admin.CreateAclsAsync([Rule(AclOperation.Read, ResourceType.Broker, "not-the-cluster")]));
        Assert.Equal(ErrorCode.InvalidRequest, wrong.Results[0].Error.Code);
    }

    [Fact]
    public async Task A_client_is_told_what_it_may_do()
    {
        await CreateTopicAsync();
        using IAdminClient admin = Admin("admin");
        await admin.CreateAclsAsync([Rule(AclOperation.Read), Rule(AclOperation.AlterConfigs)]);
        using IAdminClient user = Admin("user");
        AclOperation[] expected = [AclOperation.Read, AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs];
        await EventuallyAsync(async () =>
        {
            try
            {
                DescribeTopicsResult described = await user.DescribeTopicsAsync(
                    TopicCollection.OfTopicNames([_topic]), new DescribeTopicsOptions { IncludeAuthorizedOperations = true });
                return described.TopicDescriptions[0].AuthorizedOperations.Order().SequenceEqual(expected.Order());
            }
            catch (DescribeTopicsException)
            {
                return false;
            }
        });
        DescribeClusterResult cluster = await user.DescribeClusterAsync(new DescribeClusterOptions { IncludeAuthorizedOperations = true });
        Assert.Empty(cluster.AuthorizedOperations);
        cluster = await admin.DescribeClusterAsync(new DescribeClusterOptions { IncludeAuthorizedOperations = true });
        Assert.Equal(
            [AclOperation.Create, AclOperation.Alter, AclOperation.Describe, AclOperation.ClusterAction, AclOperation.DescribeConfigs, AclOperation.AlterConfigs, AclOperation.IdempotentWrite],
            cluster.AuthorizedOperations.Order());
    }

    [Theory]
    [InlineData(ScramMechanism.ScramSha256)]
    [InlineData(ScramMechanism.ScramSha512)]
    public async Task A_new_user_signs_in_by_SCRAM(ScramMechanism mechanism)
    {
        string name = $"u-{_topic}";
        using IAdminClient admin = Admin("admin");
        await admin.AlterUserScramCredentialsAsync([Credential(name, "secret", mechanism)]);
        await EventuallyAsync(() =>
        {
            using IAdminClient client = new AdminClientBuilder(Config<AdminClientConfig>(name, "secret", mechanism == ScramMechanism.ScramSha256 ? SaslMechanism.ScramSha256 : SaslMechanism.ScramSha512))
                .SetLogHandler((_, _) => { }).Build();
            try
            {
                return Task.FromResult(client.GetMetadata(TimeSpan.FromSeconds(5)).Brokers.Count == 1);
            }
            catch (KafkaException)
            {
                return Task.FromResult(false);
            }
        });
        DescribeUserScramCredentialsResult described = await admin.DescribeUserScramCredentialsAsync([name]);
        Assert.Equal(mechanism, Assert.Single(described.UserScramCredentialsDescriptions[0].ScramCredentialInfos).Mechanism);
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private async Task CreateTopicAsync()
    {
        using IAdminClient admin = Admin("admin");
        await admin.CreateTopicsAsync([new TopicSpecification { Name = _topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        await EventuallyAsync(() => Task.FromResult(admin.GetMetadata(_topic, Patience).Topics[0].Error.Code == ErrorCode.NoError));
    }

    private async Task<ErrorCode> TryDeleteRecordsAsync(IAdminClient client)
    {
        try
        {
            await client.DeleteRecordsAsync([new TopicPartitionOffset(_topic, 0, Offset.End)]);
            return ErrorCode.NoError;
        }
        catch (DeleteRecordsException refused)
        {
            return refused.Results[0].Error.Code;
        }
    }

    private async Task<ErrorCode> TryProduceAsync(bool idempotent = true)
    {
        using IProducer<Null, string> producer = Producer("user", idempotent);
        try
        {
            await producer.ProduceAsync(_topic, new Message<Null, string> { Value = "v" });
            return ErrorCode.NoError;
        }
        catch (ProduceException<Null, string> refused)
        {
            return refused.Error.Code;
        }
    }

    private ErrorCode TryConsume(string group)
    {
        ConsumerConfig config = Config<ConsumerConfig>("user", "user");
        config.GroupId = group;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.SessionTimeoutMs = 6000;
        using IConsumer<Ignore, string> consumer = new ConsumerBuilder<Ignore, string>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(_topic);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            consumer.Consume(patience.Token);
            return ErrorCode.NoError;
        }
        catch (ConsumeException refused)
        {
            return refused.Error.Code;
        }
        finally
        {
            consumer.Close();
        }
    }

    private AclBinding Rule(
        AclOperation operation, ResourceType type = ResourceType.Topic, string? name = null, ResourcePatternType pattern = ResourcePatternType.Literal, string host = "*",
        AclPermissionType permission = AclPermissionType.Allow) => new()
        {
            Pattern = new ResourcePattern { Type = type, Name = name ?? _topic, ResourcePatternType = pattern },
            Entry = new AccessControlEntry { Principal = "User:user", Host = host, Operation = operation, PermissionType = permission },
        };

    private AclBindingFilter Filter(ResourcePatternType pattern = ResourcePatternType.Any, ResourceType type = ResourceType.Topic) => new()
    {
        PatternFilter = new ResourcePatternFilter { Type = type, Name = _topic, ResourcePatternType = pattern },
        EntryFilter = new AccessControlEntryFilter { Operation = AclOperation.Any, PermissionType = AclPermissionType.Any },
    };

    /// <summary>What the command says to one who does not say who he is, or says it wrong.</summary>
    private async Task<string> CommandAsync(params string[] settings) => (await ProgramRun.RunAsync(
        FreshetProcess.Program, ["topic", "list", "-b", BootstrapServers, "--timeout", "5000", .. settings.SelectMany(setting => (string[])["-X", setting])])).Errors;

    private static UserScramCredentialUpsertion Credential(string user, string password, ScramMechanism mechanism = ScramMechanism.ScramSha256) => new()
    {
        User = user,
        ScramCredentialInfo = new ScramCredentialInfo { Mechanism = mechanism, Iterations = 4096 },
        Password = Encoding.UTF8.GetBytes(password),
        Salt = RandomNumberGenerator.GetBytes(16),
    };

    private IAdminClient Admin(string user) => new AdminClientBuilder(Config<AdminClientConfig>(user, user)).SetLogHandler((_, _) => { }).Build();

    private IProducer<Null, string> Producer(string user, bool idempotent = true)
    {
        ProducerConfig config = Config<ProducerConfig>(user, user);
        config.EnableIdempotence = idempotent;
        config.LingerMs = 0;
        return new ProducerBuilder<Null, string>(config).SetLogHandler((_, _) => { }).Build();
    }

    private T Config<T>(string user, string password, SaslMechanism mechanism = SaslMechanism.Plain)
        where T : ClientConfig, new() => new()
        {
            BootstrapServers = BootstrapServers,
            SecurityProtocol = SecurityProtocol.SaslPlaintext,
            SaslMechanism = mechanism,
            SaslUsername = user,
            SaslPassword = password,
        };
}
