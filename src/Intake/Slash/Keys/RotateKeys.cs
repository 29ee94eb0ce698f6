namespace Kilde.Intake.Slash.Keys;

/// <summary>Makes and publishes a new key pair now. Messages wrapped with the older ones decrypt until those expire.</summary>
public sealed class RotateKeys
{
    private readonly SlashKeyRing _ring;

    internal RotateKeys(SlashKeyRing ring) => _ring = ring;

    public Task RotateAsync(CancellationToken cancellation) => _ring.RotateAsync(cancellation);
}
