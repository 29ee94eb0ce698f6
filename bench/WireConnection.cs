using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Kilde.Bench;

/// <summary>What a benchmark needs of an answer.</summary>
internal readonly record struct WireAnswer(int Status, int? RetryAfterSeconds, double Milliseconds, string Text)
{
    public const int Taken = 200;

    public const int TooMany = 429;
}

/// <summary>
/// One kept-alive connection that sends prepared bytes. It costs a few system calls per message, so that what is
/// measured is the receiver and not the load.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    private const int AnswerBytesMax = 8 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[AnswerBytesMax];

    public static async Task<WireConnection> OpenAsync(Uri address, CancellationToken cancellation)
    {
        var connection = new WireConnection();
        await connection._socket.ConnectAsync(address.Host, address.Port, cancellation);
        return connection;
    }

    public async ValueTask<WireAnswer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var sentAt = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var sent = 0; sent < request.Length;)
            sent += await _socket.SendAsync(request[sent..], SocketFlags.None, cancellation);

        var filled = 0;
        while (!IsWhole(_answer.AsSpan(0, filled)))
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(filled), SocketFlags.None, cancellation);
            if (read == 0) throw new IOException("The server closed the connection in the middle of an answer.");
            filled += read;
        }

        var took = System.Diagnostics.Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds;
        return Read(_answer.AsSpan(0, filled), took);
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        return Number(answer[..(head + 2)], "Content-Length: "u8) is { } length
            ? answer.Length >= head + 4 + length
            : answer.EndsWith("0\r\n\r\n"u8);
    }

    private static WireAnswer Read(ReadOnlySpan<byte> answer, double milliseconds)
    {
        // "HTTP/1.1 200 OK"
        if (!Utf8Parser.TryParse(answer[9..], out int status, out _))
            throw new IOException("The answer has no status.");
        var head = answer[..(answer.IndexOf("\r\n\r\n"u8) + 2)];
        return new WireAnswer(
            status, Number(head, "Retry-After: "u8), milliseconds,
            status == WireAnswer.Taken ? "" : Encoding.UTF8.GetString(answer[(head.Length + 2)..]));
    }

    private static int? Number(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int number, out _) ? number : null;
    }
}
