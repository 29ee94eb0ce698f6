using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Slash;

/// <summary>
/// Counts failed decryptions per client. The protocol's codes tell wrong padding (1009) from a wrong hash (1006), and
/// whoever can ask that question often enough can read an intercepted message without its key. So the question is
/// rationed (ADR 0042).
/// </summary>
internal sealed class DecryptionFailures(IOptions<SlashOptions> options, TimeProvider clock)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Lock _turn = new();
    private DateTimeOffset _windowEnds = DateTimeOffset.MinValue;

    public void Add(string client)
    {
        StartWindowWhenDue();
        _counts.AddOrUpdate(client, 1, static (_, count) => count + 1);
    }

    /// <summary>Seconds the client must wait before it may try again; null when it may try now.</summary>
    public int? WaitSeconds(string client)
    {
        StartWindowWhenDue();
        if (_counts.GetValueOrDefault(client) < options.Value.DecryptionFailuresMax) return null;
        return (int)Math.Ceiling((_windowEnds - clock.GetUtcNow()).TotalSeconds);
    }

    private void StartWindowWhenDue()
    {
        var now = clock.GetUtcNow();
        if (now < _windowEnds) return;
        lock (_turn)
        {
            if (now < _windowEnds) return;
            _counts.Clear();
            _windowEnds = now + Window;
        }
    }
}
