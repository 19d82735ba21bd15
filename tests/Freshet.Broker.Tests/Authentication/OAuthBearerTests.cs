using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Freshet.Node;
using Freshet.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Freshet.Broker.Tests.Authentication;

public sealed class OAuthBearerTests : IDisposable
{
    private const string Issuer = "https://issuer.test";
    private const string Audience = "the-broker";
    private readonly TemporaryFolder _folder = new();
    private readonly RSA _key = RSA.Create(2048);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_signed_token_lets_its_subject_in(bool asKeySet)
    {
        await using FreshetNode node = await StartAsync(asKeySet);
        using IProducer<string, string> producer = Producer(node, Token(_key));
        await producer.ProduceAsync("t", new Message<string, string> { Value = "v" });
    }

    [Theory]
    [InlineData("another key")]
    [InlineData("another issuer")]
    [InlineData("another audience")]
    [InlineData("no audience")]
    [InlineData("expired")]
    [InlineData("not yet")]
    [InlineData("unsigned")]
    [InlineData("signed with the public key as a password")]
    [InlineData("no subject")]
    [InlineData("garbage")]
    public async Task Any_other_token_lets_nobody_in(string fault)
    {
        await using FreshetNode node = await StartAsync(asKeySet: false);
        using RSA stranger = RSA.Create(2048);
        string token = fault switch
        {
            "another key" => Token(stranger),
            "another issuer" => Token(_key, issuer: "https://someone.test"),
            "another audience" => Token(_key, audience: "someone"),
            "no audience" => Token(_key, audience: null),
            "expired" => Token(_key, from: -120, to: -60),
            "not yet" => Token(_key, from: 3600, to: 7200),
            "unsigned" => Unsigned(),
            "signed with the public key as a password" => SignedWithPublicKey(),
            "no subject" => Token(_key, subject: null),
            _ => "not.a.token",
        };
        var refused = new TaskCompletionSource<Error>(TaskCreationOptions.RunContinuationsAsynchronously);
        using IProducer<string, string> producer = Producer(node, token, refused);
        Assert.Contains("Authentication failed", (await refused.Task.WaitAsync(KafkaClients.Patience)).Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_rotated_key_is_read_when_it_is_needed()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        using RSA next = RSA.Create(2048);
        WriteKeySet(_key);
        using var keys = new Freshet.Broker.Authentication.SigningKeys(Options(KeyFile), clock, new TestLog());
        var validator = new Freshet.Broker.Authentication.TokenValidator(Options(KeyFile), keys, clock, new TestLog());
        Assert.NotNull((await validator.ValidateAsync(Token(_key), TestContext.Current.CancellationToken)).User);
        WriteKeySet(next);
        Assert.Null((await validator.ValidateAsync(Token(next), TestContext.Current.CancellationToken)).User);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull((await validator.ValidateAsync(Token(next), TestContext.Current.CancellationToken)).User);
        Assert.Null((await validator.ValidateAsync(Token(_key), TestContext.Current.CancellationToken)).User);
    }

    [Fact]
    public async Task Keys_come_from_an_https_server_that_the_option_trusts_and_a_new_key_is_fetched()
    {
        using var authority = new TestCertificates();
        await using var server = new KeyServer(authority.Issue("keys")) { Text = KeySet(_key) };
        using RSA next = RSA.Create(2048);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        OAuthBearerOptions options = Trusting(server, authority);
        using var keys = new Freshet.Broker.Authentication.SigningKeys(options, clock, new TestLog());
        var validator = new Freshet.Broker.Authentication.TokenValidator(options, keys, clock, new TestLog());
        Assert.Equal("alice", await UserOfAsync(validator, _key));
        server.Text = KeySet(next);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("alice", await UserOfAsync(validator, next));
        Assert.Null(await UserOfAsync(validator, _key));
        // The issuer is away when its keys are to be read again: those known stay.
        server.Text = null;
        clock.Advance(options.RefreshKeysAfter);
        Assert.Equal("alice", await UserOfAsync(validator, next));
        Assert.Equal(3, server.Asked);
    }

    [Fact]
    public async Task A_client_signs_in_with_keys_over_https()
    {
        using var authority = new TestCertificates();
        await using var server = new KeyServer(authority.Issue("keys")) { Text = KeySet(_key) };
        await using FreshetNode node = await StartAsync(Trusting(server, authority));
        using IProducer<string, string> producer = Producer(node, Token(_key));
        await producer.ProduceAsync("t", new Message<string, string> { Value = "v" });
    }

    [Theory]
    [InlineData("not trusted")]
    [InlineData("not there")]
    public async Task Without_keys_nobody_is_let_in_and_only_the_first_waits_for_them(string fault)
    {
        using var authority = new TestCertificates();
        using var other = new TestCertificates();
        await using var server = new KeyServer(authority.Issue("keys")) { Text = KeySet(_key) };
        OAuthBearerOptions options = Trusting(server, fault == "not trusted" ? other : authority);
        if (fault == "not there")
        {
            options.Keys = new Uri($"https://127.0.0.1:{FreshetProcess.FreePort()}/keys");
        }

        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var log = new CountingLog();
        using var keys = new Freshet.Broker.Authentication.SigningKeys(options, clock, log);
        var validator = new Freshet.Broker.Authentication.TokenValidator(options, keys, clock, new TestLog());
        for (int client = 0; client < 5; client++)
        {
            Assert.Null(await UserOfAsync(validator, _key));
        }

        Assert.Equal(1, log.Entries);
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await UserOfAsync(validator, _key));
        Assert.Equal(2, log.Entries);
    }

