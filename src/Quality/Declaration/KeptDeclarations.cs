using Kilde.Kernel;

namespace Kilde.Quality.Declaration;

/// <summary>
/// Declarations of everybody as they were an hour ago at most, for the many who look at them: a national year is
/// millions of records. One is made at a time.
/// </summary>
public sealed class KeptDeclarations(DeclareQuality declare, TimeProvider clock) : IDisposable
{
    /// <summary>Areas and years kept.</summary>
    private const int KeptMax = 100;

    private static readonly TimeSpan AgeMax = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _once = new(1);
    private readonly Dictionary<(RegisterCode Register, string Area, DataYear Year), QualityDeclaration> _kept = [];

    /// <returns>Null when no definition is of the area.</returns>
    public async Task<QualityDeclaration?> ReadAsync(
        RegisterCode register, string area, DataYear year, CancellationToken cancellation)
    {
        await _once.WaitAsync(cancellation);
        try
        {
            var key = (register, area, year);
            if (_kept.TryGetValue(key, out var kept) && clock.GetUtcNow() - kept.MadeAt < AgeMax) return kept;
            if (await declare.DeclareAsync(register, area, year, cancellation) is not { } declaration) return null;
            if (_kept.Count >= KeptMax) _kept.Clear();
            return _kept[key] = declaration;
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();
}
