using System.Globalization;
using System.Text;

namespace Kilde.Bench;

/// <summary>Requests as the bytes of HTTP/1.1, made before the clock starts.</summary>
internal static class WireRequest
{
    public static async Task<byte[]> OfAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var address = request.RequestUri!;
        var body = await request.Content!.ReadAsByteArrayAsync(cancellation);
        var head = new StringBuilder(2_048)
            .Append(CultureInfo.InvariantCulture, $"{request.Method} {address.PathAndQuery} HTTP/1.1\r\n")
            .Append(CultureInfo.InvariantCulture, $"Host: {address.Authority}\r\n");
        foreach (var (name, values) in request.Headers.Concat(request.Content.Headers))
            if (name != "Content-Length") head.Append(name).Append(": ").AppendJoin(", ", values).Append("\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. body];
    }
}
