using System.Net;
using System.Net.Sockets;

namespace Storefront.Hosting;

/// <summary>Ports that nobody chose: the usual one when it is free, else any.</summary>
internal static class UsualPort
{
    public static int OrFree(int usual)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, usual));
            return usual;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return 0;
        }
    }
}
