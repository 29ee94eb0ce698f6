using Kilde.Definitions.Reading;

namespace Kilde.Intake.Files;

/// <summary>Tells how many bytes have been read.</summary>
internal sealed class ToldStream(Stream inner, Action<long> told) : ForwardStream
{
    private long _read;

    public override int Read(Span<byte> buffer) => Told(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Told(await inner.ReadAsync(buffer, cancellationToken));

    private int Told(int bytes)
    {
        _read += bytes;
        told(_read);
        return bytes;
    }
}
