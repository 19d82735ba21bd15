using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Freshet.Broker.Tests.Access;
using Freshet.Node;
using Freshet.Protocol.Kafka;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Freshet.Broker.Tests.Authentication;

public sealed class SaslTests : IDisposable
{
    private const string Sasl = "SASL";
    private readonly TlsFolder _tls = new();

    [Theory]
    [InlineData(SaslOptions.Plain, false)]
    [InlineData(SaslOptions.Plain, true)]
    [InlineData(SaslOptions.ScramSha256, false)]
    [InlineData(SaslOptions.ScramSha256, true)]
    [InlineData(SaslOptions.ScramSha512, false)]
    public async Task A_client_that_knows_the_password_produces_and_consumes(string mechanism, bool tls)
    {
        await using FreshetNode node = await StartAsync(tls);
        await AddUserAsync(node, "alice", "wonderland");
        using IProducer<string, string> producer = node.Producer(config => SignIn(config, node, mechanism, "alice", "wonderland", tls));
        await producer.ProduceAsync("t", new Message<string, string> { Value = "v" });
        using IConsumer<string, string> consumer = node.Consumer("g", config => SignIn(config, node, mechanism, "alice", "wonderland", tls));
        consumer.Subscribe("t");
        Assert.Equal("v", consumer.Take(1)[0].Message.Value);
    }

