using System.Net;
using System.Net.Sockets;

namespace Freshet.Tests.Support;

/// <summary>Waits for servers that are other programs.</summary>
public static class TcpPort
{
    /// <summary>Returns once somebody listens on the loopback port; fails after a minute.</summary>
    public static async Task ListeningAsync(int port)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
            }
        }
    }
}