    [Fact]
    public void A_file_without_certificates_is_nothing_to_trust()
    {
        File.WriteAllText(KeyFile, "");
        OAuthBearerOptions options = Options(KeyFile);
        options.KeysTrustFile = KeyFile;
        Assert.Contains(
            "no certificate",
            Assert.Throws<ArgumentException>(() => new Freshet.Broker.Authentication.SigningKeys(options, TimeProvider.System, new TestLog())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_lasts_no_longer_than_its_token()
    {
        await using FreshetNode node = await StartAsync(asKeySet: true);
        using RawConnection client = await RawConnection.OpenAsync(node.BootstrapServers!);
        await client.AskAsync(Freshet.Protocol.Kafka.ApiKey.SaslHandshake, 1, (ref Freshet.Protocol.Kafka.KafkaWriter writer) => writer.WriteString(SaslOptions.OAuthBearer));
        string token = Token(_key, to: 90);
        byte[] answer = (await client.AskAsync(Freshet.Protocol.Kafka.ApiKey.SaslAuthenticate, 1, (ref Freshet.Protocol.Kafka.KafkaWriter writer) =>
            writer.WriteBytes(Encoding.UTF8.GetBytes($"n,,\u0001auth=Bearer {token}\u0001\u0001"))))!;
        Assert.InRange(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(answer.AsSpan(answer.Length - 8)), 1, 90_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("the-broker")]
    public async Task Neither_issuer_nor_audience_may_be_left_out(string audience)
    {
        OAuthBearerOptions tokens = Options(KeyFile);
        tokens.Issuer = audience.Length == 0 ? Issuer : "";
        tokens.Audiences = audience.Length == 0 ? [] : [audience];
        await Assert.ThrowsAsync<ArgumentException>(async () => await StartAsync(tokens));
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private string KeyFile => Path.Combine(_folder.Path, "keys.json");

    private ValueTask<FreshetNode> StartAsync(bool asKeySet)
    {
        string file = asKeySet ? KeyFile : Path.Combine(_folder.Path, "key.pem");
        if (asKeySet)
        {
            WriteKeySet(_key);
        }
        else
        {
            File.WriteAllText(file, _key.ExportSubjectPublicKeyInfoPem());
        }

        return StartAsync(Options(file));
    }

    private static async ValueTask<FreshetNode> StartAsync(OAuthBearerOptions tokens)
    {
        var options = new FreshetNodeOptions
        {
            ConfigureBroker = broker => broker.Sasl = new SaslOptions { Mechanisms = [SaslOptions.OAuthBearer], Tokens = tokens },
        };
        options.KafkaListeners.Add(new KafkaListener { Name = "SASL", Protocol = SecurityProtocol.SaslPlaintext });
        return await FreshetNode.StartAsync(options, new TestLog());
    }

    private static OAuthBearerOptions Options(string file) => new() { Issuer = Issuer, Audiences = [Audience], Keys = new Uri(file) };

    private OAuthBearerOptions Trusting(KeyServer server, TestCertificates authority)
    {
        string trust = Path.Combine(_folder.Path, "trust.pem");
        File.WriteAllText(trust, authority.AuthorityPem);
        return new OAuthBearerOptions { Issuer = Issuer, Audiences = [Audience], Keys = server.Address, KeysTrustFile = trust };
    }

    private static async Task<string?> UserOfAsync(Freshet.Broker.Authentication.TokenValidator validator, RSA key) =>
        (await validator.ValidateAsync(Token(key), TestContext.Current.CancellationToken)).User;

    private void WriteKeySet(RSA key) => File.WriteAllText(KeyFile, KeySet(key));

    private static string KeySet(RSA key)
    {
        RSAParameters parts = key.ExportParameters(false);
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", kid = Id(key), alg = "RS256", n = Base64UrlEncoder.Encode(parts.Modulus), e = Base64UrlEncoder.Encode(parts.Exponent) } },
        });
    }

    private static string Id(RSA key) => Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];

    private static string Token(RSA key, string issuer = Issuer, string? audience = Audience, string? subject = "alice", int from = -10, int to = 3600) => new JsonWebTokenHandler
    {
        SetDefaultTimesOnTokenCreation = false,
    }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer,
        Audience = audience,
        Claims = subject is null ? [] : new Dictionary<string, object> { ["sub"] = subject },
        NotBefore = DateTime.UtcNow.AddSeconds(from),
        IssuedAt = DateTime.UtcNow.AddSeconds(from),
        Expires = DateTime.UtcNow.AddSeconds(to),
        SigningCredentials = new SigningCredentials(new RsaSecurityKey(key) { KeyId = Id(key) }, SecurityAlgorithms.RsaSha256),
    });

