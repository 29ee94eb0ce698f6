using System.Net;
using System.Net.Sockets;

namespace Kilde.Intake.Tests.Bus;

/// <summary>A wire to a bus, which a test can stop in either direction, and cut.</summary>
internal sealed class BusWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly List<TcpClient> _ends = [];
    private readonly Uri _server;
    private readonly Task _accepting;

    public BusWire(Uri server)
    {
        _server = server;
        _listener.Start();
        Address = new UriBuilder(server) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The bus by way of the wire.</summary>
    public Uri Address { get; }

    /// <summary>False holds what is sent to the server.</summary>
    public bool CarriesRequests { get; set; } = true;

    /// <summary>False holds what the server answers.</summary>
    public bool CarriesAnswers { get; set; } = true;

    /// <summary>True when something has been held since the wire was whole.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Loses what is held, and all connections. New ones are carried.</summary>
    public void Cut()
    {
        lock (_ends)
        {
            foreach (var end in _ends) end.Dispose();
            _ends.Clear();
        }

        (CarriesRequests, CarriesAnswers, IsHolding) = (true, true, false);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(await _listener.AcceptTcpClientAsync(_ended.Token));
            }
            catch (Exception gone) when (IsGone(gone))
            {
                // The test is over.
            }
        }
    }

    private async Task ConnectAsync(TcpClient client)
    {
        var server = new TcpClient();
        lock (_ends) _ends.AddRange([client, server]);
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, _ended.Token);
        }
        catch (SocketException)
        {
            client.Dispose();
            return;
        }

        _ = CarryAsync(client, server, () => CarriesRequests);
        _ = CarryAsync(server, client, () => CarriesAnswers);
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, Func<bool> isCarried)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _ended.Token) is > 0 and var count)
            {
                while (!isCarried())
                {
                    IsHolding = true;
                    await Task.Delay(5, _ended.Token);
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _ended.Token);
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // Cut, or one end has closed.
        }

        from.Dispose();
        to.Dispose();
    }

    private static bool IsGone(Exception exception) =>
        exception is SocketException or IOException or ObjectDisposedException or OperationCanceledException
            or InvalidOperationException;
}
