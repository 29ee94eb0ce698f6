using System.Security.Cryptography;
using Kilde.Platform.Development;

namespace Kilde.Testing;

/// <summary>
/// One RabbitMQ server for the test process, started when the first test asks for it. Each test takes HER-ids of its
/// own, and so queues of its own.
/// </summary>
public sealed class RabbitServer : IAsyncLifetime
{
    private readonly SemaphoreSlim _once = new(1, 1);
    private PrivateRabbit? _private;
    private Uri? _address;
    private int _herIds = 100_000;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Where the server is, with user and password.</summary>
    public async Task<Uri> AddressAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _address ??= await StartAsync();
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>A HER-id that no other test has.</summary>
    public int NextHerId() => Interlocked.Increment(ref _herIds);

    public async ValueTask DisposeAsync()
    {
        if (_private is not null) await _private.DisposeAsync();
        _once.Dispose();
    }

    private async Task<Uri> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(PrivateRabbit.InsteadVariable) is { Length: > 0 } given)
            return new Uri(given);
        Assert.SkipUnless(
            PrivateRabbit.IsInstalled,
            "There is no RabbitMQ: install Debian's rabbitmq-server, or set KILDE_RABBITMQ.");
        var folder = Path.Combine(
            Path.GetTempPath(), $"kilde_bus_{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        _private = await PrivateRabbit.StartAsync(
            new PrivateRabbitOptions(folder, IsTemporary: true), TestContext.Current.CancellationToken);
        return _private.Address;
    }
}
