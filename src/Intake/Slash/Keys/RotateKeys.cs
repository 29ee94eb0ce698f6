namespace Kilde.Intake.Slash.Keys;

/// <summary>Makes and publishes a new key pair now. The older ones decrypt until they expire.</summary>
public sealed class RotateKeys
{
    private readonly SlashKeyRing _ring;

    internal RotateKeys(SlashKeyRing ring) => _ring = ring;

    public Task RotateAsync(CancellationToken cancellation) => _ring.RotateAsync(cancellation);
}
