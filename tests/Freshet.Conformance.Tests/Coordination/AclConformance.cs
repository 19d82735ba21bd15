using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;

namespace Freshet.Conformance.Tests.Coordination;

/// <summary>Identities and access lists, with any ZooKeeper-compatible server.</summary>
public abstract class AclConformance : ConformanceCase
{
    private static readonly Acl[] MineOnly = [new(AclPermissions.All, "auth", "")];

    [Fact]
    public async Task What_an_identity_guards_others_may_not_touch()
    {
        CoordinationClient owner = await ConnectAsync();
        CoordinationClient other = await ConnectAsync();
        await owner.AddAuthAsync("digest", "ann:secret"u8.ToArray());
        await owner.CreateAsync(Root, "mine"u8.ToArray(), acl: MineOnly);
        Assert.Equal("mine"u8.ToArray(), (await owner.GetDataAsync(Root)).Data);
        Assert.Equal(ErrorCode.NoAuth, await RefusalAsync(() => other.GetDataAsync(Root).AsTask()));
        Assert.Equal(ErrorCode.NoAuth, await RefusalAsync(() => other.GetAclAsync(Root).AsTask()));
        await other.AddAuthAsync("digest", "bob:secret"u8.ToArray());
        Assert.Equal(ErrorCode.NoAuth, await RefusalAsync(() => other.GetDataAsync(Root).AsTask()));
        await other.AddAuthAsync("digest", "ann:secret"u8.ToArray());
        Assert.Equal("mine"u8.ToArray(), (await other.GetDataAsync(Root)).Data);
    }

    [Fact]
    public async Task Identities_are_proved_again_on_every_connection()
    {
        await using var proxy = new TcpProxy(ConnectString);
        CoordinationClient client = await ConnectAsync(proxy.Address);
        await client.AddAuthAsync("digest", "ann:secret"u8.ToArray());
        await client.AddAuthAsync("digest", "bob:secret"u8.ToArray());
        await client.AddAuthAsync("digest", "ann:secret"u8.ToArray());
        await client.CreateAsync(Root, acl: MineOnly);
        for (int i = 0; i < 10; i++)
        {
            proxy.Refuse();
            await StateAsync(client, ConnectionState.Connecting);
            proxy.Allow();
            await StateAsync(client, ConnectionState.Connected);
            await client.SetDataAsync(Root, default);
        }

        Assert.Equal(["ann", "bob"], (await client.WhoAmIAsync()).Where(identity => identity.Scheme == "digest").Select(identity => identity.User).Order());
    }

    [Fact]
    public async Task Refused_credentials_are_told_and_the_session_goes_on_without()
    {
        CoordinationClient client = await ConnectAsync();
        long session = client.SessionId;
        await client.CreateAsync(Root, mode: CreateMode.Ephemeral);
        Assert.Equal(ErrorCode.AuthFailed, await RefusalAsync(() => client.AddAuthAsync("no-such-scheme", "x"u8.ToArray()).AsTask()));
        await StateAsync(client, ConnectionState.Connected);
        Assert.Equal(session, (await OnceConnectedAsync(client))!.Value.EphemeralOwner);
    }

    [Fact]
    public async Task The_server_knows_where_a_client_is()
    {
        CoordinationClient client = await ConnectAsync();
        Assert.Equal([new ClientIdentity("ip", "127.0.0.1")], await client.WhoAmIAsync());
    }

    [Fact]
    public async Task An_access_list_changes_under_its_version_and_hides_digests()
    {
        CoordinationClient client = await ConnectAsync();
        await client.AddAuthAsync("digest", "ann:secret"u8.ToArray());
        await client.CreateAsync(Root);
        Stat changed = await client.SetAclAsync(Root, [.. MineOnly, new Acl(AclPermissions.Read, "world", "anyone")], version: 0);
        Assert.Equal(1, changed.Aversion);
        Assert.Equal(ErrorCode.BadVersion, await RefusalAsync(() => client.SetAclAsync(Root, Acl.Open, version: 0).AsTask()));
        Assert.Contains("digest", (await client.GetAclAsync(Root)).Entries.Select(entry => entry.Scheme));
        CoordinationClient reader = await ConnectAsync();
        Acl digest = (await reader.GetAclAsync(Root)).Entries.Single(entry => entry.Scheme == "digest");
        Assert.Equal(new Acl(AclPermissions.All, "digest", "ann:x"), digest);
    }

    /// <summary>The server closes the connection behind a refusal; a read may meet that.</summary>
    private async Task<Stat?> OnceConnectedAsync(CoordinationClient client)
    {
        try
        {
            return await client.ExistsAsync(Root);
        }
        catch (CoordinationException lost) when (lost.IsTransient)
        {
            return await client.ExistsAsync(Root);
        }
    }
}
