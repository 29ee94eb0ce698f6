using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Kilde.Intake.Bus;

/// <summary>One connection to the bus for the process, opened when first needed and again when it is lost.</summary>
internal sealed class BusConnection(IOptions<BusOptions> options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private IConnection? _connection;

    /// <summary>True when there is a bus.</summary>
    public bool IsConfigured => options.Value.Address is not null;

    /// <summary>A channel on which what is published counts as sent when the server has confirmed it.</summary>
    public async Task<IChannel> OpenChannelAsync(CancellationToken cancellation)
    {
        var connection = await ConnectAsync(cancellation);
        return await connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _opening.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_connection is { IsOpen: true }) return _connection;
            if (_connection is not null) await _connection.DisposeAsync();
            var factory = new ConnectionFactory
            {
                Uri = options.Value.Address ?? throw new InvalidOperationException("No bus is configured."),
                ClientProvidedName = "kilde",

                // Workers connect again by themselves, and begin with what they know to be unfinished.
                AutomaticRecoveryEnabled = false,
                MaxInboundMessageBodySize = (uint)BodyBytesMax(options.Value),
            };
            return _connection = await factory.CreateConnectionAsync(cancellation);
        }
        finally
        {
            _opening.Release();
        }
    }

    // A message over our own limit is taken in and refused properly, up to what the server lets through.
    private static long BodyBytesMax(BusOptions options) => (options.MessageMebibytesMax + 100L) * 1024 * 1024;
}
