using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Freshet.Protocol.Jute;
using Freshet.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Freshet.Coordination.Tests.Wire;

public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _server = Certificate("CN=localhost");

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_subject_of_a_clients_certificate_is_an_identity_of_its_connection()
    {
        using X509Certificate2 bob = Certificate("CN=bob, O=Acme");
        using X509Certificate2 eve = Certificate("CN=eve, O=Acme");
        using X509Certificate2 admin = Certificate("CN=admin, O=Acme");
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.X509SuperUser = "CN=admin,O=Acme", ListenWithTls);
        using RawClient owner = await RawClient.ConnectAsync(server.Address, certificate: bob);
        Acl[] mine = [new Acl(AclPermissions.All, "auth", "")];
        Assert.Equal(ErrorCode.Ok, await owner.ErrorOfAsync(OpCode.Create, Bodies.Create("/mine", acl: mine)));
        Assert.Equal(ErrorCode.Ok, await owner.ErrorOfAsync(OpCode.GetData, Bodies.Read("/mine")));
        (_, byte[] body) = await owner.CallAsync(OpCode.GetAcl, Bodies.Path("/mine"));
        var reader = new JuteReader(body);
        Assert.Equal([new Acl(AclPermissions.All, "x509", "CN=bob,O=Acme")], Acl.ReadList(ref reader)!);
        using RawClient other = await RawClient.ConnectAsync(server.Address, certificate: eve);
        Assert.Equal(ErrorCode.NoAuth, await other.ErrorOfAsync(OpCode.GetData, Bodies.Read("/mine")));
        using RawClient super = await RawClient.ConnectAsync(server.Address, certificate: admin);
        Assert.Equal(ErrorCode.Ok, await super.ErrorOfAsync(OpCode.GetData, Bodies.Read("/mine")));
    }

    [Fact]
    public async Task A_certificate_is_enough_where_the_scheme_is_required()
    {
        using X509Certificate2 bob = Certificate("CN=bob");
        await using TestServer server = await TestServer.StartAsync(_folder, options => options.RequiredAuthenticationSchemes = ["x509"], ListenWithTls);
        using RawClient client = await RawClient.ConnectAsync(server.Address, certificate: bob);
        Assert.Equal(ErrorCode.Ok, await client.ErrorOfAsync(OpCode.Exists, Bodies.Read("/")));
    }

    private void ListenWithTls(ListenOptions port) => port.UseHttps(new HttpsConnectionAdapterOptions
    {
        ServerCertificate = _server,
        ClientCertificateMode = ClientCertificateMode.RequireCertificate,
        ClientCertificateValidation = (_, _, _) => true,
    });

    private static X509Certificate2 Certificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
