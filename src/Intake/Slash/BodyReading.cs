using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;

namespace Kilde.Intake.Slash;

/// <summary>How reading a body ended.</summary>
internal enum BodyOutcome
{
    Read = 1,
    TooLarge,
    TooSlow,
    NotBase64,
}

/// <summary>
/// Reads a body of Base64 text into one rented buffer and decodes it in place: the bytes are copied once, from the
/// connection.
/// </summary>
internal static class BodyReading
{
    private const int FirstBuffer = 64 * 1024;

    /// <returns>The outcome; when read, a rented buffer with <c>Length</c> decoded bytes, to be returned.</returns>
    public static async Task<(BodyOutcome Outcome, byte[]? Rented, int Length, int TextBytes)> ReadBase64Async(
        Stream body, long? declared, int bytesMax, TimeSpan timeMax, CancellationToken cancellation)
    {
        if (declared > bytesMax) return (BodyOutcome.TooLarge, null, 0, (int)Math.Min(declared.Value, int.MaxValue));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeMax);
        var buffer = ArrayPool<byte>.Shared.Rent(declared is { } length ? (int)length + 1 : FirstBuffer);
        var filled = 0;
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(filled), limit.Token)) > 0)
            {
                filled += read;
                if (filled > bytesMax) return Give(BodyOutcome.TooLarge, buffer, filled);
                if (filled == buffer.Length) buffer = Grow(buffer, bytesMax);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Give(BodyOutcome.TooSlow, buffer, filled);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }

        // White space is skipped: some clients break lines, many end with one.
        var status = Base64.DecodeFromUtf8InPlace(buffer.AsSpan(0, filled), out var decoded);
        return status == OperationStatus.Done
            ? (BodyOutcome.Read, buffer, decoded, filled)
            : Give(BodyOutcome.NotBase64, buffer, filled);
    }

    private static (BodyOutcome, byte[]?, int, int) Give(BodyOutcome outcome, byte[] buffer, int textBytes)
    {
        Debug.Assert(outcome != BodyOutcome.Read);
        ArrayPool<byte>.Shared.Return(buffer);
        return (outcome, null, 0, textBytes);
    }

    private static byte[] Grow(byte[] buffer, int bytesMax)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, bytesMax + 1L));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
