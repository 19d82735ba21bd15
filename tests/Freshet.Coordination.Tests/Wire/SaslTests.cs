using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Freshet.Protocol.Jute;
using Freshet.Protocol.Jute.Messages;
using Freshet.Tests.Support;

namespace Freshet.Coordination.Tests.Wire;

public sealed class SaslTests : IDisposable
{
    private static readonly Acl[] BobOnly = [new Acl(AclPermissions.All, "sasl", "bob")];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bob", "bobsecret")]
    [InlineData("jörg", "größe")]
    [InlineData("ユーザ", "秘密")]
    public async Task A_user_proves_its_password_and_the_server_proves_that_it_knows_it(string user, string password)
    {
        await using TestServer server = await StartAsync();
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        (ErrorCode error, string rspauth, string expected) = await LoginAsync(client, user, password);
        Assert.Equal((ErrorCode.Ok, expected), (error, rspauth));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/mine", acl: [new Acl(AclPermissions.All, "sasl", user)])));
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.SetData, Bodies.SetData("/mine", "x")));
        using RawClient stranger = await RawClient.ConnectAsync(server.Address);
        Assert.Equal(ErrorCode.NoAuth, await stranger.ErrorOfAsync(OpCode.GetData, Bodies.Read("/mine")));
    }

    [Theory]
    [InlineData("wrong password")]
    [InlineData("unknown user")]
    [InlineData("another's identity")]
    [InlineData("another nonce")]
    [InlineData("used twice")]
    [InlineData("another service")]
    [InlineData("no answer")]
    [InlineData("said twice")]
    public async Task Who_fails_is_told_so_and_closed(string how)
    {
        await using TestServer server = await StartAsync();
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        (ErrorCode error, _, _) = await LoginAsync(client, how == "unknown user" ? "eve" : "bob", how == "wrong password" ? "guess" : "bobsecret", answer => how switch
        {
            "another's identity" => answer + ",authzid=\"jörg\"",
            "another nonce" => answer.Replace("nonce=\"", "nonce=\"A", StringComparison.Ordinal),
            "used twice" => answer.Replace("nc=00000001", "nc=00000002", StringComparison.Ordinal),
            "another service" => answer.Replace("zookeeper/", "ldap/", StringComparison.Ordinal),
            "no answer" => "",
            "said twice" => answer + ",username=\"bob\"",
            _ => answer,
        });
        Assert.Equal(ErrorCode.AuthFailed, error);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Sasl_can_be_required_and_then_failure_says_so()
    {
        await using TestServer server = await StartAsync(options => options.RequiredAuthenticationSchemes = ["sasl"]);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        Assert.Equal(ErrorCode.Ok, (await LoginAsync(client, "bob", "bobsecret")).Error);
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Create, Bodies.Create("/in")));
        using RawClient failing = await RawClient.ConnectAsync(server.Address);
        Assert.Equal(ErrorCode.SessionClosedRequireSaslAuth, (await LoginAsync(failing, "bob", "guess")).Error);
        Assert.True(await failing.IsClosedAsync());
    }

    [Fact]
    public async Task A_super_user_of_sasl_passes_every_access_list()
    {
        await using TestServer server = await StartAsync(options => options.SaslSuperUsers = ["jörg"]);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/bobs", acl: BobOnly));
        Assert.Equal(ErrorCode.NoAuth, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/bobs")));
        await LoginAsync(client, "jörg", "größe");
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/bobs")));
    }

    [Fact]
    public async Task The_user_super_passes_what_is_of_its_scheme_only()
    {
        await using TestServer server = await StartAsync(options => options.SaslUsers = new Dictionary<string, string> { ["super"] = "admin", ["bob"] = "bobsecret" });
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        await client.CallAsync(OpCode.Create, Bodies.Create("/bobs", acl: BobOnly));
        await client.CallAsync(OpCode.Create, Bodies.Create("/anns", acl: [new Acl(AclPermissions.All, "digest", "ann:x")]));
        await LoginAsync(client, "super", "admin");
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/bobs")));
        Assert.Equal(ErrorCode.NoAuth, await client.ErrorOfAsync(OpCode.GetData, Bodies.Read("/anns")));
    }

    [Fact]
    public async Task Without_users_there_is_no_sasl()
    {
        await using TestServer server = await TestServer.StartAsync(_folder);
        using RawClient client = await RawClient.ConnectAsync(server.Address);
        Assert.Equal(ErrorCode.AuthFailed, await client.ErrorOfAsync(OpCode.Sasl, writer => writer.WriteBuffer([])));
    }

    private Task<TestServer> StartAsync(Action<CoordinationOptions>? configure = null) => TestServer.StartAsync(_folder, options =>
    {
        options.SaslUsers = new Dictionary<string, string> { ["bob"] = "bobsecret", ["jörg"] = "größe", ["ユーザ"] = "秘密" };
        configure?.Invoke(options);
    });

    /// <summary>Logs in as RFC 2831 says; <paramref name="forge"/> may change the answer to the challenge.</summary>
    private static async Task<(ErrorCode Error, string Rspauth, string Expected)> LoginAsync(
        RawClient client, string user, string password, Func<string, string>? forge = null)
    {
        (_, string challenge) = await StepAsync(client, "");
        string nonce = Regex.Match(challenge, "nonce=\"([^\"]+)\"").Groups[1].Value;
        Encoding encoding = user.All(character => character < 256) ? Encoding.Latin1 : Encoding.UTF8;
        byte[] login = Md5(encoding.GetBytes($"{user}:zk-sasl-md5:{password}"));
        string secret = Hex([.. login, .. Encoding.UTF8.GetBytes($":{nonce}:c0ffee")]);
        string Proof(string what) => Hex(Encoding.UTF8.GetBytes($"{secret}:{nonce}:00000001:c0ffee:auth:{Hex(Encoding.UTF8.GetBytes(what))}"));
        string answer = $"charset=utf-8,username=\"{user}\",realm=\"zk-sasl-md5\",nonce=\"{nonce}\",nc=00000001,cnonce=\"c0ffee\","
            + $"digest-uri=\"zookeeper/zk-sasl-md5\",maxbuf=65536,response={Proof("AUTHENTICATE:zookeeper/zk-sasl-md5")},qop=auth";
        (ErrorCode error, string rspauth) = await StepAsync(client, forge is null ? answer : forge(answer));
        return (error, rspauth, "rspauth=" + Proof(":zookeeper/zk-sasl-md5"));
    }

    private static async Task<(ErrorCode Error, string Token)> StepAsync(RawClient client, string token)
    {
        (ReplyHeader header, byte[] body) = await client.CallAsync(OpCode.Sasl, writer => writer.WriteBuffer(Encoding.UTF8.GetBytes(token)));
        if (header.Error != ErrorCode.Ok)
        {
            return (header.Error, "");
        }

        var reader = new JuteReader(body);
        return (ErrorCode.Ok, Encoding.UTF8.GetString(reader.ReadBuffer(out _)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(Md5(bytes));

#pragma warning disable CA5351 // The protocol's.
    private static byte[] Md5(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
