using System.Security.Cryptography;
using Freshet.Coordination.Access;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;
using Freshet.Tests.Support;
using Microsoft.AspNetCore.Connections;

namespace Freshet.Coordination.Tests.Wire;

public sealed class AuthenticationTests : IDisposable
{
    // base64(SHA1("super:secret")), as Apache ZooKeeper's DigestAuthenticationProvider prints it.
    private const string SuperDigest = "super:lK75jTNcA+U9vtVEw5vB51mj/w4=";
    private static readonly Acl[] Nobody = [new Acl(AclPermissions.All, "digest", "nobody:x")];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_super_user_passes_every_access_list()
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.SuperDigest = SuperDigest);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/closed", acl: Nobody));
        Assert.Equal(ErrorCode.NoAuth, await client.ErrorOfAsync(OpCode.SetData, Bodies.SetData("/closed", "new")));
        await client.CallAsync(OpCode.Auth, Bodies.Auth("digest", "super:wrong"), ReservedXid.Auth);
        Assert.Equal(ErrorCode.NoAuth, await client.ErrorOfAsync(OpCode.SetData, Bodies.SetData("/closed", "new")));
        await client.CallAsync(OpCode.Auth, Bodies.Auth("digest", "super:secret"), ReservedXid.Auth);
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.SetData, Bodies.SetData("/closed", "new")));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/closed")));
    }

    [Fact]
    public async Task Without_the_option_nobody_is_super()
    {
        await using TestServer server = await TestServer.StartAsync(_folder);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/closed", acl: Nobody));
        await client.CallAsync(OpCode.Auth, Bodies.Auth("digest", "super:secret"), ReservedXid.Auth);
        Assert.Equal(ErrorCode.NoAuth, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/closed")));
    }

    [Fact]
    public async Task Where_authentication_is_required_others_are_told_so_and_closed()
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.RequiredAuthenticationSchemes = ["digest"]);
        using RawClient stranger = await RawClient.ConnectAsync(server.Address);
        (ReplyHeader header, _) = await stranger.CallAsync(OpCode.GetData, Bodies.Read("/"));
        Assert.Equal((0L, ErrorCode.SessionClosedRequireSaslAuth), (header.Zxid, header.Error));
        Assert.True(await stranger.IsClosedAsync());
        using RawClient member = await RawClient.ConnectAsync(server.Address);
        Assert.Equal(ErrorCode.Ok, (await member.CallAsync(OpCode.Auth, Bodies.Auth("digest", "user:password"), ReservedXid.Auth)).Header.Error);
        Assert.Equal(ErrorCode.Ok, await member.ErrorOfAsync(OpCode.Create, Bodies.Create("/mine")));
    }

    [Fact]
    public async Task A_scheme_of_ones_own_identifies_authenticates_and_stands_in_access_lists()
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.AuthenticationProviders = [new BadgeScheme()]);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        Acl[] level3 = [new Acl(AclPermissions.All, "badge", "3")];
        Assert.Equal(ErrorCode.InvalidAcl, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/b", acl: [new Acl(AclPermissions.All, "badge", "high")])));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/b", acl: level3)));
        await client.CallAsync(OpCode.Auth, Bodies.Auth("badge", "2"), ReservedXid.Auth);
        Assert.Equal(ErrorCode.NoAuth, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/b")));
        await client.CallAsync(OpCode.Auth, Bodies.Auth("badge", "4"), ReservedXid.Auth);
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/b")));
        Assert.Equal(ErrorCode.AuthFailed, (await client.CallAsync(OpCode.Auth, Bodies.Auth("badge", "forged"), ReservedXid.Auth)).Header.Error);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Access_lists_that_are_not_asked_are_kept_and_the_log_says_so()
    {
        using var log = new WarningLog();
        await using (TestServer open = await TestServer.StartAsync(_folder, options => options.SkipAcl = true, loggers: log))
        {
            using RawClient anybody = await RawClient.ConnectAsync(open.Address);
            await anybody.CallAsync(OpCode.Create, Bodies.Create("/closed", acl: Nobody));
            Assert.Equal(ErrorCode.Ok, await anybody.ErrorOfAsync(OpCode.SetData, Bodies.SetData("/closed", "new")));
        }

        Assert.Contains(log.Warnings, warning => warning.Contains("SkipAcl", StringComparison.Ordinal));
        await using TestServer again = await TestServer.StartAsync(_folder);
        using RawClient client = await RawClient.ConnectAsync(again.Address);
        Assert.Equal(ErrorCode.NoAuth, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/closed")));
    }

    [Fact]
    public async Task The_scheme_digest_may_be_off()
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.DigestAuthentication = false);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        Assert.Equal(ErrorCode.InvalidAcl, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/a", acl: Nobody)));
        Assert.Equal(ErrorCode.AuthFailed, (await client.CallAsync(OpCode.Auth, Bodies.Auth("digest", "u:p"), ReservedXid.Auth)).Header.Error);
    }

    [Fact]
    public async Task Digests_may_be_of_another_hash()
    {
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.DigestAlgorithm = HashAlgorithmName.SHA256);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        string identity = "u:" + Convert.ToBase64String(SHA256.HashData("u:p"u8));
        await client.CallAsync(OpCode.Create, Bodies.Create("/hers", acl: [new Acl(AclPermissions.All, "digest", identity)]));
        Assert.Equal(ErrorCode.NoAuth, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/hers")));
        await client.CallAsync(OpCode.Auth, Bodies.Auth("digest", "u:p"), ReservedXid.Auth);
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/hers")));
    }

    [Theory]
    [InlineData("super:password:7C9v", "digest", "SuperDigest")]
    [InlineData(SuperDigest, "kerberos", "kerberos")]
    public async Task Options_that_make_no_sense_are_refused_at_the_start(string superDigest, string required, string named)
    {
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => TestServer.StartAsync(_folder, options =>
            (options.SuperDigest, options.RequiredAuthenticationSchemes) = (superDigest, [required])));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever shows a number has at least the lower ones too.</summary>
    private sealed class BadgeScheme : IAuthenticationProvider
    {
        public string Scheme => "badge";

        public string? Authenticate(ConnectionContext connection, ReadOnlySpan<byte> credentials) =>
            int.TryParse(credentials, out int level) ? $"{level}" : null;

        public bool IsValid(string id) => int.TryParse(id, out _);

        public bool Matches(string identity, string listed) => string.CompareOrdinal(identity, listed) >= 0;
    }
}
