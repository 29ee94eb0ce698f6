using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Kilde.Testing;

/// <summary>A mail as the server got it.</summary>
public sealed record ReceivedMail(string From, string[] To, string Raw)
{
    /// <summary>Headers and text, with quoted-printable and encoded words read.</summary>
    public string Subject => Decode(Header("Subject"));

    public string MessageId => Header("Message-ID");

    public string Text => Encoding.UTF8.GetString(Part("text/plain"));

    public byte[] Attachment => Part("application/zip");

    private byte[] Part(string type)
    {
        var at = Raw.IndexOf($"Content-Type: {type}", StringComparison.OrdinalIgnoreCase);
        at.ShouldBeGreaterThan(-1, Raw);
        var start = Raw.IndexOf("\r\n\r\n", at, StringComparison.Ordinal) + 4;
        var head = Raw[at..start];
        var end = Raw.IndexOf("\r\n--", start, StringComparison.Ordinal);
        var body = Raw[start..(end < 0 ? Raw.Length : end)];
        return head.Contains("base64", StringComparison.Ordinal)
            ? Convert.FromBase64String(body.Replace("\r\n", "", StringComparison.Ordinal))
            : QuotedPrintable(body);
    }

    // A header goes on in lines that begin with a space.
    private string Header(string name) => Raw.Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n")
        .First(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];

    private static string Decode(string header)
    {
        const string Start = "=?utf-8?B?";
        return string.Concat(header.Split(' ').Select(word => word.StartsWith(Start, StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(word[Start.Length..^2]))
            : word));
    }

    private static byte[] QuotedPrintable(string body)
    {
        var bytes = new List<byte>();
        var joined = body.Replace("=\r\n", "", StringComparison.Ordinal);
        for (var i = 0; i < joined.Length; i++)
        {
            if (joined[i] == '=' && i + 2 < joined.Length)
            {
                bytes.Add(Convert.ToByte(joined.Substring(i + 1, 2), 16));
                i += 2;
            }
            else bytes.Add((byte)joined[i]);
        }

        return [.. bytes];
    }
}

/// <summary>A real mail server on a free port, in a process of its own that ends with the tests.</summary>
public sealed class MailServer : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Channel<ReceivedMail>> _boxes = new(StringComparer.Ordinal);
    private Process? _process;

    public int Port { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(
            Directory.Exists(Repository.At("tools", "node_modules", "smtp-server")), "Run npm ci in tools/.");
        _process = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList = { Repository.At("tests", "Testing", "mail-server.mjs") },
            WorkingDirectory = Repository.At("tools"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        Port = int.Parse((await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
        _ = ReadAsync(_process.StandardOutput);
    }

    /// <summary>The next mail to one address.</summary>
    public async Task<ReceivedMail> NextToAsync(string address) =>
        await BoxOf(address).Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            var mail = JsonSerializer.Deserialize<ReceivedMail>(line, JsonSerializerOptions.Web)!;
            foreach (var address in mail.To) await BoxOf(address).Writer.WriteAsync(mail);
        }
    }

    private Channel<ReceivedMail> BoxOf(string address) =>
        _boxes.GetOrAdd(address, _ => Channel.CreateUnbounded<ReceivedMail>());
}
