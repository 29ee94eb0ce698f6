using System.Net;
using System.Net.Sockets;

namespace Kilde.Platform.Development;

/// <summary>Ports for servers of our own.</summary>
public static class LocalPort
{
    /// <summary>A port on 127.0.0.1 that was free a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