    [Theory]
    [InlineData(SaslOptions.Plain, "alice", "wrong")]
    [InlineData(SaslOptions.Plain, "nobody", "wonderland")]
    [InlineData(SaslOptions.ScramSha256, "alice", "wrong")]
    [InlineData(SaslOptions.ScramSha512, "nobody", "wonderland")]
    [InlineData("GSSAPI", "alice", "wonderland")]
    public async Task A_client_that_does_not_is_told_so(string mechanism, string user, string password)
    {
        await using FreshetNode node = await StartAsync();
        await AddUserAsync(node, "alice", "wonderland");
        var failed = new TaskCompletionSource<Error>(TaskCreationOptions.RunContinuationsAsynchronously);
        var config = new AdminClientConfig();
        SignIn(config, node, mechanism == "GSSAPI" ? SaslOptions.OAuthBearer : mechanism, user, password);
        using IAdminClient admin = new AdminClientBuilder(config)
            .SetOAuthBearerTokenRefreshHandler((client, _) => client.OAuthBearerSetToken("x", DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds(), "x"))
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) =>
            {
                if (error.Code is ErrorCode.Local_Authentication)
                {
                    failed.TrySetResult(error);
                }
            })
            .Build();
        Error error = await failed.Task.WaitAsync(KafkaClients.Patience);
        Assert.Contains(mechanism == "GSSAPI" ? "mechanism" : "Authentication failed", error.Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_listener_with_users_of_its_own_knows_no_others()
    {
        await using FreshetNode node = await StartAsync(configure: broker => broker.PerListener["sasl"] = new ListenerOptions
        {
            Sasl = new SaslOptions { Mechanisms = [SaslOptions.Plain], PlainUsers = new Dictionary<string, string> { ["carol"] = "own" } },
        });
        Assert.Equal(ErrorCode.NoError, await OutcomeAsync(node, SaslOptions.Plain, "carol", "own"));
        Assert.Equal(ErrorCode.Local_Authentication, await OutcomeAsync(node, SaslOptions.Plain, "alice", "wonderland"));
        await AddUserAsync(node, "alice", "wonderland");
        Assert.Equal(ErrorCode.Local_Authentication, await OutcomeAsync(node, SaslOptions.ScramSha256, "alice", "wonderland"));
    }

    [Fact]
    public async Task Credentials_are_set_described_without_secrets_and_removed_while_the_broker_runs()
    {
        await using FreshetNode node = await StartAsync();
        await AddUserAsync(node, "alice", "wonderland");
        using IAdminClient admin = node.Admin();
        DescribeUserScramCredentialsResult described = await admin.DescribeUserScramCredentialsAsync([]);
        UserScramCredentialsDescription alice = Assert.Single(described.UserScramCredentialsDescriptions);
        Assert.Equal("alice", alice.User);
        Assert.Equal([(ScramMechanism.ScramSha256, 4096), (ScramMechanism.ScramSha512, 4096)], alice.ScramCredentialInfos.Select(info => (info.Mechanism, info.Iterations)));
        await admin.AlterUserScramCredentialsAsync([new UserScramCredentialDeletion { User = "alice", Mechanism = ScramMechanism.ScramSha256 }]);
        described = await admin.DescribeUserScramCredentialsAsync(["alice"]);
        Assert.Equal(ScramMechanism.ScramSha512, Assert.Single(described.UserScramCredentialsDescriptions[0].ScramCredentialInfos).Mechanism);
        var refused = await Assert.ThrowsAsync<AlterUserScramCredentialsException>(
            () => admin.AlterUserScramCredentialsAsync([new UserScramCredentialDeletion { User = "alice", Mechanism = ScramMechanism.ScramSha256 }]));
        Assert.Equal(ErrorCode.ResourceNotFound, refused.Results[0].Error.Code);
        var weak = await Assert.ThrowsAsync<AlterUserScramCredentialsException>(() => admin.AlterUserScramCredentialsAsync([Upsertion("alice", "pass", ScramMechanism.ScramSha256, 100)]));
        Assert.Equal(ErrorCode.UnacceptableCredential, weak.Results[0].Error.Code);
    }

    [Fact]
    public async Task Credentials_outlive_the_broker()
    {
        using var folder = new Freshet.Tests.Support.TemporaryFolder();
        await using (FreshetNode first = await StartAsync(data: folder.Path))
        {
            await AddUserAsync(first, "alice", "wonderland");
        }

        await using FreshetNode second = await StartAsync(data: folder.Path);
        using IProducer<string, string> producer = second.Producer(config => SignIn(config, second, SaslOptions.ScramSha256, "alice", "wonderland"));
        await producer.ProduceAsync("t", new Message<string, string> { Value = "v" });
    }

    [Fact]
    public async Task Before_authentication_nothing_but_ApiVersions_is_answered()
    {
        await using FreshetNode node = await StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServersOf(Sasl));
        Assert.NotNull(await client.AskAsync(ApiKey.ApiVersions, 0, (ref KafkaWriter _) => { }));
        Assert.Null(await client.AskAsync(ApiKey.Metadata, 1, (ref KafkaWriter writer) => writer.WriteLength(-1)));
    }

    [Fact]
    public async Task In_the_middle_of_an_authentication_nothing_else_is_answered()
    {
        await using FreshetNode node = await StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServersOf(Sasl));
        Assert.NotNull(await HandshakeAsync(client, 1, SaslOptions.ScramSha256));
        Assert.Null(await client.AskAsync(ApiKey.Metadata, 1, (ref KafkaWriter writer) => writer.WriteLength(-1)));
    }

    [Fact]
    public async Task A_large_request_before_authentication_ends_the_connection()
    {
        await using FreshetNode node = await StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServersOf(Sasl));
        Assert.NotNull(await HandshakeAsync(client, 1, SaslOptions.Plain));
        await client.SendAsync(ApiKey.SaslAuthenticate, 1, (ref KafkaWriter writer) => writer.WriteBytes(new byte[70_000]));
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_mechanism_that_is_not_offered_is_answered_with_those_that_are()
    {
        await using FreshetNode node = await StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServersOf(Sasl));
        byte[] answer = (await HandshakeAsync(client, 1, "GSSAPI"))!;
        Assert.Equal((short)ErrorCode.UnsupportedSaslMechanism, BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4)));
        Assert.Contains(SaslOptions.ScramSha256, Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
        Assert.Null(await client.ReceiveAsync());
    }

    [Theory]
    [InlineData("alice\0alice\0wonderland", true)]
    [InlineData("\0alice\0wonderland", true)]
    [InlineData("root\0alice\0wonderland", false)]
    [InlineData("\0alice\0wonderlan", false)]
    [InlineData("\0alice", false)]
    [InlineData("", false)]
    public async Task Bare_tokens_of_the_first_handshake_are_taken(string token, bool isRight)
    {
        await using FreshetNode node = await StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServersOf(Sasl));
        Assert.NotNull(await HandshakeAsync(client, 0, SaslOptions.Plain));
        await client.SendFrameAsync(Encoding.UTF8.GetBytes(token));
        Assert.Equal(isRight ? [] : null, await client.ReceiveAsync());
        if (isRight)
        {
            Assert.NotNull(await client.AskAsync(ApiKey.Metadata, 1, (ref KafkaWriter writer) => writer.WriteLength(-1)));
        }
    }

    [Fact]
    public async Task Where_nobody_is_asked_SASL_is_out_of_place()
    {
        await using FreshetNode node = await StartAsync();
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
        byte[] answer = (await HandshakeAsync(client, 1, SaslOptions.Plain))!;
        Assert.Equal((short)ErrorCode.IllegalSaslState, BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4)));
    }

    [Fact]
    public async Task A_session_with_a_limit_is_renewed_on_its_connection_and_otherwise_ends()
    {
        await using FreshetNode node = await StartAsync(configure: options => options.Sasl.MaxSession = TimeSpan.FromSeconds(2));
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServersOf(Sasl));
        for (int time = 0; time < 3; time++)
        {
            Assert.NotNull(await HandshakeAsync(client, 1, SaslOptions.Plain));
            byte[] answer = (await client.AskAsync(ApiKey.SaslAuthenticate, 1, (ref KafkaWriter writer) => writer.WriteBytes("\0alice\0wonderland"u8)))!;
            Assert.Equal(0, BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4)));
            Assert.InRange(BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(answer.Length - 8)), 1, 2000);
            Assert.NotNull(await client.AskAsync(ApiKey.Metadata, 1, (ref KafkaWriter writer) => writer.WriteLength(-1)));
        }

        // Asked on and on, the session is over at some time, and then the connection.
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (await client.AskAsync(ApiKey.Metadata, 1, (ref KafkaWriter writer) => writer.WriteLength(-1)) is not null)
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    [Theory]
    [InlineData(SaslOptions.Plain, "\0bob\0builder")]
    [InlineData(SaslOptions.ScramSha256, "")]
    public async Task A_session_stays_with_its_user_and_mechanism(string mechanism, string token)
    {
        await using FreshetNode node = await StartAsync(configure: options => options.Sasl.MaxSession = TimeSpan.FromMinutes(1));
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServersOf(Sasl));
        await HandshakeAsync(client, 1, SaslOptions.Plain);
        await client.AskAsync(ApiKey.SaslAuthenticate, 1, (ref KafkaWriter writer) => writer.WriteBytes("\0alice\0wonderland"u8));
        byte[] answer = (await HandshakeAsync(client, 1, mechanism))!;
        if (mechanism == SaslOptions.Plain)
        {
            answer = (await client.AskAsync(ApiKey.SaslAuthenticate, 1, (ref KafkaWriter writer) => writer.WriteBytes(Encoding.UTF8.GetBytes(token))))!;
        }

        Assert.NotEqual(0, BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(4)));
    }

    public void Dispose() => _tls.Dispose();

    private static Task<byte[]?> HandshakeAsync(RawConnection client, short version, string mechanism) =>
        client.AskAsync(ApiKey.SaslHandshake, version, (ref KafkaWriter writer) => writer.WriteString(mechanism));

    /// <summary>How signing in ends: no error, or the first that the client tells of.</summary>
    private async Task<ErrorCode> OutcomeAsync(FreshetNode node, string mechanism, string user, string password)
    {
        var ended = new TaskCompletionSource<ErrorCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var config = new AdminClientConfig();
        SignIn(config, node, mechanism, user, password);
        using IAdminClient admin = new AdminClientBuilder(config).SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) =>
            {
                if (error.Code is ErrorCode.Local_Authentication)
                {
                    ended.TrySetResult(error.Code);
                }
            })
            .Build();
        _ = admin.DescribeClusterAsync().ContinueWith(_ => ended.TrySetResult(ErrorCode.NoError), TaskContinuationOptions.OnlyOnRanToCompletion);
        return await ended.Task.WaitAsync(KafkaClients.Patience);
    }

    private async ValueTask<FreshetNode> StartAsync(bool tls = false, Action<BrokerOptions>? configure = null, string? data = null)
    {
        var options = new FreshetNodeOptions
        {
            DataDirectory = data,
            ConfigureBroker = broker =>
            {
                broker.Sasl = new SaslOptions
                {
                    Mechanisms = [SaslOptions.Plain, SaslOptions.ScramSha256, SaslOptions.ScramSha512],
                    PlainUsers = new Dictionary<string, string> { ["alice"] = "wonderland", ["bob"] = "builder" },
                };
                configure?.Invoke(broker);
            },
        };
        options.KafkaListeners.Add(new KafkaListener());
        options.KafkaListeners.Add(new KafkaListener { Name = Sasl, Protocol = tls ? SecurityProtocol.SaslSsl : SecurityProtocol.SaslPlaintext, Tls = tls ? _tls.Options() : null });
        return await FreshetNode.StartAsync(options, new TestLog());
    }

    private static async Task AddUserAsync(FreshetNode node, string user, string password)
    {
        using IAdminClient admin = node.Admin();
        await admin.AlterUserScramCredentialsAsync(
            [Upsertion(user, password, ScramMechanism.ScramSha256, 4096), Upsertion(user, password, ScramMechanism.ScramSha512, 4096)]);
    }

    private static UserScramCredentialUpsertion Upsertion(string user, string password, ScramMechanism mechanism, int iterations) => new()
    {
        User = user,
        ScramCredentialInfo = new ScramCredentialInfo { Mechanism = mechanism, Iterations = iterations },
        Password = Encoding.UTF8.GetBytes(password),
        Salt = RandomNumberGenerator.GetBytes(16),
    };

    private void SignIn(ClientConfig config, FreshetNode node, string mechanism, string user, string password, bool tls = false)
    {
        config.BootstrapServers = node.BootstrapServersOf(Sasl);
        if (tls)
        {
            _tls.Trust(config);
        }

        config.SecurityProtocol = tls ? Confluent.Kafka.SecurityProtocol.SaslSsl : Confluent.Kafka.SecurityProtocol.SaslPlaintext;
        config.SaslMechanism = mechanism switch
        {
            SaslOptions.Plain => SaslMechanism.Plain,
            SaslOptions.ScramSha256 => SaslMechanism.ScramSha256,
            SaslOptions.ScramSha512 => SaslMechanism.ScramSha512,
            _ => SaslMechanism.OAuthBearer,
        };
        config.SaslUsername = user;
        config.SaslPassword = password;
    }
}
