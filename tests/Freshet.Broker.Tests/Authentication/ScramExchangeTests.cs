using System.Security.Cryptography;
using System.Text;
using Freshet.Broker.Authentication;

namespace Freshet.Broker.Tests.Authentication;

public class ScramExchangeTests
{
    // The example of RFC 7677, section 3.
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string ServerFirst = $"r=rOprNGfwEbeRWgbNEkqO{ServerNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string FinalWithoutProof = $"c=biws,r=rOprNGfwEbeRWgbNEkqO{ServerNonce}";
    private const string ClientFinal = $"{FinalWithoutProof},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    [Fact]
    public async Task The_example_of_the_RFC_is_answered_as_there()
    {
        ScramExchange exchange = Start();
        Assert.Equal(ServerFirst, Text(await AdvanceAsync(exchange, ClientFirst)));
        SaslReply done = await AdvanceAsync(exchange, ClientFinal);
        Assert.Equal(("User:user", ServerFinal), (done.Principal?.ToString(), Text(done)));
    }

    [Theory]
    [InlineData($"c=biws,r=rOprNGfwEbeRWgbNEkqO{ServerNonce},p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")] // another proof
    [InlineData($"c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")] // the client's nonce alone
    [InlineData($"c=biws,r={ServerNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")] // the server's nonce alone
    [InlineData($"c=eSws,r=rOprNGfwEbeRWgbNEkqO{ServerNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")] // another header
    [InlineData($"{FinalWithoutProof},p=")]
    [InlineData($"{FinalWithoutProof},p=dHzb")]
    [InlineData($"{FinalWithoutProof},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=,x=1")]
    [InlineData(FinalWithoutProof)]
    [InlineData("")]
    public async Task Anything_else_at_the_end_fails(string final)
    {
        ScramExchange exchange = Start();
        await AdvanceAsync(exchange, ClientFirst);
        SaslReply reply = await AdvanceAsync(exchange, final);
        Assert.Null(reply.Principal);
        Assert.NotNull(reply.Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,n=user")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,n=user,r=")]
    [InlineData("n,,n=us=er,r=abc")]
    [InlineData("p=tls-unique,,n=user,r=abc")]
    [InlineData("n,a=admin,n=user,r=abc")]
    [InlineData("n,,m=x,n=user,r=abc")]
    public async Task Anything_else_at_the_start_fails(string first) => Assert.NotNull((await AdvanceAsync(Start(), first)).Failure);

    [Fact]
    public async Task Who_is_not_there_is_asked_for_a_proof_too_and_always_with_the_same_salt()
    {
        var mechanism = new ScramMechanism(ScramHash.Sha256, _ => null);
        string[] salts = [Text(await AdvanceAsync(mechanism.Start(), "n,,n=ghost,r=abc")).Split(",s=")[1], Text(await AdvanceAsync(mechanism.Start(), "n,,n=ghost,r=abc")).Split(",s=")[1]];
        Assert.Equal(salts[0], salts[1]);
        Assert.NotEqual(salts[0], Text(await AdvanceAsync(mechanism.Start(), "n,,n=other,r=abc")).Split(",s=")[1]);
    }

    [Fact]
    public async Task Commas_and_equals_signs_in_a_name_are_unescaped()
    {
        string? asked = null;
        var exchange = new ScramExchange(ScramHash.Sha256, user =>
        {
            asked = user;
            return Credential();
        });
        await AdvanceAsync(exchange, "n,,n=a=2Cb=3D2C,r=abc");
        Assert.Equal("a,b=2C", asked);
    }

    [Fact]
    public void A_credential_is_kept_as_text_and_read_again()
    {
        ScramCredential credential = Credential();
        ScramCredential read = ScramCredential.Parse(credential.ToText())!;
        Assert.Equal(4096, read.Iterations);
        Assert.Equal([credential.Salt, credential.StoredKey, credential.ServerKey], [read.Salt, read.StoredKey, read.ServerKey]);
        Assert.Null(ScramCredential.Parse("salt=!,stored_key=,server_key=,iterations=1"));
        Assert.Null(ScramCredential.Parse("salt=AA=="));
    }

    private static ScramExchange Start() => new(ScramHash.Sha256, _ => Credential(), ServerNonce);

    private static ScramCredential Credential()
    {
        byte[] salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2("pencil", salt, 4096, HashAlgorithmName.SHA256, 32);
        return ScramCredential.Of(ScramHash.Sha256, salt, salted, 4096);
    }

    private static ValueTask<SaslReply> AdvanceAsync(ISaslExchange exchange, string message) =>
        exchange.AdvanceAsync(Encoding.UTF8.GetBytes(message), TestContext.Current.CancellationToken);

    private static string Text(SaslReply reply) => Encoding.UTF8.GetString(reply.Token.Span);
}