    private static string Unsigned() => $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{Claims()}.";

    /// <summary>The old trick: a server that takes any algorithm checks this with the public key as the secret of an HMAC.</summary>
    private string SignedWithPublicKey()
    {
        string content = $"{Base64UrlEncoder.Encode("""{"alg":"HS256"}""")}.{Claims()}";
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_key.ExportSubjectPublicKeyInfoPem()), Encoding.UTF8.GetBytes(content));
        return $"{content}.{Base64UrlEncoder.Encode(signature)}";
    }

    private static string Claims() => Base64UrlEncoder.Encode(JsonSerializer.Serialize(new
    {
        iss = Issuer,
        aud = Audience,
        sub = "alice",
        exp = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(),
    }));

    private static IProducer<string, string> Producer(FreshetNode node, string token, TaskCompletionSource<Error>? refused = null) =>
        new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = node.BootstrapServers,
            SecurityProtocol = Confluent.Kafka.SecurityProtocol.SaslPlaintext,
            SaslMechanism = SaslMechanism.OAuthBearer,
        })
            .SetOAuthBearerTokenRefreshHandler((client, _) => client.OAuthBearerSetToken(token, DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds(), "alice"))
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) =>
            {
                if (error.Code == ErrorCode.Local_Authentication)
                {
                    refused?.TrySetResult(error);
                }
            })
            .Build();

    private sealed class CountingLog : ILogger
    {
        public int Entries { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Entries++;
    }
}
