using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Freshet.Broker;
using Freshet.Node.Configuration.Kafka;
using Freshet.Node.Tls;
using Freshet.Tests.Support;

namespace Freshet.Node.Tests;

public sealed class KafkaConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_sample_file_of_a_single_node_is_read()
    {
        KafkaConfiguration read = Read($"""
            process.roles=broker,controller
            node.id=7
            controller.quorum.voters=7@localhost:9093
            controller.listener.names=CONTROLLER
            listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://:9093
            inter.broker.listener.name=PLAINTEXT
            advertised.listeners=PLAINTEXT://kafka.example:9092,CONTROLLER://kafka.example:9093
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
            num.network.threads=3
            offsets.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            log.dirs={_folder.Path}/data
            num.partitions=3
            log.retention.hours=24
            log.segment.bytes=1073741824
            producer.id.expiration.ms=60000
            telemetry.max.bytes=2000
            group.consumer.migration.policy=upgrade
            """);
        Assert.Empty(read.Warnings);
        KafkaListener listener = Assert.Single(read.Options.KafkaListeners);
        Assert.Equal(("PLAINTEXT", IPAddress.Loopback, 19092, "kafka.example", 9092), (listener.Name, listener.Address, listener.Port, listener.AdvertisedHost, listener.AdvertisedPort));
        Assert.Equal(Path.Combine(_folder.Path, "data"), read.Options.DataDirectory);
        BrokerOptions broker = Broker(read);
        Assert.Equal((7, 3, "24", 2000), (broker.BrokerId, broker.DefaultPartitions, broker.TopicDefaults["log.retention.hours"], broker.MaxClientTelemetryBytes));
        Assert.Equal((TimeSpan.FromMinutes(1), GroupMigrationPolicy.Upgrade), (broker.ProducerIdExpiration, broker.GroupMigrationPolicy));
        Assert.True(read.Options.Coordination);
    }

    [Fact]
    public void Listeners_with_TLS_SASL_and_rules_are_read()
    {
        KafkaConfiguration read = Read("""
            listeners=IN://127.0.0.1:1,OUT://0.0.0.0:2
            listener.security.protocol.map=IN:SASL_PLAINTEXT,OUT:SASL_SSL
            ssl.keystore.location=/etc/all.pem
            ssl.keystore.password=secret
            listener.name.out.ssl.keystore.location=/etc/out.pem
            listener.name.out.ssl.client.auth=required
            ssl.truststore.location=/etc/trust.pem
            sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512,OAUTHBEARER
            plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_everyone=all;
            listener.name.in.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
                user_admin="adm\\"in" user_bob=simple;
            sasl.oauthbearer.jwks.endpoint.url=https://issuer.example/keys
            sasl.oauthbearer.expected.issuer=https://issuer.example
            sasl.oauthbearer.expected.audience=kafka,other
            listener.name.out.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required \
                ssl.truststore.location="/etc/issuer.pem" ssl.truststore.type="PEM";
            connections.max.reauth.ms=60000
            listener.name.out.connections.max.reauth.ms=30000
            listener.name.out.max.connections=7
            max.connection.creation.rate=20
            listener.name.out.max.connection.creation.rate=3
            listener.name.out.ssl.principal.mapping.rules=RULE:CN=(.*)/$1/
            max.connections.per.ip.overrides=127.0.0.1:5,[::1]:6
            authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
            super.users=User:admin;User:CN=x,O=y
            zookeeper.connect=127.0.0.1:2181/kafka
            """);
        Assert.Empty(read.Warnings);
        Assert.Null(read.Options.KafkaListeners[0].Tls);
        TlsOptions tls = read.Options.KafkaListeners[1].Tls!;
        Assert.Equal(("/etc/out.pem", "secret", ClientCertificates.Need, "/etc/trust.pem"), (tls.CertificateFile, tls.Password, tls.ClientCertificates, tls.TrustFile));
        BrokerOptions broker = Broker(read);
        (ListenerOptions inside, ListenerOptions outside) = (broker.PerListener["IN"], broker.PerListener["OUT"]);
        Assert.Equal(["PLAIN", "SCRAM-SHA-512", "OAUTHBEARER"], inside.Sasl!.Mechanisms);
        Assert.Equal([("admin", "adm\"in"), ("bob", "simple")], inside.Sasl.PlainUsers.Select(user => (user.Key, user.Value)));
        Assert.Equal([("everyone", "all")], outside.Sasl!.PlainUsers.Select(user => (user.Key, user.Value)));
        Assert.Equal(["kafka", "other"], inside.Sasl.Tokens!.Audiences);
        Assert.Equal((null, "/etc/issuer.pem"), (inside.Sasl.Tokens.KeysTrustFile, outside.Sasl.Tokens!.KeysTrustFile));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30)), (inside.Sasl.MaxSession, outside.Sasl.MaxSession));
        Assert.Equal((null, 7, "RULE:CN=(.*)/$1/"), (inside.MaxConnections, outside.MaxConnections, outside.CertificatePrincipalRules));
        Assert.Equal((20, null, 3), (broker.MaxConnectionCreationRate, inside.MaxConnectionCreationRate, outside.MaxConnectionCreationRate));
        Assert.Equal((5, 6), (broker.MaxConnectionsByAddress[IPAddress.Loopback], broker.MaxConnectionsByAddress[IPAddress.IPv6Loopback]));
        Assert.Equal((true, false), (broker.Authorizer.IsOn, broker.Authorizer.AllowsEveryoneWithoutRules));
        Assert.Equal(["User:admin", "User:CN=x,O=y"], broker.Authorizer.SuperUsers);
        Assert.Equal((false, "127.0.0.1:2181/kafka"), (read.Options.Coordination, read.Options.CoordinationConnectString));
    }

    [Theory]
    [InlineData("no.such.key=1", "line 1: no.such.key: This key is not known")]
    [InlineData("default.replication.factor=3", "one copy")]
    [InlineData("delete.topic.enable=false", "a rule that denies Delete")]
    [InlineData("log.cleaner.enable=false", "compacts")]
    [InlineData("listeners=PLAINTEXT://:9092", "listening on 127.0.0.1 only")]
    [InlineData("listeners=PLAINTEXT://0.0.0.0:9092", "open to the network")]
    [InlineData("num.partitions=1\nnum.partitions=2", "Line 2 has the same key")]
    public void What_has_no_effect_or_another_one_is_warned_of(string text, string expected) =>
        Assert.Contains(Read(text).Warnings, warning => warning.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("num.partitions=many", "line 1: num.partitions: 'many' cannot be used")]
    [InlineData("\nlog.retention.ms=soon", "line 2: log.retention.ms")]
    [InlineData("group.consumer.migration.policy=upgrade,downgrade", "must be bidirectional, upgrade, downgrade or disabled")]
    [InlineData("listeners=127.0.0.1:9092", "NAME://host:port")]
    [InlineData("listeners=INSIDE://127.0.0.1:9092", "listener.security.protocol.map must say")]
    [InlineData("listeners=SSL://127.0.0.1:9092", "no ssl.keystore.location")]
    [InlineData("listeners=SASL_PLAINTEXT://127.0.0.1:9092", "no sasl.enabled.mechanisms")]
    [InlineData("listeners=SASL_PLAINTEXT://127.0.0.1:9092\nsasl.enabled.mechanisms=GSSAPI", "does not have GSSAPI")]
    [InlineData("listeners=SASL_PLAINTEXT://127.0.0.1:9092\nsasl.enabled.mechanisms=OAUTHBEARER", "jwks.endpoint.url")]
    [InlineData("listeners=A://127.0.0.1:1,A://127.0.0.1:2", "twice")]
    [InlineData("advertised.listeners=B://127.0.0.1:1", "There is no listener B")]
    [InlineData("log.dirs=/a,/b", "one folder")]
    [InlineData("process.roles=controller", "role broker")]
    [InlineData("controller.quorum.voters=1@a:1,2@b:1", "several controllers")]
    [InlineData("authorizer.class.name=com.example.Mine", "Kafka's own authorizer only")]
    [InlineData("ssl.keystore.type=JKS", "Convert a JKS store")]
    [InlineData("listeners=SASL_PLAINTEXT://127.0.0.1:9092\nsasl.enabled.mechanisms=PLAIN", "offers PLAIN but has no users")]
    [InlineData("max.connections.per.ip.overrides=127.0.0.1", "an address, a colon")]
    [InlineData("ssl.keystore.location=/a\nssl.keystore.certificate.chain=b", "keep one of the two", "listeners=SSL://127.0.0.1:1")]
    [InlineData("ssl.client.auth=maybe", "none, requested or required", "listeners=SSL://127.0.0.1:1")]
    [InlineData("zookeeper.set.acl=true", "does not have this protection")]
    public void A_value_that_cannot_be_used_is_refused_with_file_and_reason(string text, string expected, string more = "")
    {
        InvalidDataException wrong = Assert.Throws<InvalidDataException>(() => Read($"{text}\n{more}"));
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("server.properties", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_message_shows_a_password()
    {
        InvalidDataException wrong = Assert.Throws<InvalidDataException>(() => Read("sasl.jaas.config=x required user_a=\"hidden\""));
        Assert.DoesNotContain("hidden", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Certificates_may_stand_in_the_file_itself(bool encrypted)
    {
        using var authority = new TestCertificates();
        using X509Certificate2 server = authority.Issue("server");
        string key = encrypted
            ? server.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000))
            : TestCertificates.PrivateKeyPem(server);
        KafkaConfiguration read = Read($"""
            listeners=SSL://127.0.0.1:0
            log.dirs={_folder.Path}/data
            ssl.keystore.type=PEM
            ssl.keystore.certificate.chain={InOneLine(server.ExportCertificatePem())}
            ssl.keystore.key={InOneLine(key)}
            {(encrypted ? "ssl.key.password=secret" : "")}
            ssl.truststore.type=PEM
            ssl.truststore.certificates={authority.AuthorityPem.Replace("\n", "\\n", StringComparison.Ordinal)}
            ssl.client.auth=required
            """);
        Assert.Empty(read.Warnings);
        await using FreshetNode node = await FreshetNode.StartAsync(read.Options);
        using X509Certificate2 client = authority.Issue("client", forClient: true);
        using Confluent.Kafka.IAdminClient admin = new Confluent.Kafka.AdminClientBuilder(new Confluent.Kafka.AdminClientConfig
        {
            BootstrapServers = node.BootstrapServers,
            SecurityProtocol = Confluent.Kafka.SecurityProtocol.Ssl,
            SslCaPem = authority.AuthorityPem,
            SslCertificatePem = client.ExportCertificatePem(),
            SslKeyPem = TestCertificates.PrivateKeyPem(client),
        }).Build();
        Assert.Single(admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers);

        // A properties file continues a line by a backslash, which leaves one line without breaks.
        static string InOneLine(string pem) => pem.Replace("\n", "\\\n", StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_of_an_Apache_Kafka_is_not_started_on()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "meta.properties"), "version=1");
        Assert.Contains("Apache Kafka's data", Assert.Throws<InvalidDataException>(() => Read($"log.dirs={_folder.Path}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_runs_as_the_file_says()
    {
        KafkaConfiguration read = Read($"broker.id=3\nlisteners=ONE://127.0.0.1:0\nlistener.security.protocol.map=ONE:PLAINTEXT\nlog.dirs={_folder.Path}/data\nnum.partitions=5\n");
        await using FreshetNode node = await FreshetNode.StartAsync(read.Options);
        using Confluent.Kafka.IAdminClient admin = new Confluent.Kafka.AdminClientBuilder(new Confluent.Kafka.AdminClientConfig { BootstrapServers = node.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new Confluent.Kafka.Admin.TopicSpecification { Name = "t" }]);
        Confluent.Kafka.Metadata metadata = admin.GetMetadata("t", TimeSpan.FromSeconds(30));
        Assert.Equal((3, 5), (metadata.Brokers[0].BrokerId, metadata.Topics[0].Partitions.Count));
    }

    public void Dispose() => _folder.Dispose();

    private static BrokerOptions Broker(KafkaConfiguration read)
    {
        var broker = new BrokerOptions { DataDirectory = "" };
        read.Options.ConfigureBroker!(broker);
        return broker;
    }

    private KafkaConfiguration Read(string text)
    {
        string path = Path.Combine(_folder.Path, "server.properties");
        File.WriteAllText(path, text);
        return KafkaConfiguration.Read(path);
    }
}
