using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Coordination;
using Microsoft.Extensions.Logging.Abstractions;

namespace Freshet.Node.Tests;

public class EarlyWordTests
{
    private readonly CoordinationOptions _options = new() { DataDirectory = "", FourLetterWords = ["ruok", "isro", "mntr"] };

    [Theory]
    [InlineData("ruok", "imok")]
    [InlineData("isro", "null")]
    [InlineData("mntr", "This ZooKeeper instance is not currently serving requests\n")]
    [InlineData("srvr", "srvr is not executed because it is not in the whitelist.\n")]
    public async Task A_word_is_answered_while_the_data_is_still_read(string word, string answer)
    {
        await using NodeListener listener = await BindAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listener.Port);
        client.NoDelay = true;
        foreach (char letter in word)
        {
            await client.GetStream().WriteAsync(new[] { (byte)letter });
        }

        using var reader = new StreamReader(client.GetStream());
        Assert.Equal(answer, await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_client_waits_and_nothing_it_said_is_lost()
    {
        await using NodeListener listener = await BindAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listener.Port);
        await client.GetStream().WriteAsync(new byte[] { 0, 0, 0, 45 });
        listener.Serve(async connection =>
        {
            var read = await connection.Transport.Input.ReadAtLeastAsync(5);
            await connection.Transport.Output.WriteAsync(new[] { (byte)read.Buffer.Length });
        });
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("!"));
        byte[] heard = new byte[1];
        await client.GetStream().ReadExactlyAsync(heard).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(5, heard[0]);
    }

    private async Task<NodeListener> BindAsync()
    {
        NodeListener listener = await NodeListener.BindAsync(IPAddress.Loopback, 0, tls: null, NullLoggerFactory.Instance, CancellationToken.None);
        listener.WhileStarting = connection => CoordinationService.TryAnswerWhileStartingAsync(connection, _options);
        return listener;
    }
}
